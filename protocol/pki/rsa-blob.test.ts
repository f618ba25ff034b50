import { createPublicKey } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRsaPublicKeyInfo, encodeRsaPublicKeyInfo, RSA_EXPONENT } from './public-key-info.ts';
import { decodeRsaPublicBlob, encodeRsaPublicBlob } from './rsa-blob.ts';

const modulus = new Uint8Array(256).fill(0xc3);

describe('an RSA public blob', () => {
  it('is 283 bytes for a 2048-bit key, laid out as Windows does', () => {
    const blob = Buffer.from(encodeRsaPublicBlob({ modulus, exponent: RSA_EXPONENT }));
    expect(blob.length).toBe(283);
    expect(blob.subarray(0, 27).toString('hex')).toBe('525341310008000003000000000100000000000000000000010001');
  });

  it('reads back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 512 }),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        (modulus, exponent) => {
          const read = decodeRsaPublicBlob(encodeRsaPublicBlob({ modulus, exponent }));
          expect(read.ok && Buffer.compare(read.value.modulus, modulus)).toBe(0);
          expect(read.ok && Buffer.compare(read.value.exponent, exponent)).toBe(0);
        },
      ),
    );
  });

  it.each([
    [(blob: Buffer) => blob.subarray(0, 20), 20],
    [(blob: Buffer) => blob.fill(0x32, 3, 4), 0],
    [(blob: Buffer) => blob.subarray(0, 282), 282],
    [(blob: Buffer) => Buffer.concat([blob, Buffer.of(0)]), 283],
    [(blob: Buffer) => blob.fill(0xff, 12, 16), 12],
    [(blob: Buffer) => blob.fill(1, 16, 17), 16],
  ])('that is broken is refused (%#)', (broken, offset) => {
    const blob = Buffer.from(encodeRsaPublicBlob({ modulus, exponent: RSA_EXPONENT }));
    expect(decodeRsaPublicBlob(broken(blob))).toMatchObject({ ok: false, error: { offset } });
  });
});

describe('SubjectPublicKeyInfo', () => {
  it('is what OpenSSL writes for the same numbers', () => {
    const der = encodeRsaPublicKeyInfo(modulus);
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    expect(key.export({ format: 'der', type: 'spki' }).equals(der)).toBe(true);
    expect(decodeRsaPublicKeyInfo(der)).toEqual({ ok: true, value: { modulus, exponent: RSA_EXPONENT } });
  });

  it('of another algorithm is refused', () => {
    const der = Buffer.from(`3059301306072a8648ce3d020106082a8648ce3d03010703420004${'11'.repeat(64)}`, 'hex');
    expect(decodeRsaPublicKeyInfo(der)).toMatchObject({
      ok: false,
      error: { offset: 2, reason: 'algorithm 1.2.840.10045.2.1 where RSA belongs' },
    });
  });
});
