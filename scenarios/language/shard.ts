// Who is who in a plan, by arithmetic: which cohort a device belongs to and which shard runs it. Every worker computes the
// same answer from the plan alone, so that shards need no coordinator and their union is the plan for any number of them.
import { dealt } from '../../kernel/dealing.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { assert } from '../../kernel/result.ts';
import type { Plan } from './plan.ts';

/**
 * Device index -> index of its cohort. Devices are shuffled by the seed: cohorts arrive mixed, and a cohort whose pattern
 * happened to agree with `index % shards` cannot land on one worker.
 */
export function cohortIndexes(plan: Pick<Plan, 'seed' | 'devices' | 'cohorts'>): Uint8Array {
  const indexes = dealt(
    plan.seed,
    plan.cohorts.map(({ count }) => count),
  );
  assert(indexes.length === plan.devices, 'the counts of the cohorts add up to the devices of the plan');
  return indexes;
}

/** The devices that shard `shard` (from 0) of `of` runs, ascending: every `of`-th. */
export function* shardDevices(plan: Pick<Plan, 'devices'>, shard: number, of: number): Generator<number> {
  assert(of >= 1 && of <= LIMITS.threadsMax && shard >= 0 && shard < of, `shard ${shard} of ${of} exists`);
  for (let index = shard; index < plan.devices; index += of) yield index;
}

/** How many devices that is. */
export function shardSize(plan: Pick<Plan, 'devices'>, shard: number, of: number): number {
  return Math.max(0, Math.ceil((plan.devices - shard) / of));
}

/** Whole numbers in proportion to the weights that add up to `total` exactly (largest remainder; ties to the first). */
export function apportion(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (weight * total) / sum);
  const counts = exact.map(Math.floor);
  let rest = total - counts.reduce((all, count) => all + count, 0);
  const byRemainder = exact.map((value, index) => ({ index, remainder: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (rest === 0) break;
    counts[index]!++;
    rest--;
  }
  return counts;
}
