// RSA with public keys (RFC 8017), as pure functions over node:crypto: the padding of key transport comes from the caller, so
// that the same chance gives the same bytes. Private keys stay behind Signer and KeyDecrypter.
import { constants, createPublicKey, publicEncrypt, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assert } from '../../kernel/result.ts';
import type { DigestName } from './cms-algorithms.ts';

/** Bytes of chance, as many as asked for. */
export type ByteSource = (length: number) => Uint8Array;

/** The key of a SubjectPublicKeyInfo; undefined where OpenSSL takes it for no RSA key. Reading one costs 0.05 ms. */
export function rsaPublicKey(publicKeyInfo: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** RSASSA-PKCS1-v1_5 (8.2.2). */
export function verifyRsa(key: KeyObject, digest: DigestName, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(digest, bytes, key, signature);
  } catch {
    return false;
  }
}

/** What PKCS #1 v1.5 padding takes at least (7.2.1): three octets around eight of chance. */
const PADDING_BYTES_MIN = 11;

/** RSAES-PKCS1-v1_5 (7.2.1), of a message that is much shorter than the modulus. */
export function encryptKey(key: KeyObject, message: Uint8Array, random: ByteSource): Uint8Array {
  const modulusBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  assert(modulusBytes >= message.length + PADDING_BYTES_MIN, 'a modulus that has room for a content key');
  const padding = random(modulusBytes - message.length - 3).map((byte) => (byte === 0 ? 1 : byte));
  const block = Buffer.concat([Uint8Array.of(0, 2), padding, Uint8Array.of(0), message]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}
