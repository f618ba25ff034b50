// The MAC of a PKCS #12 file: an HMAC whose key is derived as RFC 7292, appendix B.2, says. No native function computes that
// derivation; in JavaScript a round costs 1.6 us.
import { createHmac, hash } from 'node:crypto';
import type { DigestName } from './cms-algorithms.ts';

/** Bytes of a block of the hash function (v). */
const BLOCK_BYTES: Readonly<Record<DigestName, number>> = {
  sha1: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
};

/** The purpose that asks for a MAC's key (B.3). */
const MAC_KEY = 3;

export function pkcs12Mac(
  digest: DigestName,
  password: string,
  salt: Uint8Array,
  iterations: number,
  content: Uint8Array,
): Uint8Array {
  return createHmac(digest, macKey(digest, password, salt, iterations))
    .update(content)
    .digest();
}

/** As long as the hash: one turn of B.2 gives it whole, so what its later turns would change is not computed. */
function macKey(digest: DigestName, password: string, salt: Uint8Array, iterations: number): Uint8Array {
  const block = BLOCK_BYTES[digest];
  const diversifier = new Uint8Array(block).fill(MAC_KEY);
  let key: Uint8Array = hash(
    digest,
    Buffer.concat([diversifier, filled(salt, block), filled(passwordBytes(password), block)]),
    'buffer',
  );
  for (let round = 1; round < iterations; round++) key = hash(digest, key, 'buffer');
  return key;
}

/** The bytes again and again, up to a whole number of blocks. */
function filled(bytes: Uint8Array, block: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / block) * block);
  for (let at = 0; at < out.length; at++) out[at] = bytes[at % bytes.length]!;
  return out;
}

/** A BMPString with its terminator (B.1). */
function passwordBytes(password: string): Uint8Array {
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}
