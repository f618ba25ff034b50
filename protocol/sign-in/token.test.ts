import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import type { Signer } from '../pki/signer.ts';
import { readToken, signToken } from './token.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes) => sign('sha256', bytes, privateKey),
};

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('signToken', () => {
  it('makes tokens that another library verifies', async () => {
    const token = signToken({ aud: 'urn:a', upn: 'jörg@contoso.example' }, signer, 'key-1', 'thumbprint');
    const key = createPublicKey({ key: Buffer.from(signer.publicKeyInfo), format: 'der', type: 'spki' });
    const verified = await jwtVerify(token, key, { audience: 'urn:a' });
    expect(verified.protectedHeader).toEqual({ typ: 'JWT', alg: 'RS256', x5t: 'thumbprint', kid: 'key-1' });
    expect(verified.payload['upn']).toBe('jörg@contoso.example');
  });
});

describe('readToken', () => {
  const reason = (text: string): unknown => {
    const read = readToken(text);
    return read.ok ? 'accepted' : read.error.reason;
  };

  it('refuses other than three parts', () => {
    for (const text of ['', 'a', 'a.b', 'a.b.c.d'])
      expect(reason(text)).toBe('a token has exactly three parts with dots between');
  });

  it('refuses parts that are not base64url JSON objects, with the offset of the part', () => {
    expect(readToken(`*.${part({})}.`)).toMatchObject({
      error: { offset: 0, reason: "the token's header part is not base64url" },
    });
    expect(reason(`${part([])}.${part({})}.`)).toBe("the token's header part is not a JSON object");
    expect(reason(`${part({})}.${part({})}.`)).toBe("the token's header names no algorithm");
    const header = part({ alg: 'RS256' });
    expect(readToken(`${header}.eA.`)).toMatchObject({ error: { offset: header.length + 1 } });
    expect(reason(`${header}.${part({})}.*`)).toBe("the token's signature is not base64url");
  });

  it('bounds the length', () => {
    expect(readToken('.'.repeat(LIMITS.tokenCharactersMax + 1))).toMatchObject({
      error: { offset: LIMITS.tokenCharactersMax },
    });
  });
});
