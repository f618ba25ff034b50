// The algorithms of cryptographic messages (RFC 5754, RFC 3565) by their identifiers. We write SHA-256 and AES; what older
// clients still send is read.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { oid, sequence } from '../encoding/der.ts';

export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** By dotted object identifier. */
export const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** The AlgorithmIdentifier of SHA-256, without parameters as RFC 5754 (2) wants it. */
export const SHA256_ALGORITHM: Uint8Array = sequence(oid('2.16.840.1.101.3.4.2.1'));

export type CipherName = 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc';

export interface Cipher {
  readonly name: CipherName;
  /** Dotted object identifier. */
  readonly oid: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
}

export const CIPHERS: Readonly<Record<CipherName, Cipher>> = {
  'aes-128-cbc': { name: 'aes-128-cbc', oid: '2.16.840.1.101.3.4.1.2', keyBytes: 16, ivBytes: 16 },
  'aes-192-cbc': { name: 'aes-192-cbc', oid: '2.16.840.1.101.3.4.1.22', keyBytes: 24, ivBytes: 16 },
  'aes-256-cbc': { name: 'aes-256-cbc', oid: '2.16.840.1.101.3.4.1.42', keyBytes: 32, ivBytes: 16 },
  'des-ede3-cbc': { name: 'des-ede3-cbc', oid: '1.2.840.113549.3.7', keyBytes: 24, ivBytes: 8 },
};

const BY_OID = new Map(Object.values(CIPHERS).map((cipher) => [cipher.oid, cipher]));

export function cipherOf(dotted: string): Cipher | undefined {
  return BY_OID.get(dotted);
}

/** CBC with the padding of PKCS #7. */
export function encryptCbc(cipher: Cipher, key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array {
  const made = createCipheriv(cipher.name, key, iv);
  return Buffer.concat([made.update(content), made.final()]);
}

/** Undefined where key, vector or padding do not fit. */
export function decryptCbc(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  if (key.length !== cipher.keyBytes || iv.length !== cipher.ivBytes) return undefined;
  try {
    const made = createDecipheriv(cipher.name, key, iv);
    return Buffer.concat([made.update(encrypted), made.final()]);
  } catch {
    return undefined;
  }
}
