// What a session key is used for ([MS-OAPXBC] 3.1.5.1.3, 3.2.5.1.3): keys derived from it sign a request in which a primary refresh
// token asks for another token, and encrypt the answer, so that the refresh token is of use to its device alone.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../encoding/base64.ts';
import { sha256 } from '../encoding/digest.ts';
import { isObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';
import { readToken, signClaims } from './token.ts';
import type { Token, TokenClaims } from './token.ts';

const LABEL = 'AzureAD-SecureConversation';
const KEY_BITS = 256;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** NIST SP 800-108 in counter mode with HMAC-SHA-256; one block is the whole key. */
export function deriveSessionKey(sessionKey: Uint8Array, context: Uint8Array): Uint8Array {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(1);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(KEY_BITS);
  return createHmac('sha256', sessionKey)
    .update(counter)
    .update(LABEL)
    .update(Uint8Array.of(0))
    .update(context)
    .update(length)
    .digest();
}

/** A JWT (HS256) by a key of the second derivation, whose context has the payload in it. `context`: 24 bytes, new each time. */
export function signWithSessionKey(claims: TokenClaims, sessionKey: Uint8Array, context: Uint8Array): string {
  const key = derivedForPayload(sessionKey, context, Buffer.from(JSON.stringify(claims)));
  const header = { typ: 'JWT', alg: 'HS256', kdf_ver: 2, ctx: toBase64(context) };
  return signClaims(header, claims, { sign: (bytes) => createHmac('sha256', key).update(bytes).digest() });
}

/** Whether a JWT was signed with a key of this session. */
export function isSignedWithSessionKey(text: string, token: Token, sessionKey: Uint8Array): boolean {
  const { alg, ctx, kdf_ver: version } = token.header;
  const context = typeof ctx === 'string' ? fromBase64(ctx) : undefined;
  if (alg !== 'HS256' || context === undefined) return false;
  const payload = fromBase64Url(text.split('.')[1] ?? '') ?? new Uint8Array();
  const key = version === 2 ? derivedForPayload(sessionKey, context, payload) : deriveSessionKey(sessionKey, context);
  return Buffer.compare(createHmac('sha256', key).update(token.signedPart).digest(), token.signature) === 0;
}

function derivedForPayload(sessionKey: Uint8Array, context: Uint8Array, payload: Uint8Array): Uint8Array {
  return deriveSessionKey(sessionKey, sha256(Buffer.concat([context, payload])));
}

/** A JWE in compact form (RFC 7516; `dir`, A256GCM) by a derived key. `context` 24 bytes and `iv` 12, new each time. */
export function encryptWithSessionKey(
  text: string,
  sessionKey: Uint8Array,
  fresh: { readonly context: Uint8Array; readonly iv: Uint8Array },
): string {
  const header = toBase64Url(
    Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', ctx: toBase64(fresh.context), kid: 'session' })),
  );
  const cipher = createCipheriv('aes-256-gcm', deriveSessionKey(sessionKey, fresh.context), fresh.iv);
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${header}..${toBase64Url(fresh.iv)}.${toBase64Url(encrypted)}.${toBase64Url(cipher.getAuthTag())}`;
}

/** The text of such a JWE. */
export function decryptWithSessionKey(jwe: string, sessionKey: Uint8Array): Result<string> {
  const [header = '', key, ...rest] = jwe.trim().split('.');
  const [iv, encrypted, tag] = rest.map(fromBase64Url);
  const context = contextOf(header);
  if (
    key !== '' ||
    rest.length !== 3 ||
    context === undefined ||
    iv?.length !== IV_BYTES ||
    tag?.length !== TAG_BYTES
  ) {
    return malformed(0, 'this is not a JWE for a session key');
  }
  const decipher = createDecipheriv('aes-256-gcm', deriveSessionKey(sessionKey, context), iv);
  decipher.setAAD(Buffer.from(header, 'latin1'));
  decipher.setAuthTag(tag);
  try {
    const text = Buffer.concat([decipher.update(encrypted ?? new Uint8Array()), decipher.final()]);
    return ok(text.toString('utf8'));
  } catch {
    return malformed(0, 'the JWE is not encrypted with a key of this session');
  }
}

function contextOf(header: string): Uint8Array | undefined {
  const value = jsonOf(header);
  const ctx = value?.['ctx'];
  return value?.['alg'] === 'dir' && value['enc'] === 'A256GCM' && typeof ctx === 'string'
    ? fromBase64(ctx)
    : undefined;
}

function jsonOf(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The refresh token that a signed request or credential names; whether it was signed with its session's key comes after. */
export function readBound(text: string): Result<{ readonly token: Token; readonly refreshToken: string }> {
  const token = readToken(text);
  if (!token.ok) return token;
  const refreshToken = token.value.claims['refresh_token'];
  return typeof refreshToken === 'string'
    ? ok({ token: token.value, refreshToken })
    : malformed(0, 'the request names no refresh token');
}
