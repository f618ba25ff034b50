import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketFrom, bucketOf, Histogram, HISTOGRAM_BUCKETS } from './histogram.ts';

const seconds = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The value at rank ceil(q * n) of the sorted values. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
}

describe('Histogram', () => {
  it('gives quantiles at most 0.8% off a sort', () => {
    const q = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 300 }), q, (values, quantile) => {
        const exact = exactQuantile(values, quantile);
        expect(Math.abs(filled(values).quantile(quantile) - exact)).toBeLessThanOrEqual(exact * 0.008);
      }),
    );
  });

  it('keeps count, sum and maximum exactly', () => {
    const histogram = filled([0.5, 2, 0.25]);
    expect([histogram.count, histogram.sum, histogram.max]).toEqual([3, 2.75, 2]);
    expect(histogram.quantile(1)).toBe(2);
  });

  it('is empty before the first value', () => {
    const histogram = new Histogram();
    expect([histogram.count, histogram.quantile(0.5), histogram.max]).toEqual([0, 0, 0]);
    expect(histogram.takeDelta()).toEqual({ count: 0, sum: 0, max: 0, buckets: [] });
  });

  it('is the same whether values come at once, or in deltas merged in any order', () => {
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 100 }), fc.nat(100), (values, cutAt) => {
        const shard = filled(values.slice(0, cutAt));
        const first = shard.takeDelta();
        for (const value of values.slice(cutAt)) shard.record(value);
        const merged = new Histogram();
        merged.merge(shard.takeDelta());
        merged.merge(first);
        const whole = filled(values);
        expect(merged.sparse().buckets).toEqual(whole.sparse().buckets);
        expect(merged.count).toBe(whole.count);
        expect(merged.max).toBe(whole.max);
        expect(merged.sum).toBeCloseTo(whole.sum, 3);
      }),
    );
  });

  it('takes zero, tiny, huge and impossible values without losing count', () => {
    const histogram = filled([0, -1, 1e-12, 1e12, Number.NaN]);
    expect(histogram.count).toBe(5);
    expect(histogram.sparse().buckets).toEqual([0, 4, HISTOGRAM_BUCKETS - 1, 1]);
  });

  it('counts a value that equals a bound below it', () => {
    expect(filled([0.4, 0.5, 0.6, 1]).cumulative([0.25, 0.5, 1, 2])).toEqual([0, 2, 4, 4]);
  });

  it('has cumulative counts that never decrease and end at the count', () => {
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 100 }), (values) => {
        const counts = filled(values).cumulative([0.001, 0.1, 1, 60, 1e7]);
        expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
        expect(counts.at(-1)).toBe(values.length);
      }),
    );
  });

  it('puts every value between the bounds of its bucket', () => {
    fc.assert(
      fc.property(seconds, (value) => {
        const bucket = bucketOf(value);
        expect(bucketFrom(bucket)).toBeLessThanOrEqual(value);
        expect(bucketFrom(bucket + 1)).toBeGreaterThan(value);
      }),
    );
  });
});
