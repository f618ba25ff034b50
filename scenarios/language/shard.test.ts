import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion, cohortIndexes, shardDevices, shardSize } from './shard.ts';
import type { CohortPlan, Plan } from './plan.ts';

function planOf(counts: readonly number[], seed = 'shards'): Pick<Plan, 'seed' | 'devices' | 'cohorts'> {
  const cohorts = counts.map((count) => ({ count }) as CohortPlan);
  return { seed, cohorts, devices: counts.reduce((sum, count) => sum + count, 0) };
}

describe('shards', () => {
  it('together are the plan, without overlap, for any number of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 64 }), (devices, of) => {
        const parts = Array.from({ length: of }, (_, shard) => [...shardDevices({ devices }, shard, of)]);
        expect(parts.map((part) => part.length)).toEqual(parts.map((_, shard) => shardSize({ devices }, shard, of)));
        expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: devices }, (_, index) => index));
      }),
    );
  });
});

describe('cohorts', () => {
  it('have exactly as many devices as the plan says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 32 }), (counts) => {
        const found = counts.map(() => 0);
        for (const cohort of cohortIndexes(planOf(counts))) found[cohort]!++;
        expect(found).toEqual(counts);
      }),
    );
  });
  it('are mixed, the same for the same seed and no other', () => {
    const plan = planOf([500, 500]);
    const indexes = cohortIndexes(plan);
    expect(cohortIndexes(plan)).toEqual(indexes);
    expect(cohortIndexes(planOf([500, 500], 'other'))).not.toEqual(indexes);
    const ofSecondIn = (part: Uint8Array): number => part.reduce((sum, cohort) => sum + cohort, 0);
    expect(ofSecondIn(indexes.subarray(0, 500))).toBeGreaterThan(200);
    expect(ofSecondIn(indexes.subarray(0, 500))).toBeLessThan(300);
    const everyOther = indexes.filter((_, index) => index % 2 === 0);
    expect(ofSecondIn(everyOther)).toBeGreaterThan(200);
    expect(ofSecondIn(everyOther)).toBeLessThan(300);
  });
});

describe('apportion', () => {
  it('keeps proportions and adds up exactly', () => {
    expect(apportion([100, 80, 20], 20)).toEqual([10, 8, 2]);
    expect(apportion([1, 1, 1], 10)).toEqual([4, 3, 3]);
    expect(apportion([5, 1], 1)).toEqual([1, 0]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 }), fc.nat(10_000), (weights, total) => {
        const counts = apportion(weights, total);
        const sum = weights.reduce((all, weight) => all + weight, 0);
        expect(counts.reduce((all, count) => all + count, 0)).toBe(total);
        for (const [at, count] of counts.entries())
          expect(Math.abs(count - (weights[at]! * total) / sum)).toBeLessThan(1);
      }),
    );
  });
});
