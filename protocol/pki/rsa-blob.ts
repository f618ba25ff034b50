// BCRYPT_RSAPUBLIC_BLOB, the form in which a device sends its transport key at join (entra-join, 4.1) and Hello keys (4.5):
// "RSA1", five little-endian lengths (key bits, exponent, modulus, and two primes that a public key has not), exponent, modulus.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { RsaPublicKey } from './public-key-info.ts';

const HEADER_BYTES = 24;
const MAGIC = 'RSA1';
/** 16384-bit keys are the largest that Windows makes. */
const MODULUS_BYTES_MAX = 2048;

export function encodeRsaPublicBlob({ modulus, exponent }: RsaPublicKey): Uint8Array {
  const blob = Buffer.alloc(HEADER_BYTES + exponent.length + modulus.length);
  blob.write(MAGIC, 'latin1');
  blob.writeUInt32LE(modulus.length * 8, 4);
  blob.writeUInt32LE(exponent.length, 8);
  blob.writeUInt32LE(modulus.length, 12);
  blob.set(exponent, HEADER_BYTES);
  blob.set(modulus, HEADER_BYTES + exponent.length);
  return blob;
}

export function decodeRsaPublicBlob(bytes: Uint8Array): Result<RsaPublicKey> {
  if (bytes.length < HEADER_BYTES) return malformed(bytes.length, `shorter than its header of ${HEADER_BYTES} bytes`);
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (blob.toString('latin1', 0, 4) !== MAGIC) return malformed(0, `does not begin with ${MAGIC}`);
  const exponentBytes = blob.readUInt32LE(8);
  const modulusBytes = blob.readUInt32LE(12);
  if (exponentBytes < 1 || exponentBytes > 8) return malformed(8, `an exponent of ${exponentBytes} bytes`);
  if (modulusBytes < 1 || modulusBytes > MODULUS_BYTES_MAX) return malformed(12, `a modulus of ${modulusBytes} bytes`);
  if (blob.readUInt32LE(4) > modulusBytes * 8) return malformed(4, 'more key bits than the modulus has');
  if (blob.readUInt32LE(16) !== 0 || blob.readUInt32LE(20) !== 0) return malformed(16, 'primes in a public key');
  const end = HEADER_BYTES + exponentBytes + modulusBytes;
  if (bytes.length !== end) return malformed(Math.min(end, bytes.length), `${bytes.length} bytes where ${end} belong`);
  return ok({
    exponent: bytes.subarray(HEADER_BYTES, HEADER_BYTES + exponentBytes),
    modulus: bytes.subarray(HEADER_BYTES + exponentBytes),
  });
}
