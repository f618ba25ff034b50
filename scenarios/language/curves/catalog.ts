// The arrival curves by name. A kind that the plan knows and that is missing here does not compile.
import { randomStream } from '../../../kernel/random.ts';
import type { Arrivals, Plan } from '../plan.ts';
import { atOnce } from './at-once.ts';
import { constant } from './constant.ts';
import type { Curve } from './curve.ts';
import { poisson } from './poisson.ts';

const CURVES: { readonly [Kind in Arrivals['kind']]: (arrivals: Extract<Arrivals, { kind: Kind }>) => Curve } = {
  'at-once': atOnce,
  constant,
  poisson,
};

export function curveOf(arrivals: Arrivals): Curve {
  // The record's key and the value's kind agree by construction; the compiler cannot relate them.
  return (CURVES[arrivals.kind] as (arrivals: Arrivals) => Curve)(arrivals);
}

/** When each device of the plan is switched on: real milliseconds from the start by device index, ascending. */
export function arrivalOffsetsMs(plan: Pick<Plan, 'arrivals' | 'devices' | 'seed'>): Float64Array {
  return curveOf(plan.arrivals).offsets(plan.devices, randomStream(plan.seed, -1, 'arrivals'));
}
