// Encryption under a password (RFC 8018): PBES2 with PBKDF2 and a CBC cipher, as PKCS #12 files of today have it. The older
// schemes of PKCS #12, with RC2 and triple DES, are not spoken here.
import { pbkdf2Sync } from 'node:crypto';
import { LIMITS } from '../../kernel/limits.ts';
import { cipherOf, decryptCbc } from './cms-algorithms.ts';
import type { Cipher } from './cms-algorithms.ts';
import type { EncryptedContent } from './cms-enveloped.ts';
import { integer, nullValue, octetString, oid, sequence, TAG } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { OID } from '../encoding/object-identifiers.ts';

/** How a key is made of a password (A.2). */
export interface KeyDerivation {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly digest: 'sha1' | 'sha256';
  readonly cipher: Cipher;
}

/** The parameters of PBES2 with PBKDF2 (A.4). */
export interface Pbes2Parameters extends KeyDerivation {
  readonly iv: Uint8Array;
}

const HMACS: ReadonlyMap<string, Pbes2Parameters['digest']> = new Map([
  [OID.hmacWithSha1, 'sha1'],
  [OID.hmacWithSha256, 'sha256'],
]);

/** The AlgorithmIdentifier of PBES2 with an HMAC of SHA-256. */
export function pbes2Algorithm({ salt, iterations, cipher, iv }: Pbes2Parameters & { digest: 'sha256' }): Uint8Array {
  const hmac = sequence(oid(OID.hmacWithSha256), nullValue());
  const derivation = sequence(oid(OID.pbkdf2), sequence(octetString(salt), integer(iterations), hmac));
  return sequence(oid(OID.pbes2), sequence(derivation, sequence(oid(cipher.oid), octetString(iv))));
}

/** Undefined where the encryption is of another kind. */
export function pbes2Parameters({ algorithm, parameters }: EncryptedContent): Pbes2Parameters | undefined {
  if (algorithm !== OID.pbes2 || parameters === undefined) return undefined;
  const cursor = DerCursor.over(parameters);
  const pair = cursor.enter(TAG.sequence, 'PBES2-params');
  const derivation = pair.enter(TAG.sequence, 'keyDerivationFunc');
  const kind = derivation.oid('derivation');
  const pbkdf2 = derivation.enter(TAG.sequence, 'PBKDF2-params');
  const salt = pbkdf2.expect(TAG.octetString, 'salt').value;
  const iterations = countOf(pbkdf2.unsigned('iterationCount'));
  pbkdf2.optional(TAG.integer);
  const digest = pbkdf2.more ? HMACS.get(pbkdf2.enter(TAG.sequence, 'prf').oid('prf')) : 'sha1';
  const scheme = pair.enter(TAG.sequence, 'encryptionScheme');
  const cipher = cipherOf(scheme.oid('cipher'));
  const iv = scheme.expect(TAG.octetString, 'vector').value;
  const read = cursor.finish(() => true);
  if (!read.ok || kind !== OID.pbkdf2 || digest === undefined || cipher === undefined) return undefined;
  return { salt, iterations, digest, cipher, iv };
}

/** A number of rounds from its magnitude; one too large to matter is as large as can be. */
export function countOf(magnitude: Uint8Array): number {
  if (magnitude.length === 0) return 0;
  return magnitude.length > 4 ? Number.MAX_SAFE_INTEGER : Buffer.from(magnitude).readUIntBE(0, magnitude.length);
}

/** Decrypts the parts of one file; a derived key serves all parts that have its salt, and all derivations share one bound. */
export class PasswordDecrypter {
  readonly #password: string;
  #roundsLeft: number = LIMITS.keyDerivationRoundsMax;
  #derived: { readonly name: string; readonly key: Uint8Array } | undefined;

  constructor(password: string) {
    this.#password = password;
  }

  decrypt(content: EncryptedContent): Uint8Array | undefined {
    const parameters = pbes2Parameters(content);
    if (parameters === undefined) return undefined;
    const { salt, iterations, digest, cipher, iv } = parameters;
    const name = [Buffer.from(salt).toString('hex'), iterations, digest, cipher.name].join();
    if (this.#derived?.name !== name) {
      if (iterations < 1 || iterations > this.#roundsLeft) return undefined;
      this.#roundsLeft -= iterations;
      this.#derived = { name, key: deriveKey(this.#password, parameters) };
    }
    return decryptCbc(cipher, this.#derived.key, iv, content.encryptedContent);
  }
}

/** PBKDF2 (5.2). */
export function deriveKey(password: string, { salt, iterations, digest, cipher }: KeyDerivation): Uint8Array {
  return pbkdf2Sync(password, salt, iterations, cipher.keyBytes, digest);
}
