import { describe, expect, it } from 'vitest';
import { draw, meanMs, type Distribution } from './distribution.ts';
import { randomStream } from './random.ts';
import { pickWeighted } from './weighted.ts';

const KINDS: Distribution[] = [
  { kind: 'constant', ms: 250 },
  { kind: 'uniform', minMs: 100, maxMs: 500 },
  { kind: 'exponential', meanMs: 300 },
  { kind: 'lognormal', medianMs: 200, p95Ms: 800 },
];

describe('draw', () => {
  it.each(KINDS)('of $kind has the mean that plans reckon with', (distribution) => {
    const stream = randomStream('seed', 0, distribution.kind);
    let sum = 0;
    for (let i = 0; i < 50_000; i++) sum += draw(distribution, stream);
    expect(sum / 50_000 / meanMs(distribution)).toBeCloseTo(1, 1);
  });

  it('of lognormal has the median and the 95th percentile that a person wrote', () => {
    const stream = randomStream('seed', 1, 'lognormal');
    const values = Array.from({ length: 20_001 }, () =>
      draw({ kind: 'lognormal', medianMs: 200, p95Ms: 800 }, stream),
    ).sort((a, b) => a - b);
    expect(values[10_000]! / 200).toBeCloseTo(1, 1);
    expect(values[19_000]! / 800).toBeCloseTo(1, 1);
  });
});

describe('pickWeighted', () => {
  it('lays the shares end to end', () => {
    const mix = [
      { value: 'a', share: 1 },
      { value: 'b', share: 3 },
    ];
    expect([0, 0.24, 0.26, 0.999999].map((unit) => pickWeighted(mix, unit))).toEqual(['a', 'a', 'b', 'b']);
  });
});
