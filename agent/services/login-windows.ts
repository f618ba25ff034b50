// The sign-in to Windows of a joined device after a restart ([MS-OAPXBC] 3.1.5.1.2): a primary refresh token, asked for with the
// device's certificate and key, and with the user's password or what AD FS said of it. Its session key comes encrypted to the
// device's transport key.
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import type { StepFailure } from '../../catalog/failures.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64Url } from '../../protocol/encoding/base64.ts';
import { SAML_GRANT } from '../../protocol/sign-in/oauth.ts';
import {
  encryptedKeyOf,
  parsePrimaryTokenResponse,
  writePrimaryTokenRequest,
} from '../../protocol/sign-in/primary-refresh-token.ts';
import type { UserGrant } from '../../protocol/sign-in/primary-refresh-token.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { requestAssertion } from './federation.ts';
import type { TrustMoment } from './federation.ts';
import { discoverRealm } from './login.ts';
import { requestNonce } from './login-multifactor.ts';
import { claimsOf, postForm, tokenFailure } from './login-tokens.ts';
import type { SignIn } from './login-tokens.ts';
import { malformedReply, readAs } from './replies.ts';

const TOKEN_PATH = '/common/oauth2/token';

export interface WindowsSignIn extends TrustMoment {
  readonly userName: string;
  readonly password: string;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly deviceKey: DeviceKey;
  readonly transportKey: DeviceKey;
  readonly osVersion: string;
}

export async function signInToWindows(
  network: DeviceNetwork,
  signingIn: WindowsSignIn,
): Promise<Result<SignIn, StepFailure>> {
  const { userName, password, certificate, deviceKey, transportKey, osVersion } = signingIn;
  const realm = await discoverRealm(network, userName);
  if (!realm.ok) return realm;
  let grant: UserGrant = { grant_type: 'password', username: userName, password };
  if (realm.value !== 'managed') {
    const assertion = await requestAssertion(network, realm.value, signingIn);
    if (!assertion.ok) return assertion;
    grant = { grant_type: SAML_GRANT, assertion: toBase64Url(Buffer.from(assertion.value)) };
  }
  const nonce = await requestNonce(network, TOKEN_PATH);
  if (!nonce.ok) return nonce;
  const form = writePrimaryTokenRequest({ nonce: nonce.value, osVersion, grant }, deviceKey, certificate);
  const reply = await postForm(network, TOKEN_PATH, form);
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return tokenFailure(reply.value);
  const primary = readAs(parsePrimaryTokenResponse(reply.value.text()), 'primary refresh token');
  if (!primary.ok) return primary;
  const sessionKey = sessionKeyOf(primary.value.sessionKeyJwe, transportKey);
  if (!sessionKey.ok) return malformedReply(sessionKey.error, 'session key');
  const claims = claimsOf(primary.value.idToken);
  if (!claims.ok) return claims;
  const session = {
    tokenEndpoint: TOKEN_PATH,
    refreshToken: primary.value.refreshToken,
    sessionKey: { bytes: sessionKey.value, uses: 0 },
  };
  return ok({ session, accessToken: '', claims: claims.value });
}

const SESSION_KEY_BYTES = 32;

function sessionKeyOf(jwe: string, transportKey: DeviceKey): Result<Uint8Array> {
  const encrypted = encryptedKeyOf(jwe);
  if (!encrypted.ok) return encrypted;
  const key = createPrivateKey(transportKey.pkcs1Pem());
  try {
    const bytes = privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from(encrypted.value),
    );
    if (bytes.length === SESSION_KEY_BYTES) return ok(new Uint8Array(bytes));
  } catch {
    // Not for this device.
  }
  return malformed(0, "the session key is not encrypted to the device's transport key");
}
