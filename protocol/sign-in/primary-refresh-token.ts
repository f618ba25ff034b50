// The sign-in to Windows of a joined device ([MS-OAPXBC] 3.1.5.1, 3.2.5.1): a nonce, then a request that the device signs with the
// key of its certificate and in which the user proves who it is; the answer is a primary refresh token with a session key for this
// device. Nothing here holds a key: signers and the sealed session key are arguments.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../encoding/base64.ts';
import { Members, readJsonObject } from '../encoding/json.ts';
import { readForm, writeForm } from './oauth-form.ts';
import { SAML_GRANT } from './oauth-token.ts';
import type { Signer } from '../pki/signer.ts';
import { readToken, signClaims } from './token.ts';
import type { Token } from './token.ts';

export const NONCE_GRANT = 'srv_challenge';
export const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The application in whose name Windows signs users in. */
export const WINDOWS_CLIENT_ID = '38aa3b87-a06d-4817-b275-7a316988d93b';

const API_VERSION = '2.2';
const SCOPE = 'openid aza ugs';

export function writeNonceRequest(): string {
  return writeForm({ grant_type: NONCE_GRANT });
}

export function writeNonceResponse(nonce: string): string {
  return JSON.stringify({ Nonce: nonce });
}

export function parseNonceResponse(text: string): Result<string> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result(members.string('Nonce'));
}

/** How the user proves who it is. `assertion` is base64url, as in the grant of the token endpoint. */
export type UserGrant =
  | { readonly grant_type: 'password'; readonly username: string; readonly password: string }
  | { readonly grant_type: typeof SAML_GRANT; readonly assertion: string };

export interface PrimaryTokenRequest {
  readonly nonce: string;
  /** Of Windows, four numbers. */
  readonly osVersion: string;
  readonly grant: UserGrant;
}

/** The form. `certificate` is the DER of the device's certificate, `signer` its key. */
export function writePrimaryTokenRequest(
  request: PrimaryTokenRequest,
  signer: Signer,
  certificate: Uint8Array,
): string {
  const claims = {
    client_id: WINDOWS_CLIENT_ID,
    request_nonce: request.nonce,
    scope: SCOPE,
    win_ver: request.osVersion,
    ...request.grant,
  };
  return writeForm({
    windows_api_version: API_VERSION,
    grant_type: JWT_GRANT,
    request: signClaims({ typ: 'JWT', alg: signer.algorithm, x5c: toBase64(certificate) }, claims, signer),
    client_info: '1',
    tgt: 'true',
  });
}

export interface SignedRequest {
  readonly token: Token;
  /** DER of the certificate in the header. */
  readonly certificate: Uint8Array;
  readonly nonce: string;
  readonly clientId: string;
  readonly grant: UserGrant;
}

/** Reads the form; whether the device signed it is for the caller to verify. */
export function parsePrimaryTokenRequest(form: string): Result<SignedRequest> {
  const fields = readForm(form);
  if (!fields.ok) return fields;
  const token = readToken(fields.value['request'] ?? '');
  if (!token.ok) return token;
  // RFC 7515, 4.1.6 has a list, clients of the real service send the one certificate as a string.
  const { x5c } = token.value.header;
  const first: unknown = Array.isArray(x5c) ? x5c[0] : x5c;
  const certificate = typeof first === 'string' ? fromBase64(first) : undefined;
  if (certificate === undefined) return malformed(0, 'the header of the request has no certificate (x5c)');
  const members = new Members(token.value.claims);
  const grant = readGrant(members);
  if (grant === undefined) return malformed(0, '"grant_type" of the request is not one that is known here');
  return members.result({
    token: token.value,
    certificate,
    nonce: members.string('request_nonce'),
    clientId: members.string('client_id'),
    grant,
  });
}

function readGrant(members: Members): UserGrant | undefined {
  const type = members.string('grant_type');
  if (type === 'password') {
    return { grant_type: type, username: members.string('username'), password: members.string('password') };
  }
  return type === SAML_GRANT ? { grant_type: type, assertion: members.string('assertion') } : undefined;
}

export interface PrimaryTokenResponse {
  readonly refreshToken: string;
  /** Seconds. */
  readonly refreshTokenExpiresIn: number;
  /** JWE (RFC 7516) to the device's transport key, whose content encryption key is the session key. */
  readonly sessionKeyJwe: string;
  readonly idToken: string;
}

export function writePrimaryTokenResponse(response: PrimaryTokenResponse): string {
  return JSON.stringify({
    token_type: 'pop',
    refresh_token: response.refreshToken,
    refresh_token_expires_in: response.refreshTokenExpiresIn,
    session_key_jwe: response.sessionKeyJwe,
    id_token: response.idToken,
  });
}

export function parsePrimaryTokenResponse(text: string): Result<PrimaryTokenResponse> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const type = members.string('token_type');
  if (type.toLowerCase() !== 'pop') members.refuse('token_type', `is not "pop": ${type}`);
  return members.result({
    refreshToken: members.string('refresh_token'),
    refreshTokenExpiresIn: members.integer('refresh_token_expires_in'),
    sessionKeyJwe: members.string('session_key_jwe'),
    idToken: members.string('id_token'),
  });
}

/** The form in which a primary refresh token asks for another token: `request` is signed with the session key (session-key.ts). */
export function writeBoundTokenRequest(request: string): string {
  return writeForm({ windows_api_version: API_VERSION, grant_type: JWT_GRANT, request, client_info: '1' });
}

/** The key that a JWE in compact form carries, still encrypted to the recipient (RFC 7516, 7.1). */
export function encryptedKeyOf(jwe: string): Result<Uint8Array> {
  const parts = jwe.split('.');
  const key = parts.length === 5 ? fromBase64Url(parts[1]!) : undefined;
  return key === undefined || key.length === 0 ? malformed(0, 'this is not a JWE with an encrypted key') : ok(key);
}

/** The protected header of a session key's JWE, which the tag covers. */
export const SESSION_KEY_HEADER: string = toBase64Url(Buffer.from(JSON.stringify({ alg: 'RSA-OAEP', enc: 'A256GCM' })));
