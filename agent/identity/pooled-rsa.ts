// Composes RSA-2048 keys from the table of simulated primes, whose form makes every number of a key a matter of small arithmetic
// (a general modular inverse costs as much as a signature). These keys keep no secret and must never protect anything.
import { assert } from '../../kernel/result.ts';
import { element, integer, sequence, TAG } from '../../protocol/encoding/der.ts';
import { RSA_EXPONENT } from '../../protocol/pki/public-key-info.ts';
import type { PrimePair } from './prime-pairs.ts';
import { MULTIPLIERS_BASE64, STEP_HEX } from './simulated-primes.ts';

// p = M a + 1 and q = M b + 1 share M. As a q - b p = a - b, q^-1 mod p = a (a - b)^-1 mod p, and an inverse of a number below
// 2^48 takes one short Euclid. e is prime, so e^-1 mod n = (1 + k n) / e where k = -n^-1 mod e: numbers below 2^17. M is 2 times a
// prime, so that moduli show no small factor or pattern to whatever inspects them; p and q differ by about 2^1020.

const EXPONENT = 65537n;
const STEP = BigInt(`0x${STEP_HEX}`);
const MULTIPLIERS = Buffer.from(MULTIPLIERS_BASE64, 'base64');

/** The numbers of RFC 8017, 3.2, second form. */
interface RsaNumbers {
  readonly n: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dP: bigint;
  readonly dQ: bigint;
  readonly qInv: bigint;
}

function multiplier(prime: number): bigint {
  return BigInt(MULTIPLIERS.readUIntBE(prime * 6, 6));
}

/** The modulus of a pair's key: 256 bytes, big-endian. */
export function pairModulus({ first, second }: PrimePair): Uint8Array {
  return bytesOf((STEP * multiplier(first) + 1n) * (STEP * multiplier(second) + 1n), 256);
}

/** PKCS#1 RSAPrivateKey (RFC 8017, A.1.2) of a pair's key. */
export function pairPrivateKeyDer(pair: PrimePair): Uint8Array {
  const { n, d, p, q, dP, dQ, qInv } = rsaNumbers(pair);
  return sequence(
    integer(0),
    integer(bytesOf(n, 256)),
    element(TAG.integer, RSA_EXPONENT),
    integer(bytesOf(d, 256)),
    integer(bytesOf(p, 128)),
    integer(bytesOf(q, 128)),
    integer(bytesOf(dP, 128)),
    integer(bytesOf(dQ, 128)),
    integer(bytesOf(qInv, 128)),
  );
}

function rsaNumbers({ first, second }: PrimePair): RsaNumbers {
  assert(first !== second, 'a key of one prime');
  const a = multiplier(first);
  const b = multiplier(second);
  const p = STEP * a + 1n;
  const q = STEP * b + 1n;
  const d = inverseOfExponent(STEP * a * (STEP * b));
  return {
    n: p * q,
    d,
    p,
    q,
    dP: inverseOfExponent(p - 1n),
    dQ: inverseOfExponent(q - 1n),
    qInv: positive(a * inverseOfSmall(a - b, p), p),
  };
}

/** e^-1 mod n. */
function inverseOfExponent(n: bigint): bigint {
  const k = inverseOfSmall(-n % EXPONENT, EXPONENT);
  return (1n + positive(k, EXPONENT) * n) / EXPONENT;
}

/** A number x with small * x = 1 mod p, between -p and p: extended Euclid, of which only the first step is long. */
function inverseOfSmall(small: bigint, p: bigint): bigint {
  let [dividend, divisor] = [p, small < 0n ? -small : small];
  let [before, coefficient] = [0n, 1n];
  while (divisor > 1n) {
    const quotient = dividend / divisor;
    [dividend, divisor] = [divisor, dividend - quotient * divisor];
    [before, coefficient] = [coefficient, before - quotient * coefficient];
  }
  return small < 0n ? -coefficient : coefficient;
}

function positive(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}
