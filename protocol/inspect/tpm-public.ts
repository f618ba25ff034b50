// A TPM2B_PUBLIC with the field names of TPMT_PUBLIC (TPM 2.0 Library, part 2, 12.2.4) and the key's Name.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { decodeTpm2bPublic, TPM_ALGORITHM, tpmName } from '../autopilot/tpm-public.ts';
import type { Explanation } from './explainer.ts';
import { inputBinaries } from './input.ts';
import { hex } from './values.ts';

/** TPMA_OBJECT: bit by bit (part 2, 8.3); the missing numbers are reserved. */
const OBJECT_ATTRIBUTES: readonly (readonly [bit: number, name: string])[] = [
  [1, 'fixedTPM'],
  [2, 'stClear'],
  [4, 'fixedParent'],
  [5, 'sensitiveDataOrigin'],
  [6, 'userWithAuth'],
  [7, 'adminWithPolicy'],
  [10, 'noDA'],
  [11, 'encryptedDuplication'],
  [16, 'restricted'],
  [17, 'decrypt'],
  [18, 'sign'],
];

const ALGORITHMS: ReadonlyMap<number, string> = new Map(
  Object.entries(TPM_ALGORITHM).map(([name, id]) => [id, `TPM_ALG_${name.toUpperCase()}`]),
);
const CURVES: ReadonlyMap<number, string> = new Map([
  [3, 'TPM_ECC_NIST_P256'],
  [4, 'TPM_ECC_NIST_P384'],
  [5, 'TPM_ECC_NIST_P521'],
]);

export function explainTpmPublic(bytes: Uint8Array): Result<Explanation> {
  const binaries = inputBinaries(bytes, ['TPM2B PUBLIC', 'TPM2B_PUBLIC']);
  if (!binaries.ok) return binaries;
  const read = decodeTpm2bPublic(binaries.value[0]);
  if (!read.ok) return read;
  const key = read.value;
  const common = {
    symmetric:
      key.symmetric === null
        ? { algorithm: 'TPM_ALG_NULL' }
        : {
            algorithm: algorithm(key.symmetric.algorithm),
            keyBits: key.symmetric.keyBits,
            mode: algorithm(key.symmetric.mode),
          },
    scheme:
      key.scheme === null
        ? { scheme: 'TPM_ALG_NULL' }
        : { scheme: algorithm(key.scheme.algorithm), hashAlg: algorithm(key.scheme.hash) },
  };
  return ok({
    kind: 'tpm-public',
    type: key.type === 'rsa' ? 'TPM_ALG_RSA' : 'TPM_ALG_ECC',
    nameAlg: algorithm(key.nameAlgorithm),
    objectAttributes: {
      value: `0x${key.attributes.toString(16).padStart(8, '0')}`,
      set: OBJECT_ATTRIBUTES.filter(([bit]) => (key.attributes & (1 << bit)) !== 0).map(([, name]) => name),
    },
    authPolicy: hex(key.authPolicy),
    parameters:
      key.type === 'rsa'
        ? { ...common, keyBits: key.keyBits, exponent: key.exponent === 0 ? 65537 : key.exponent }
        : { ...common, curveID: CURVES.get(key.curve) ?? key.curve, kdf: { scheme: 'TPM_ALG_NULL' } },
    unique: key.type === 'rsa' ? hex(key.modulus) : { x: hex(key.x), y: hex(key.y) },
    name: key.nameAlgorithm === TPM_ALGORITHM.sha256 ? hex(tpmName(key)) : null,
  });
}

function algorithm(id: number): string {
  return ALGORITHMS.get(id) ?? `0x${id.toString(16).padStart(4, '0')}`;
}
