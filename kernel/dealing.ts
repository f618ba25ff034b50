// Deals numbered members to groups: each group gets as many as it counts, mixed by the seed. Agents, backend and orchestrator deal the
// same way from the same seed, so none has to tell the others who belongs where.
import { randomStream } from './random.ts';

/** Member -> its group. */
export function dealt(seed: string, counts: readonly number[]): Uint8Array {
  const groups = new Uint8Array(counts.reduce((sum, count) => sum + count, 0));
  let filled = 0;
  for (const [group, count] of counts.entries()) groups.fill(group, filled, (filled += count));
  if (counts.length < 2) return groups;
  const stream = randomStream(seed, -1, 'cohorts');
  for (let last = groups.length - 1; last > 0; last--) {
    const other = stream.below(last + 1);
    const kept = groups[last]!;
    groups[last] = groups[other]!;
    groups[other] = kept;
  }
  return groups;
}
