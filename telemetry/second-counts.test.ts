import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecondCounts } from './second-counts.ts';

describe('SecondCounts', () => {
  it('counts by second and adds up any span', () => {
    const counts = new SecondCounts();
    for (const ms of [0, 999, 1_000, 5_500]) counts.add(ms);
    expect(counts.seconds).toBe(6);
    expect([counts.between(0, 1), counts.between(0, 2), counts.between(2, 100)]).toEqual([2, 3, 1]);
  });

  it('finds the best window as trying each one does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200_000), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (events, window) => {
          const counts = new SecondCounts();
          for (const ms of events) counts.add(ms);
          const starts = Array.from({ length: Math.max(0, counts.seconds - window + 1) }, (_, second) => second);
          const best = starts.map((from) => counts.between(from, from + window) / window);
          expect(counts.bestRate(window)).toBe(best.length === 0 ? null : Math.max(...best));
        },
      ),
    );
  });

  it('has no rate for a window that is longer than the run', () => {
    const counts = new SecondCounts();
    counts.add(8_000);
    expect(counts.bestRate(10)).toBeNull();
  });
});
