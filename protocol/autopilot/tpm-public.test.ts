import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../encoding/digest.ts';
import {
  decodeTpm2bPublic,
  eccEkPublic,
  ekName,
  encodeTpm2bPublic,
  ENDORSEMENT_HIERARCHY,
  qualifiedName,
  rsaAkPublic,
  rsaEkPublic,
  tpmName,
} from './tpm-public.ts';

const modulus = new Uint8Array(256).fill(0xd7);
const EK_POLICY = '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
const EK_HEAD = `0001000b000300b20020${EK_POLICY}0006008000430010080000000000`;

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('an endorsement key', () => {
  it('is the RSA-2048 default template, field by field', () => {
    const bytes = encodeTpm2bPublic(rsaEkPublic(modulus));
    expect(bytes.length).toBe(2 + 314);
    expect(hex(bytes)).toBe(`013a${EK_HEAD}0100${hex(modulus)}`);
  });

  it('of P-256 likewise', () => {
    const bytes = encodeTpm2bPublic(eccEkPublic(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)));
    expect(hex(bytes)).toBe(
      `007a0023000b000300b20020${EK_POLICY}0006008000430010000300100020${'01'.repeat(32)}0020${'02'.repeat(32)}`,
    );
  });

  it('is named by the digest of its public area without the size', () => {
    const area = Buffer.from(`${EK_HEAD}0100${hex(modulus)}`, 'hex');
    const name = `000b${sha256Hex(area)}`;
    expect(hex(ekName(modulus))).toBe(name);
    expect(hex(qualifiedName(ENDORSEMENT_HIERARCHY, ekName(modulus)))).toBe(
      `000b${sha256Hex(Buffer.from(`4000000b${name}`, 'hex'))}`,
    );
  });
});

describe('TPM2B_PUBLIC', () => {
  const arbitraryKey = fc.record({
    attributes: fc.nat(),
    authPolicy: fc.uint8Array({ maxLength: 64 }),
    symmetric: fc.option(
      fc.record({ algorithm: fc.constant(6), keyBits: fc.constantFrom(128, 256), mode: fc.constant(0x43) }),
    ),
    scheme: fc.option(fc.record({ algorithm: fc.constant(0x14), hash: fc.constant(0xb) })),
    modulus: fc.uint8Array({ minLength: 1, maxLength: 512 }),
  });

  it('reads back what was written', () => {
    fc.assert(
      fc.property(arbitraryKey, (drawn) => {
        const key = { type: 'rsa' as const, nameAlgorithm: 0xb, keyBits: 2048, exponent: 3, ...drawn };
        const read = decodeTpm2bPublic(encodeTpm2bPublic(key));
        expect(read.ok && hex(encodeTpm2bPublic(read.value))).toBe(hex(encodeTpm2bPublic(key)));
        expect(read).toMatchObject({ ok: true, value: { symmetric: key.symmetric, scheme: key.scheme } });
      }),
    );
    const key = eccEkPublic(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
    const read = decodeTpm2bPublic(encodeTpm2bPublic(key));
    expect(read.ok && tpmName(read.value)).toEqual(tpmName(key));
  });

  it('cut short anywhere is refused inside it', () => {
    const bytes = encodeTpm2bPublic(rsaAkPublic(modulus));
    for (let length = 0; length < bytes.length; length++) {
      const read = decodeTpm2bPublic(bytes.subarray(0, length));
      expect(read.ok).toBe(false);
      if (!read.ok) expect(read.error.offset).toBeLessThanOrEqual(length);
    }
  });

  it('of another kind of object is refused', () => {
    const bytes = Buffer.from(encodeTpm2bPublic(rsaEkPublic(modulus)));
    bytes.writeUInt16BE(0x0008, 2);
    expect(decodeTpm2bPublic(bytes)).toMatchObject({
      error: { offset: 2, reason: 'type 0x0008 where RSA or ECC belongs' },
    });
  });

  it('with bytes after it is refused', () => {
    const bytes = Buffer.concat([encodeTpm2bPublic(rsaEkPublic(modulus)), Buffer.of(0)]);
    expect(decodeTpm2bPublic(bytes)).toMatchObject({ error: { offset: 0, reason: 'says 314 bytes where 315 follow' } });
  });
});
