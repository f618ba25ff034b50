import { generateKeyPairSync, sign } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  encryptedKeyOf,
  parseNonceResponse,
  parsePrimaryTokenRequest,
  parsePrimaryTokenResponse,
  writeNonceRequest,
  writeNonceResponse,
  writePrimaryTokenRequest,
  writePrimaryTokenResponse,
} from './primary-refresh-token.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SIGNER = {
  algorithm: 'RS256' as const,
  publicKeyInfo: new Uint8Array(),
  sign: (bytes: Uint8Array) => sign('sha256', bytes, privateKey),
};
const GRANT = { grant_type: 'password', username: 'u@x', password: 'p' } as const;
const FORM = writePrimaryTokenRequest({ nonce: 'n', osVersion: '10.0.1.2', grant: GRANT }, SIGNER, Uint8Array.of(1, 2));

it('asks for a nonce', () => {
  expect(writeNonceRequest()).toBe('grant_type=srv_challenge');
  expect(parseNonceResponse(writeNonceResponse('n'))).toEqual({ ok: true, value: 'n' });
  expect(parseNonceResponse('{"nonce":"n"}').ok).toBe(false);
});

describe('a request', () => {
  it('is a JWT of the device with its certificate, and in it the password of the user', async () => {
    const form = new URLSearchParams(FORM);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(form.get('windows_api_version')).toBe('2.2');
    const { payload } = await jwtVerify(form.get('request')!, publicKey);
    expect(payload).toEqual({
      client_id: '38aa3b87-a06d-4817-b275-7a316988d93b',
      request_nonce: 'n',
      scope: 'openid aza ugs',
      win_ver: '10.0.1.2',
      ...GRANT,
    });
    expect(decodeProtectedHeader(form.get('request')!)).toMatchObject({ alg: 'RS256', x5c: 'AQI=' });
  });

  it('is read as it was written', async () => {
    const fixed = { ...SIGNER, sign: () => new Uint8Array(256) };
    const golden = writePrimaryTokenRequest(
      { nonce: 'n', osVersion: '10.0.1.2', grant: GRANT },
      fixed,
      Uint8Array.of(1),
    );
    await expect(golden).toMatchFileSnapshot('../fixtures/golden-primary-token-request.txt');
    const read = parsePrimaryTokenRequest(FORM);
    expect(read).toMatchObject({ ok: true, value: { nonce: 'n', grant: GRANT } });
    expect(read.ok && Buffer.from(read.value.certificate)).toEqual(Buffer.of(1, 2));
    const saml = { grant_type: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer', assertion: 'a' } as const;
    const form = writePrimaryTokenRequest({ nonce: 'n', osVersion: '', grant: saml }, SIGNER, Uint8Array.of(1));
    expect(parsePrimaryTokenRequest(form)).toMatchObject({ value: { grant: saml } });
  });

  it.each([
    ['no request', 'grant_type=x'],
    ['no token', 'request=a.b.c'],
    ['no certificate', FORM.replace('eyJ0eXAi', 'eyJ0eXAj')],
  ])('is refused with %s', (_name, form) => {
    expect(parsePrimaryTokenRequest(form).ok).toBe(false);
  });
});

it('reads the answer, and the key in its JWE', () => {
  const response = {
    refreshToken: 'r',
    refreshTokenExpiresIn: 1_209_600,
    sessionKeyJwe: 'aa.AQID.b.c.d',
    idToken: 'i',
  };
  const text = writePrimaryTokenResponse(response);
  expect(JSON.parse(text)).toMatchObject({ token_type: 'pop', refresh_token_expires_in: 1_209_600 });
  expect(parsePrimaryTokenResponse(text)).toEqual({ ok: true, value: response });
  expect(parsePrimaryTokenResponse(text.replace('pop', 'Bearer')).ok).toBe(false);
  const key = encryptedKeyOf('aa.AQID.b.c.d');
  expect(key.ok && Buffer.from(key.value)).toEqual(Buffer.of(1, 2, 3));
  for (const jwe of ['', 'a.b.c', 'a..c.d.e', 'a.*.c.d.e']) expect(encryptedKeyOf(jwe).ok).toBe(false);
});
