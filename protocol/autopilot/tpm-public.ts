// TPM 2.0 public areas (TPM 2.0 Library, part 2, 12.2): TPM2B_PUBLIC of RSA and P-256 keys, the TCG default templates of
// endorsement and attestation keys, and names. Integers are big-endian throughout.
import { assert, malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha256 } from '../encoding/digest.ts';

/** TPM_ALG_ID values that occur here. */
export const TPM_ALGORITHM = {
  rsa: 0x0001,
  aes: 0x0006,
  sha256: 0x000b,
  null: 0x0010,
  rsassa: 0x0014,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

const ECC_NIST_P256 = 0x0003;
/** Permanent handles: a hierarchy's name is its handle. */
export const ENDORSEMENT_HIERARCHY = 0x4000000b;

/** TPMT_SYM_DEF_OBJECT; null where the key protects no others. */
export interface TpmSymmetric {
  readonly algorithm: number;
  readonly keyBits: number;
  readonly mode: number;
}

interface TpmPublicCommon {
  /** TPM_ALG_ID of the hash that names the key. */
  readonly nameAlgorithm: number;
  /** TPMA_OBJECT. */
  readonly attributes: number;
  readonly authPolicy: Uint8Array;
  readonly symmetric: TpmSymmetric | null;
  /** TPM_ALG_ID of the signing scheme and of its hash; null for none. */
  readonly scheme: { readonly algorithm: number; readonly hash: number } | null;
}

export interface TpmRsaPublic extends TpmPublicCommon {
  readonly type: 'rsa';
  readonly keyBits: number;
  /** 0 stands for 65537. */
  readonly exponent: number;
  readonly modulus: Uint8Array;
}

export interface TpmEccPublic extends TpmPublicCommon {
  readonly type: 'ecc';
  /** TPM_ECC_CURVE; 3 is P-256. */
  readonly curve: number;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export type TpmPublic = TpmRsaPublic | TpmEccPublic;

// TCG EK Credential Profile, templates L-1 and L-2: fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted,
// decrypt; the policy is PolicySecret(endorsement hierarchy).
const EK_COMMON: TpmPublicCommon = {
  nameAlgorithm: TPM_ALGORITHM.sha256,
  attributes: 0x000300b2,
  authPolicy: Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex'),
  symmetric: { algorithm: TPM_ALGORITHM.aes, keyBits: 128, mode: TPM_ALGORITHM.cfb },
  scheme: null,
};

/** The endorsement key of the RSA-2048 default template. */
export function rsaEkPublic(modulus: Uint8Array): TpmRsaPublic {
  assert(modulus.length === 256, 'an RSA-2048 endorsement key');
  return { type: 'rsa', ...EK_COMMON, keyBits: 2048, exponent: 0, modulus };
}

/** The endorsement key of the P-256 default template. */
export function eccEkPublic(x: Uint8Array, y: Uint8Array): TpmEccPublic {
  assert(x.length === 32 && y.length === 32, 'a point of P-256');
  return { type: 'ecc', ...EK_COMMON, curve: ECC_NIST_P256, x, y };
}

/** An attestation key: restricted, signs RSASSA with SHA-256. */
export function rsaAkPublic(modulus: Uint8Array): TpmRsaPublic {
  return {
    type: 'rsa',
    nameAlgorithm: TPM_ALGORITHM.sha256,
    attributes: 0x00050072,
    authPolicy: new Uint8Array(0),
    symmetric: null,
    scheme: { algorithm: TPM_ALGORITHM.rsassa, hash: TPM_ALGORITHM.sha256 },
    keyBits: 2048,
    exponent: 0,
    modulus,
  };
}

export function encodeTpm2bPublic(key: TpmPublic): Uint8Array {
  return sized(encodeTpmtPublic(key));
}

/** The key's Name: the hash algorithm's id and the digest of its public area (part 1, 16). SHA-256 only. */
export function tpmName(key: TpmPublic): Uint8Array {
  assert(key.nameAlgorithm === TPM_ALGORITHM.sha256, 'a key that SHA-256 names');
  return named(encodeTpmtPublic(key));
}

/** The Name of the endorsement key with this modulus. */
export function ekName(modulus: Uint8Array): Uint8Array {
  return tpmName(rsaEkPublic(modulus));
}

/** Qualified name of a key under a parent whose qualified name is given, or under a hierarchy's handle. */
export function qualifiedName(parent: Uint8Array | number, name: Uint8Array): Uint8Array {
  return named(Buffer.concat([typeof parent === 'number' ? u32(parent) : parent, name]));
}

function named(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([u16(TPM_ALGORITHM.sha256), sha256(bytes)]);
}

function encodeTpmtPublic(key: TpmPublic): Uint8Array {
  const { symmetric, scheme } = key;
  const parts = [
    u16(key.type === 'rsa' ? TPM_ALGORITHM.rsa : TPM_ALGORITHM.ecc),
    u16(key.nameAlgorithm),
    u32(key.attributes),
    sized(key.authPolicy),
    symmetric === null ? u16(TPM_ALGORITHM.null) : u16(symmetric.algorithm, symmetric.keyBits, symmetric.mode),
    scheme === null ? u16(TPM_ALGORITHM.null) : u16(scheme.algorithm, scheme.hash),
  ];
  if (key.type === 'rsa') parts.push(u16(key.keyBits), u32(key.exponent), sized(key.modulus));
  else parts.push(u16(key.curve, TPM_ALGORITHM.null), sized(key.x), sized(key.y));
  return Buffer.concat(parts);
}

function sized(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([u16(bytes.length), bytes]);
}

function u16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 8, value & 0xff]));
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Reads a TPM2B_PUBLIC of an RSA key or a key on an elliptic curve. */
export function decodeTpm2bPublic(bytes: Uint8Array): Result<TpmPublic> {
  const area = new AreaReader(bytes);
  const size = area.u16('size');
  if (area.error === undefined && size !== bytes.length - 2)
    area.refuse(0, `says ${size} bytes where ${bytes.length - 2} follow`);
  const type = area.u16('type');
  if (type !== TPM_ALGORITHM.rsa && type !== TPM_ALGORITHM.ecc)
    area.refuse(2, `type 0x${hex4(type)} where RSA or ECC belongs`);
  const nameAlgorithm = area.u16('nameAlg');
  const attributes = area.u32('objectAttributes');
  const authPolicy = area.sized('authPolicy');
  const symmetricAlgorithm = area.u16('symmetric');
  const symmetric =
    symmetricAlgorithm === TPM_ALGORITHM.null
      ? null
      : { algorithm: symmetricAlgorithm, keyBits: area.u16('symmetric keyBits'), mode: area.u16('symmetric mode') };
  const schemeAlgorithm = area.u16('scheme');
  const scheme =
    schemeAlgorithm === TPM_ALGORITHM.null ? null : { algorithm: schemeAlgorithm, hash: area.u16('scheme hash') };
  const common = { nameAlgorithm, attributes, authPolicy, symmetric, scheme };
  let key: TpmPublic;
  if (type === TPM_ALGORITHM.rsa) {
    const [keyBits, exponent] = [area.u16('keyBits'), area.u32('exponent')];
    key = { type: 'rsa', ...common, keyBits, exponent, modulus: area.sized('unique') };
  } else {
    const curve = area.u16('curveID');
    if (area.u16('kdf') !== TPM_ALGORITHM.null) area.refuse(area.at - 2, 'a key derivation scheme');
    key = { type: 'ecc', ...common, curve, x: area.sized('unique x'), y: area.sized('unique y') };
  }
  if (area.at !== bytes.length) area.refuse(area.at, 'bytes after the end of the public area');
  return area.error === undefined ? ok(key) : malformed(area.error.offset, area.error.reason);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** Reads onwards; the first mismatch is kept, and what is read after it is zero. */
class AreaReader {
  readonly #bytes: Uint8Array;
  at = 0;
  error: { readonly offset: number; readonly reason: string } | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  refuse(offset: number, reason: string): void {
    this.error ??= { offset, reason };
  }

  u16(what: string): number {
    const bytes = this.#take(2, what);
    return (bytes[0]! << 8) | bytes[1]!;
  }

  u32(what: string): number {
    const bytes = this.#take(4, what);
    return ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  }

  sized(what: string): Uint8Array {
    return this.#take(this.u16(`size of ${what}`), what);
  }

  #take(length: number, what: string): Uint8Array {
    if (this.error === undefined && this.#bytes.length - this.at < length) {
      this.refuse(this.at, `${what} needs ${length} bytes where ${this.#bytes.length - this.at} are left`);
    }
    if (this.error !== undefined) return new Uint8Array(length);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
