// The two signature algorithms of X.509 structures here, and the frame that a certificate and a request share:
// SEQUENCE { what is signed, algorithm, signature }.
import { bitString, integer, nullValue, oid, sequence } from '../encoding/der.ts';
import { OID } from '../encoding/object-identifiers.ts';
import type { Signer } from './signer.ts';

const ALGORITHMS: Readonly<Record<Signer['algorithm'], Uint8Array>> = {
  RS256: sequence(oid(OID.sha256WithRsaEncryption), nullValue()),
  ES256: sequence(oid(OID.ecdsaWithSha256)),
};

/** The AlgorithmIdentifier of what the signer makes. */
export function signatureAlgorithm(signer: Signer): Uint8Array {
  return ALGORITHMS[signer.algorithm];
}

/** Signs `part` and frames it. X.509 wants ECDSA as a SEQUENCE of r and s where the signer gives them side by side. */
export function signedStructure(part: Uint8Array, signer: Signer): Uint8Array {
  const signature = signer.sign(part);
  const bits =
    signer.algorithm === 'RS256'
      ? signature
      : sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
  return sequence(part, signatureAlgorithm(signer), bitString(bits));
}
