// JSON Web Tokens (RFC 7515, RFC 7519), compact form. Signs with a Signer that the caller brings and reads without verifying:
// only the services that trust a token verify it (backend/), the device just carries it.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64Url, toBase64Url } from '../encoding/base64.ts';
import { isObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';
import type { Signer } from '../pki/signer.ts';

/** Claims: registered ones have times in seconds since the Unix epoch (`iat`, `nbf`, `exp`). */
export type TokenClaims = JsonObject;

export interface TokenHeader {
  readonly alg: string;
  readonly typ?: string | undefined;
  readonly kid?: string | undefined;
  /** SHA-1 thumbprint of the signing certificate, base64url. */
  readonly x5t?: string | undefined;
  readonly [name: string]: unknown;
}

export interface Token {
  readonly header: TokenHeader;
  readonly claims: TokenClaims;
  /** The ASCII bytes that the signature covers: `header.payload`. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
}

/** The compact token; `x5t` also names the certificate of the key, as Entra's tokens do. */
export function signToken(claims: TokenClaims, signer: Signer, keyId: string, x5t?: string): string {
  const header = { typ: 'JWT', alg: signer.algorithm, ...(x5t === undefined ? {} : { x5t }), kid: keyId };
  return signClaims(header, claims, signer);
}

/** A compact token under a header of the caller's, which must name the signer's algorithm. */
export function signClaims(header: TokenHeader, claims: TokenClaims, signer: Pick<Signer, 'sign'>): string {
  const signedPart = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  return `${signedPart}.${toBase64Url(signer.sign(Buffer.from(signedPart, 'latin1')))}`;
}

function encode(json: string): string {
  return Buffer.from(json, 'utf8').toString('base64url');
}

/** Takes a compact token apart. The signature is not verified and no claim is judged. */
export function readToken(text: string): Result<Token> {
  if (text.length > LIMITS.tokenCharactersMax) {
    return malformed(LIMITS.tokenCharactersMax, `the token is longer than ${LIMITS.tokenCharactersMax} characters`);
  }
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 0 || second < 0 || text.includes('.', second + 1)) {
    return malformed(0, 'a token has exactly three parts with dots between');
  }
  const header = readPart(text, 0, first, 'header');
  if (!header.ok) return header;
  const { alg } = header.value;
  if (typeof alg !== 'string') return malformed(0, "the token's header names no algorithm");
  const claims = readPart(text, first + 1, second, 'claims');
  if (!claims.ok) return claims;
  const signature = fromBase64Url(text.slice(second + 1));
  if (signature === undefined) return malformed(second + 1, "the token's signature is not base64url");
  return ok({
    header: { ...header.value, alg },
    claims: claims.value,
    signedPart: Buffer.from(text.slice(0, second), 'latin1'),
    signature,
  });
}

function readPart(text: string, start: number, end: number, name: string): Result<JsonObject> {
  const bytes = fromBase64Url(text.slice(start, end));
  if (bytes === undefined) return malformed(start, `the token's ${name} part is not base64url`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return malformed(start, `the token's ${name} part is not JSON`);
  }
  return isObject(value) ? ok(value) : malformed(start, `the token's ${name} part is not a JSON object`);
}
