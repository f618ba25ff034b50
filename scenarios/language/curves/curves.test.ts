import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../kernel/random.ts';
import type { Arrivals } from '../plan.ts';
import { arrivalOffsetsMs, curveOf } from './catalog.ts';

const stream = (seed = 'curves') => randomStream(seed, -1, 'arrivals');
const arrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.constant<Arrivals>({ kind: 'at-once' }),
  fc.record({
    kind: fc.constant('constant' as const),
    ratePerSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('poisson' as const), ratePerSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }) }),
);

describe('arrival curves', () => {
  it('at once: everything at the first instant', () => {
    const curve = curveOf({ kind: 'at-once' });
    expect(curve.offsets(3, stream())).toEqual(new Float64Array([0, 0, 0]));
    expect([curve.arrivalsBy(-1), curve.arrivalsBy(0), curve.rateAt(0), curve.rateAt(1)]).toEqual([
      0,
      Infinity,
      Infinity,
      0,
    ]);
  });

  it('constant: one each so many milliseconds, the first at the start', () => {
    const curve = curveOf({ kind: 'constant', ratePerSecond: 4 });
    expect([...curve.offsets(4, stream())]).toEqual([0, 250, 500, 750]);
    expect([curve.arrivalsBy(-1), curve.arrivalsBy(0), curve.arrivalsBy(749), curve.arrivalsBy(750)]).toEqual([
      0, 1, 3, 4,
    ]);
    expect([curve.rateAt(-1), curve.rateAt(10)]).toEqual([0, 4]);
  });

  it('poisson: the mean and the spread of the gaps are those of the exponential distribution', () => {
    const offsets = curveOf({ kind: 'poisson', ratePerSecond: 10 }).offsets(20_000, stream());
    const gaps = [...offsets].map((offset, index) => offset - (offsets[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(97);
    expect(mean).toBeLessThan(103);
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
  });

  it('poisson: the same seed gives the same schedule, another seed another', () => {
    const plan = { arrivals: { kind: 'poisson', ratePerSecond: 10 }, devices: 50 } as const;
    const first = arrivalOffsetsMs({ ...plan, seed: 'a' });
    expect(arrivalOffsetsMs({ ...plan, seed: 'a' })).toEqual(first);
    expect(arrivalOffsetsMs({ ...plan, seed: 'b' })).not.toEqual(first);
  });

  it('of every kind: offsets ascend from zero, a longer schedule begins with the shorter, arrivals never fall', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(300), (kind, count) => {
        const curve = curveOf(kind);
        const offsets = curve.offsets(count, stream());
        expect(offsets).toHaveLength(count);
        expect([...offsets].every((offset, index) => offset >= (offsets[index - 1] ?? 0))).toBe(true);
        expect(curve.offsets(count + 5, stream()).subarray(0, count)).toEqual(offsets);
        for (let at = -1000; at < 5000; at += 500) {
          expect(curve.arrivalsBy(at + 500)).toBeGreaterThanOrEqual(curve.arrivalsBy(at));
        }
      }),
    );
  });
});
