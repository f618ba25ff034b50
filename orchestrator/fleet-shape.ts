// What the books need of a plan, computed once per run or report.
import { arrivalOffsetsMs } from '../scenarios/language/curves/catalog.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { cohortIndexes } from '../scenarios/language/shard.ts';
import type { FleetShape } from '../telemetry/device-books.ts';

export function fleetShape(plan: Plan, shards: number): FleetShape {
  return {
    devices: plan.devices,
    shards,
    cohorts: plan.cohorts.map(({ name, site, variant }) => ({ name, site, variant })),
    cohortOf: cohortIndexes(plan),
    intendedStartMs: arrivalOffsetsMs(plan),
  };
}
