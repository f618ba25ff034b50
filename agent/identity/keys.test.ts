import { checkPrimeSync, constants, createPrivateKey, createPublicKey, publicEncrypt, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { keyPool } from './keys.ts';
import { pairModulus, pairPrivateKeyDer } from './pooled-rsa.ts';
import { DEVICES_WITH_UNIQUE_KEYS, KEY_PURPOSES, PAIRED_PRIMES, primePairs, SCEP_PURPOSES } from './prime-pairs.ts';
import { MULTIPLIERS_BASE64, STEP_HEX } from './simulated-primes.ts';

const STEP = BigInt(`0x${STEP_HEX}`);
const table = Buffer.from(MULTIPLIERS_BASE64, 'base64');

describe('the shipped table', () => {
  it('holds 2048 different numbers that give 1024-bit primes fit for RSA with exponent 65537', () => {
    const multipliers = Array.from({ length: PAIRED_PRIMES + 1 }, (_, i) => table.readUIntBE(i * 6, 6));
    expect(table.length).toBe(2048 * 6);
    expect(new Set(multipliers).size).toBe(2048);
    for (let i = 0; i < multipliers.length; i++) {
      const prime = STEP * BigInt(multipliers[i]!) + 1n;
      expect(prime >> 1022n).toBe(3n);
      expect(prime % 65537n).not.toBe(1n);
      if (i % 256 === 0) expect(checkPrimeSync(prime, { checks: 2 })).toBe(true);
    }
  });
});

describe('pairs of primes', () => {
  it('are all different over every device and purpose, and never a prime with itself', () => {
    expect(DEVICES_WITH_UNIQUE_KEYS).toBeGreaterThanOrEqual(LIMITS.devicesMax);
    const pairs = primePairs('flotilla');
    const seen = new Uint8Array(PAIRED_PRIMES * PAIRED_PRIMES);
    let repeated = 0;
    for (let index = 0; index < DEVICES_WITH_UNIQUE_KEYS; index++) {
      for (const purpose of [...KEY_PURPOSES, ...SCEP_PURPOSES]) {
        const { first, second } = pairs.pair(index, purpose);
        const place = Math.min(first, second) * PAIRED_PRIMES + Math.max(first, second);
        if (first === second || seen[place] === 1) repeated++;
        seen[place] = 1;
      }
    }
    expect(repeated).toBe(0);
  });

  it('are scattered otherwise by another seed', () => {
    const one = primePairs('one');
    const other = primePairs('other');
    const same = Array.from({ length: 1000 }, (_, index) => index).filter(
      (index) => JSON.stringify(one.pair(index, 'mdm')) === JSON.stringify(other.pair(index, 'mdm')),
    );
    expect(same.length).toBeLessThan(5);
  });
});

describe('a pooled key', () => {
  const pool = keyPool('pool');

  it('is a consistent RSA-2048 key whose every number OpenSSL agrees with', () => {
    const pairs = primePairs('numbers');
    for (let index = 0; index < 40; index++) {
      const pair = pairs.pair(index, 'hello');
      const key = createPrivateKey({ key: Buffer.from(pairPrivateKeyDer(pair)), format: 'der', type: 'pkcs1' });
      expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
      const jwk = key.export({ format: 'jwk' });
      const number = (text: string | undefined): bigint =>
        BigInt(`0x${Buffer.from(text!, 'base64url').toString('hex')}`);
      const [n, d, p, q] = [number(jwk.n), number(jwk.d), number(jwk.p), number(jwk.q)];
      expect(p * q).toBe(n);
      expect((d * 65537n) % ((p - 1n) * (q - 1n))).toBe(1n);
      expect(number(jwk.dp)).toBe(d % (p - 1n));
      expect(number(jwk.dq)).toBe(d % (q - 1n));
      expect((number(jwk.qi) * q) % p).toBe(1n);
      expect(number(jwk.qi) < p).toBe(true);
      expect(Buffer.from(pairModulus(pair)).toString('base64url')).toBe(jwk.n);
    }
  });

  it('is the same when asked for again, and differs by purpose, device and seed', () => {
    const modulus = (seed: string, index: number, purpose: 'device' | 'mdm'): string =>
      Buffer.from(pool.deviceKey(seed, index, purpose).modulus()).toString('hex');
    expect(modulus('s', 1, 'device')).toBe(modulus('s', 1, 'device'));
    expect(new Set([modulus('s', 1, 'device'), modulus('s', 1, 'mdm'), modulus('s', 2, 'device')]).size).toBe(3);
    expect(modulus('t', 1, 'device')).not.toBe(modulus('s', 1, 'device'));
  });
});

describe.each(['pool', 'real'] as const)('keys of kind %s', (kind) => {
  it('sign what their public half verifies, as PEM too', () => {
    const pool = keyPool(kind);
    const key = pool.deviceKey('seed', 7, 'transport');
    const text = Buffer.from('what is signed');
    const publicKey = createPublicKey({ key: Buffer.from(key.publicKeyInfo), format: 'der', type: 'spki' });
    expect(verify('sha256', text, publicKey, key.sign(text))).toBe(true);
    expect(createPublicKey(key.pkcs1Pem()).equals(publicKey)).toBe(true);
    const encrypted = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, text);
    expect(Buffer.from(key.decrypt(encrypted)!)).toEqual(text);
    expect(key.decrypt(new Uint8Array(300))).toBe(undefined);
    expect(key.modulus().length).toBe(256);
    expect(pool.deviceKey('seed', 7, 'transport').pkcs1Pem()).toBe(key.pkcs1Pem());
  });
});

it('a real key is another after it was forgotten', () => {
  const pool = keyPool('real');
  const before = pool.deviceKey('seed', 1, 'mdm').pkcs1Pem();
  pool.forget(1);
  expect(pool.deviceKey('seed', 1, 'mdm').pkcs1Pem()).not.toBe(before);
});
