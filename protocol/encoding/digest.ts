// Digests as values: pure hash functions. Ciphers and public-key operations are in cms-algorithms.ts and rsa.ts.
import { hash } from 'node:crypto';

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

/** Lower-case hex. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

export function sha1(bytes: Uint8Array): Uint8Array {
  return hash('sha1', bytes, 'buffer');
}

/** Lower-case hex. */
export function sha1Hex(bytes: Uint8Array): string {
  return hash('sha1', bytes, 'hex');
}

/** A certificate's thumbprint as Windows writes it: the SHA-1 of its DER in upper-case hex. */
export function sha1Thumbprint(der: Uint8Array): string {
  return sha1Hex(der).toUpperCase();
}
