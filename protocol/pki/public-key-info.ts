// SubjectPublicKeyInfo (RFC 5280, 4.1) of RSA keys, to and from the two numbers that make one.
import type { Result } from '../../kernel/result.ts';
import { bitString, integer, nullValue, oid, sequence, TAG } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { OID } from '../encoding/object-identifiers.ts';

/** Big-endian numbers without leading zeros. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** 65537, the exponent of every key here. */
export const RSA_EXPONENT: Uint8Array = Uint8Array.of(1, 0, 1);

const RSA_ALGORITHM = sequence(oid(OID.rsaEncryption), nullValue());

export function encodeRsaPublicKeyInfo(modulus: Uint8Array, exponent: Uint8Array = RSA_EXPONENT): Uint8Array {
  return sequence(RSA_ALGORITHM, bitString(sequence(integer(modulus), integer(exponent))));
}

/** The RSA key in a SubjectPublicKeyInfo; another algorithm is an error. */
export function decodeRsaPublicKeyInfo(der: Uint8Array): Result<RsaPublicKey> {
  const cursor = DerCursor.over(der);
  const info = cursor.enter(TAG.sequence, 'SubjectPublicKeyInfo');
  const algorithmNode = info.expect(TAG.sequence, 'algorithm');
  const algorithm = info.within(algorithmNode).oid('algorithm identifier');
  if (algorithm !== OID.rsaEncryption) cursor.refuse(algorithmNode, `algorithm ${algorithm} where RSA belongs`);
  const key = info.inside(info.bits('subjectPublicKey')).enter(TAG.sequence, 'RSAPublicKey');
  const modulus = key.unsigned('modulus');
  const exponent = key.unsigned('publicExponent');
  return cursor.finish(() => ({ modulus, exponent }));
}
