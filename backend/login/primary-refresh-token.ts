// The sign-in to Windows of a joined device ([MS-OAPXBC] 3.2.5.1.2): the request must be signed with the key of the certificate that
// the join issued, and carry a nonce that was not used before; the session that it opens is the device's, and its refresh token is
// good only with the session key, which only the device's transport key can decrypt.
import { constants, createCipheriv, createPublicKey, publicEncrypt, verify, X509Certificate } from 'node:crypto';
import { randomToken } from '../../kernel/secrets.ts';
import { DAY_MS, SECOND_MS } from '../../kernel/units.ts';
import { toBase64Url } from '../../protocol/encoding/base64.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { SAML_GRANT } from '../../protocol/sign-in/oauth.ts';
import {
  parsePrimaryTokenRequest,
  SESSION_KEY_HEADER,
  writePrimaryTokenResponse,
} from '../../protocol/sign-in/primary-refresh-token.ts';
import type { SignedRequest } from '../../protocol/sign-in/primary-refresh-token.ts';
import { encodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import { decodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { encryptWithSessionKey, isSignedWithSessionKey, readBound } from '../../protocol/sign-in/session-key.ts';
import type { User } from '../directory.ts';
import { jsonTextReply } from '../http/message.ts';
import type { Reply } from '../http/message.ts';
import type { JoinedDevice } from '../stores/joined-devices.ts';
import type { Session } from '../stores/sessions.ts';
import type { Tenant } from '../tenant.ts';
import { idToken } from './claims.ts';
import { isClient } from './clients.ts';
import type { SignInErrorCode } from './errors.ts';
import { userOfGrant } from './federated-return.ts';
import { grant, refuse } from './token-reply.ts';

/** [MS-OAPXBC] 3.2.5.1.2.2: 14 days. */
const LIFETIME_MS = 14 * DAY_MS;
const CONTEXT_BYTES = 24;
const IV_BYTES = 12;

/** A request that is a JWT: signed by a device that wants a primary refresh token, or with the session key by one that has it. */
export function signedRequest(tenant: Tenant, form: string): Reply {
  const request = new URLSearchParams(form).get('request') ?? '';
  const bound = readBound(request);
  if (bound.ok) return grantToBound(tenant, request);
  const parsed = parsePrimaryTokenRequest(form);
  if (!parsed.ok) return refuse(tenant, 900144);
  const asked = parsed.value;
  if (!isClient(asked.clientId)) return refuse(tenant, 700016);
  const device = deviceOf(tenant, asked);
  if (device === undefined) return refuse(tenant, 50155);
  if (!tenant.nonces.redeem(asked.nonce)) return refuse(tenant, 140000);
  const user = userOf(tenant, asked);
  return typeof user === 'number' ? refuse(tenant, user) : grantPrimary(tenant, asked, device, user);
}

/** The joined device whose certificate and key signed the request. */
function deviceOf(tenant: Tenant, { token, certificate }: SignedRequest): JoinedDevice | undefined {
  const issuer = new X509Certificate(tenant.authorities.devices.certificate);
  const own = readCertificate(certificate);
  if (own === undefined || !own.checkIssued(issuer) || !own.verify(issuer.publicKey)) return undefined;
  if (token.header.alg !== 'RS256' || !verify('sha256', token.signedPart, own.publicKey, token.signature)) {
    return undefined;
  }
  const device = tenant.joinedDevices.find(/^CN=(.+)$/m.exec(own.subject)?.[1] ?? '');
  return device?.thumbprint === sha1Thumbprint(certificate) ? device : undefined;
}

function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function userOf(tenant: Tenant, { grant: proof }: SignedRequest): User | SignInErrorCode {
  if (proof.grant_type === SAML_GRANT) return userOfGrant(tenant, proof.assertion);
  const user = tenant.directory.find(proof.username);
  if (user === undefined) return 50034;
  return tenant.credentials.refusal(user, proof.password) ?? user;
}

function grantPrimary(tenant: Tenant, asked: SignedRequest, device: JoinedDevice, user: User): Reply {
  const key = decodeRsaPublicBlob(device.transportKey ?? new Uint8Array());
  if (!key.ok) return refuse(tenant, 50155);
  const session = tenant.sessions.open(user.index, undefined, {
    deviceId: device.deviceId,
    federated: asked.grant.grant_type === SAML_GRANT,
    primary: true,
  });
  if (session === undefined) return refuse(tenant, 90033);
  return jsonTextReply(
    writePrimaryTokenResponse({
      refreshToken: tenant.seal.close('refresh-token', session.id),
      refreshTokenExpiresIn: LIFETIME_MS / SECOND_MS,
      sessionKeyJwe: sessionKeyJwe(
        sessionKeyOf(tenant, session),
        encodeRsaPublicKeyInfo(key.value.modulus, key.value.exponent),
      ),
      idToken: idToken(tenant, user, asked.clientId, undefined),
    }),
  );
}

/** Derived, so that nothing is kept for it. */
function sessionKeyOf(tenant: Tenant, session: Session): Uint8Array {
  return tenant.seal.derive('session-key', session.id);
}

/** JWE (RFC 7516): the session key is the content encryption key; there is no content. */
function sessionKeyJwe(sessionKey: Uint8Array, transportKeyInfo: Uint8Array): string {
  const key = createPublicKey({ key: Buffer.from(transportKeyInfo), format: 'der', type: 'spki' });
  const encrypted = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, sessionKey);
  const iv = fresh().subarray(0, IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, iv);
  cipher.setAAD(Buffer.from(SESSION_KEY_HEADER, 'latin1'));
  cipher.final();
  return [SESSION_KEY_HEADER, toBase64Url(encrypted), toBase64Url(iv), '', toBase64Url(cipher.getAuthTag())].join('.');
}

/** Tokens for a primary refresh token, to the device that has its session key: the answer is encrypted with a key of it. */
function grantToBound(tenant: Tenant, request: string): Reply {
  const session = boundSession(tenant, request);
  const bound = readBound(request);
  if (session === undefined || !bound.ok) return refuse(tenant, 140001);
  const { claims } = bound.value.token;
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' ? value : undefined;
  };
  const client_id = text('client_id') ?? '';
  if (!isClient(client_id)) return refuse(tenant, 700016);
  const asked = { client_id, resource: text('resource'), scope: text('scope'), amr_values: text('amr_values') };
  const reply = grant(tenant, asked, session, { withIdToken: false });
  if (reply.status !== 200 || typeof reply.body !== 'string') return reply;
  const context = fresh().subarray(0, CONTEXT_BYTES);
  const iv = fresh().subarray(0, IV_BYTES);
  const body = encryptWithSessionKey(reply.body, sessionKeyOf(tenant, session), { context, iv });
  return { status: 200, headers: { 'content-type': 'application/jose', 'cache-control': 'no-store' }, body };
}

/** The session whose refresh token is in a JWT that was signed with its key. */
export function boundSession(tenant: Tenant, jwt: string): Session | undefined {
  const bound = readBound(jwt);
  if (!bound.ok) return undefined;
  const id = tenant.seal.open('refresh-token', bound.value.refreshToken);
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  if (session?.primary !== true) return undefined;
  return isSignedWithSessionKey(jwt, bound.value.token, sessionKeyOf(tenant, session)) ? session : undefined;
}

function fresh(): Buffer {
  return Buffer.from(randomToken(), 'base64url');
}
