import * as fc from 'fast-check';
import { compactDecrypt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../encoding/digest.ts';
import {
  decryptWithSessionKey,
  deriveSessionKey,
  encryptWithSessionKey,
  isSignedWithSessionKey,
  readBound,
  signWithSessionKey,
} from './session-key.ts';
import { readToken } from './token.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const CONTEXT = Uint8Array.from({ length: 24 }, (_, i) => 32 + i);
const IV = Uint8Array.from({ length: 12 }, (_, i) => i);

it('derives what another implementation of SP 800-108 does', () => {
  // Made with `openssl kdf` (KBKDF, counter mode, HMAC-SHA256).
  const expected = '3540a9dd6626d335182edffbec413d75309021a5c250f458c7f23fec59fb7ddf';
  expect(Buffer.from(deriveSessionKey(KEY, CONTEXT)).toString('hex')).toBe(expected);
});

describe('a signed request', () => {
  const claims = { client_id: 'c', refresh_token: 'r', grant_type: 'refresh_token' };
  const text = signWithSessionKey(claims, KEY, CONTEXT);

  it('is an HS256 JWT by the key of context and payload', async () => {
    const payload = Buffer.from(JSON.stringify(claims));
    const key = deriveSessionKey(KEY, sha256(Buffer.concat([CONTEXT, payload])));
    const verified = await jwtVerify(text, key);
    expect(verified.payload).toEqual(claims);
    expect(verified.protectedHeader).toMatchObject({ kdf_ver: 2, ctx: Buffer.from(CONTEXT).toString('base64') });
  });

  it('holds for its session key alone, and as it was', () => {
    const token = readToken(text);
    if (!token.ok) expect.unreachable(token.error.reason);
    expect(isSignedWithSessionKey(text, token.value, KEY)).toBe(true);
    expect(isSignedWithSessionKey(text, token.value, CONTEXT)).toBe(false);
    const [header, , signature] = text.split('.');
    const changed = `${header}.${Buffer.from('{"refresh_token":"other"}').toString('base64url')}.${signature}`;
    const other = readToken(changed);
    expect(other.ok && isSignedWithSessionKey(changed, other.value, KEY)).toBe(false);
    expect(isSignedWithSessionKey(text, { ...token.value, header: { alg: 'none' } }, KEY)).toBe(false);
  });

  it('names its refresh token', () => {
    expect(readBound(text)).toMatchObject({ ok: true, value: { refreshToken: 'r' } });
    expect(readBound(signWithSessionKey({ a: 1 }, KEY, CONTEXT)).ok).toBe(false);
    expect(readBound('r').ok).toBe(false);
  });
});

describe('an encrypted answer', () => {
  const jwe = encryptWithSessionKey('{"a":"ü"}', KEY, { context: CONTEXT, iv: IV });

  it('is a JWE by a derived key', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, deriveSessionKey(KEY, CONTEXT));
    expect(Buffer.from(plaintext).toString()).toBe('{"a":"ü"}');
    expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid: 'session' });
    expect(decryptWithSessionKey(jwe, KEY)).toEqual({ ok: true, value: '{"a":"ü"}' });
  });

  it('is refused with another key, a change, or in another form', () => {
    expect(decryptWithSessionKey(jwe, CONTEXT).ok).toBe(false);
    const parts = jwe.split('.');
    for (const at of [0, 2, 3, 4]) {
      const part = parts[at]!;
      const changed = parts.with(at, `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`).join('.');
      expect(decryptWithSessionKey(changed, KEY).ok, String(at)).toBe(false);
    }
    fc.assert(fc.property(fc.string(), (text) => !decryptWithSessionKey(text, KEY).ok));
    expect(decryptWithSessionKey(parts.with(1, 'AAAA').join('.'), KEY).ok).toBe(false);
  });
});
