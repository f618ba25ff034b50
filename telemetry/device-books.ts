// The books of a run: where each device of the plan stands. Devices move planned -> started -> succeeded | failed |
// abandoned, or planned -> not started, and never back; what breaks that rule is kept as a fault and not counted, so that
// at the end the books either balance or say why not.
import { assert } from '../kernel/result.ts';
import type { StepOutcome } from '../catalog/steps.ts';
import type { DeviceStateName } from './labels.ts';

/** What the books must know of a plan; device indexes are in the order of arrival. */
export interface FleetShape {
  readonly devices: number;
  readonly shards: number;
  readonly cohorts: readonly { readonly name: string; readonly site: string; readonly variant: string }[];
  /** Cohort of each device. */
  readonly cohortOf: Uint8Array;
  /** Intended start of each device, milliseconds from the start of the run, not decreasing. */
  readonly intendedStartMs: Float64Array;
}

/** Counts of devices. `inFlight` have started and are not done. */
export interface BookCounts {
  readonly planned: number;
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly abandoned: number;
  readonly notStarted: number;
  readonly inFlight: number;
}

const PLANNED = 0;
const STARTED = 1;
const NOT_STARTED = 2;
const DONE = 3;

/** Faults kept as sentences; the rest is only counted. */
const FAULTS_KEPT = 20;

export class DeviceBooks {
  readonly #shape: FleetShape;
  readonly #state: Uint8Array;
  /** Counts by state and cohort. */
  readonly #counts: Record<DeviceStateName, Float64Array>;
  readonly #faults: string[] = [];
  #faultCount = 0;

  constructor(shape: FleetShape) {
    assert(shape.cohortOf.length === shape.devices, 'each device has a cohort');
    assert(shape.intendedStartMs.length === shape.devices, 'each device has an intended start');
    this.#shape = shape;
    this.#state = new Uint8Array(shape.devices);
    const zero = (): Float64Array => new Float64Array(shape.cohorts.length);
    this.#counts = { started: zero(), succeeded: zero(), failed: zero(), abandoned: zero(), 'not-started': zero() };
  }

  /** Each returns whether it was counted. */
  start(index: number): boolean {
    return this.#move(index, PLANNED, STARTED, 'started');
  }

  doNotStart(index: number): boolean {
    return this.#move(index, PLANNED, NOT_STARTED, 'not-started');
  }

  finish(index: number, outcome: StepOutcome): boolean {
    return this.#move(index, STARTED, DONE, outcome);
  }

  /**
   * Settles by the plan the devices of a shard that will say no more (`shard` undefined: all shards): what was in flight
   * or due by `elapsedMs` is abandoned, the rest was not started. Returns the devices that were abandoned.
   */
  settle(elapsedMs: number, shard?: number): number[] {
    const { devices, shards, intendedStartMs } = this.#shape;
    const abandoned: number[] = [];
    for (let index = shard ?? 0; index < devices; index += shard === undefined ? 1 : shards) {
      if (this.#state[index] === PLANNED) {
        if (intendedStartMs[index]! <= elapsedMs) this.start(index);
        else this.doNotStart(index);
      }
      if (this.#state[index] === STARTED && this.finish(index, 'abandoned')) abandoned.push(index);
    }
    return abandoned;
  }

  /** Something about a device that cannot be. */
  fault(sentence: string): void {
    this.#faultCount++;
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push(sentence);
  }

  count(state: DeviceStateName, cohort: number): number {
    return this.#counts[state][cohort] ?? 0;
  }

  counts(): BookCounts {
    const started = sum(this.#counts.started);
    const succeeded = sum(this.#counts.succeeded);
    const failed = sum(this.#counts.failed);
    const abandoned = sum(this.#counts.abandoned);
    return {
      planned: this.#shape.devices,
      started,
      succeeded,
      failed,
      abandoned,
      notStarted: sum(this.#counts['not-started']),
      inFlight: started - succeeded - failed - abandoned,
    };
  }

  /** Why the books do not balance; empty when they do. Asked at the end of a run. */
  imbalance(): string[] {
    const { planned, started, succeeded, failed, abandoned, notStarted } = this.counts();
    const reasons: string[] = [];
    if (planned !== started + notStarted) {
      reasons.push(`planned ${planned} is not started ${started} + not started ${notStarted}`);
    }
    if (started !== succeeded + failed + abandoned) {
      reasons.push(`started ${started} is not succeeded ${succeeded} + failed ${failed} + abandoned ${abandoned}`);
    }
    reasons.push(...this.#faults);
    if (this.#faultCount > this.#faults.length) reasons.push(`${this.#faultCount - this.#faults.length} more faults`);
    return reasons;
  }

  #move(index: number, from: number, to: number, counted: DeviceStateName): boolean {
    const state = this.#state[index];
    if (state === undefined) {
      this.fault(`device ${index} is not in the plan`);
      return false;
    }
    if (state !== from) {
      this.fault(`device ${index} is reported as ${counted} although it ${HAS[state]}`);
      return false;
    }
    this.#state[index] = to;
    this.#counts[counted][this.#shape.cohortOf[index]!]!++;
    return true;
  }
}

const HAS: Readonly<Record<number, string>> = {
  [PLANNED]: 'has not started',
  [STARTED]: 'is in flight',
  [NOT_STARTED]: 'was not started',
  [DONE]: 'is done',
};

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
