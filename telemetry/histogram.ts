// A histogram of seconds with constant memory: 64 linear sub-buckets in each power of two, so a quantile is at most 0.8% off.
// Mergeable and sparse on the wire. Recording is a few nanoseconds: the bucket is read from the bits of the number.

/** A histogram on the wire: what was recorded since the last delta. `buckets` alternates bucket index and count, ascending. */
export interface SparseHistogram {
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  readonly buckets: readonly number[];
}

const SUB_BUCKETS_LOG2 = 6;
const SUB_BUCKETS = 1 << SUB_BUCKETS_LOG2;
/** Values from 2^-20 s (about 1 microsecond) to 2^24 s (194 days); what lies outside falls into the first or last bucket. */
const EXPONENT_MIN = -20;
const EXPONENT_MAX = 24;
const OCTAVES = EXPONENT_MAX - EXPONENT_MIN;
/** Number of buckets; indexes on the wire are below it. */
export const HISTOGRAM_BUCKETS = OCTAVES * SUB_BUCKETS;

// The upper half of a double is sign (1 bit), exponent (11, biased by 1023) and the first 20 bits of the fraction. Shifted right
// until 6 bits of the fraction remain, it counts sub-buckets from the smallest double: exponent * 64 + sub-bucket.
const FRACTION_BITS_DROPPED = 20 - SUB_BUCKETS_LOG2;
const FIRST_BUCKET = (1023 + EXPONENT_MIN) << SUB_BUCKETS_LOG2;
const asDouble = new Float64Array(1);
const asWords = new Uint32Array(asDouble.buffer);
const UPPER_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a value; zero, negative and tiny values are in bucket 0. */
export function bucketOf(value: number): number {
  if (!(value > 0)) return 0;
  asDouble[0] = value;
  const bucket = (asWords[UPPER_WORD]! >>> FRACTION_BITS_DROPPED) - FIRST_BUCKET;
  return bucket < 0 ? 0 : bucket >= HISTOGRAM_BUCKETS ? HISTOGRAM_BUCKETS - 1 : bucket;
}

/** The lower bound of a bucket; its upper bound is the lower one of the next. */
export function bucketFrom(bucket: number): number {
  const octave = bucket >>> SUB_BUCKETS_LOG2;
  const sub = bucket & (SUB_BUCKETS - 1);
  return 2 ** (octave + EXPONENT_MIN) * (1 + sub / SUB_BUCKETS);
}

export class Histogram {
  #count = 0;
  #sum = 0;
  #max = 0;
  /** One array for each power of two, made when the first value falls into it: most histograms span a few. */
  readonly #octaves: (Float64Array | undefined)[] = Array.from({ length: OCTAVES }, () => undefined);

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** The largest value, exactly. */
  get max(): number {
    return this.#max;
  }

  record(value: number): void {
    this.#count++;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
    this.#add(bucketOf(value), 1);
  }

  /** Adds another histogram, or a delta from the wire (already validated). */
  merge(other: Histogram | SparseHistogram): void {
    const sparse = other instanceof Histogram ? other.sparse() : other;
    this.#count += sparse.count;
    this.#sum += sparse.sum;
    if (sparse.max > this.#max) this.#max = sparse.max;
    for (let i = 0; i + 1 < sparse.buckets.length; i += 2) this.#add(sparse.buckets[i]!, sparse.buckets[i + 1]!);
  }

  /** The value at rank ceil(q * count), at most 0.8% off; 0 when empty. */
  quantile(q: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    if (rank >= this.#count) return this.#max;
    let seen = 0;
    for (const [bucket, count] of this.#buckets()) {
      seen += count;
      // The middle of the bucket halves the error; no value is above the maximum.
      if (seen >= rank)
        return bucket === 0 ? 0 : Math.min((bucketFrom(bucket) + bucketFrom(bucket + 1)) / 2, this.#max);
    }
    return this.#max;
  }

  /** How many values are at or below each bound (ascending): the cumulative buckets of Prometheus, to one bucket's width. */
  cumulative(bounds: readonly number[]): number[] {
    const counts = bounds.map(() => 0);
    for (const [bucket, count] of this.#buckets()) {
      const from = bucket === 0 ? 0 : bucketFrom(bucket);
      // A bucket counts with the first bound at or above its lower edge: a value that equals a bound is below it.
      for (let i = 0; i < bounds.length; i++) if (bounds[i]! >= from) counts[i]! += count;
    }
    return counts;
  }

  sparse(): SparseHistogram {
    const buckets: number[] = [];
    for (const [bucket, count] of this.#buckets()) buckets.push(bucket, count);
    return { count: this.#count, sum: this.#sum, max: this.#max, buckets };
  }

  /** What was recorded since the last call; the histogram is empty afterwards. */
  takeDelta(): SparseHistogram {
    const delta = this.sparse();
    this.#count = 0;
    this.#sum = 0;
    this.#max = 0;
    for (const octave of this.#octaves) octave?.fill(0);
    return delta;
  }

  #add(bucket: number, count: number): void {
    const octave = (this.#octaves[bucket >>> SUB_BUCKETS_LOG2] ??= new Float64Array(SUB_BUCKETS));
    octave[bucket & (SUB_BUCKETS - 1)]! += count;
  }

  *#buckets(): Generator<[number, number]> {
    for (let octave = 0; octave < OCTAVES; octave++) {
      const counts = this.#octaves[octave];
      if (counts === undefined) continue;
      for (let sub = 0; sub < SUB_BUCKETS; sub++) {
        if (counts[sub]! > 0) yield [octave * SUB_BUCKETS + sub, counts[sub]!];
      }
    }
  }
}
