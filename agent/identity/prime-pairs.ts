// Which two primes make which key. Numbers only: a waiting device keeps (seed, index, purpose) and finds its keys again.
import { assert } from '../../kernel/result.ts';
import { randomStream } from '../../kernel/random.ts';

/** What a device has keys for; `ek` is the TPM's endorsement key. The order is part of every identity: append only. */
export const KEY_PURPOSES = ['ek', 'device', 'transport', 'mdm', 'hello'] as const;

/** Keys of certificates that the device enrolls by SCEP, each made for one; a device with more uses them in turn. */
export const SCEP_PURPOSES = ['scep-1', 'scep-2', 'scep-3', 'scep-4', 'scep-5'] as const;

export type ScepPurpose = (typeof SCEP_PURPOSES)[number];
export type PairPurpose = (typeof KEY_PURPOSES)[number] | ScepPurpose;

/** Primes that device keys draw from; odd, see below. The table has one more, which is the simulated authority's alone. */
export const PAIRED_PRIMES = 2047;
export const AUTHORITY_PRIME = 2047;

// The unordered pairs of N (odd) things on a circle are exactly (i, i + d mod N) for each i and each distance d of
// 1 to (N - 1) / 2: N (N - 1) / 2 of them, none twice, never a prime with itself.
const PAIRS = (PAIRED_PRIMES * (PAIRED_PRIMES - 1)) / 2;

/** Devices whose keys are all different within one seed: 209,408. */
export const DEVICES_WITH_UNIQUE_KEYS = Math.floor(PAIRS / (KEY_PURPOSES.length + SCEP_PURPOSES.length));

/** Indices of two different primes. */
export interface PrimePair {
  readonly first: number;
  readonly second: number;
}

/**
 * Keys of one seed are numbered index * purposes + purpose, those for SCEP likewise from the last number down, and a seeded
 * affine map turns numbers into pairs: x -> (a x + b) mod PAIRS with gcd(a, PAIRS) = 1 is a bijection, so that no two keys of a
 * seed share their pair, and another seed scatters them otherwise.
 */
class PrimePairs {
  readonly #factor: number;
  readonly #offset: number;

  constructor(seed: string) {
    const stream = randomStream(seed, -1, 'prime-pairs');
    let factor = 0;
    do factor = stream.below(PAIRS);
    while (greatestCommonDivisor(factor, PAIRS) !== 1);
    this.#factor = factor;
    this.#offset = stream.below(PAIRS);
  }

  pair(index: number, purpose: PairPurpose): PrimePair {
    assert(index >= 0 && index < DEVICES_WITH_UNIQUE_KEYS, `device index ${index} beyond the pool of keys`);
    const number = isScep(purpose)
      ? PAIRS - 1 - (index * SCEP_PURPOSES.length + SCEP_PURPOSES.indexOf(purpose))
      : index * KEY_PURPOSES.length + KEY_PURPOSES.indexOf(purpose);
    // Both factors are below 2^21, so the product is exact.
    const place = (this.#factor * number + this.#offset) % PAIRS;
    const first = place % PAIRED_PRIMES;
    const distance = 1 + Math.floor(place / PAIRED_PRIMES);
    return { first, second: (first + distance) % PAIRED_PRIMES };
  }
}

function isScep(purpose: PairPurpose): purpose is ScepPurpose {
  return (SCEP_PURPOSES as readonly PairPurpose[]).includes(purpose);
}

let latest: { readonly seed: string; readonly pairs: PrimePairs } | undefined;

/** The pairs of a seed; a process works with one seed at a time, so the latest is kept. */
export function primePairs(seed: string): PrimePairs {
  if (latest?.seed !== seed) latest = { seed, pairs: new PrimePairs(seed) };
  return latest.pairs;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
