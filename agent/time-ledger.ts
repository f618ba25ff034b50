// What a device's time was spent on. Simulated waits count at full length however far the run is scaled down; everything
// else that passes inside a step is real and counts as "service" (network, backend, and the agent's own CPU). So the parts of
// a step add up to its whole, steps follow each other without a gap, and their sum is *device time*: deadlines, ESP
// time-outs and durations use it, never the wall clock.
import type { StepName, StepOutcome, TimePart } from '../catalog/steps.ts';
import type { Clock } from '../kernel/clock.ts';

/** A finished step: milliseconds of device time by part. */
export interface StepTimes {
  readonly step: StepName;
  readonly outcome: StepOutcome;
  readonly partsMs: Readonly<Record<TimePart, number>>;
}

/** Parts that are waited for, not measured. */
export type WaitPart = Exclude<TimePart, 'service'>;

export class TimeLedger {
  readonly #clock: Clock;
  readonly #steps: StepTimes[] = [];
  /** Device time at the start of the current step, since the intended start of the device. */
  #beforeMs: number;
  #startedRealMs: number;
  /** Real time that passed inside simulated waits of the current step. */
  #waitedRealMs = 0;
  #waits: Record<WaitPart, number> = noWaits();

  /** `latenessMs`: how long after its intended start the device really started; that is part of what a person waits for. */
  constructor(clock: Clock, latenessMs = 0) {
    this.#clock = clock;
    this.#beforeMs = latenessMs;
    this.#startedRealMs = clock.nowMs();
  }

  /** Books a simulated wait: its full length, and the real time that it took. */
  waited(part: WaitPart, simulatedMs: number, realMs: number): void {
    this.#waits[part] += simulatedMs;
    this.#waitedRealMs += realMs;
  }

  /** Device time since the intended start of the device. */
  get deviceMs(): number {
    return this.#beforeMs + this.stepMs;
  }

  /** Device time at the end of the last finished step: the lateness and the whole of each step, exactly. */
  get finishedMs(): number {
    return this.#beforeMs;
  }

  /** Device time of the current step so far. */
  get stepMs(): number {
    return sum(this.#waits) + this.#serviceMs(this.#clock.nowMs());
  }

  /** Closes the current step; the next one begins at the same instant. */
  finish(step: StepName, outcome: StepOutcome): StepTimes {
    const nowMs = this.#clock.nowMs();
    const { person, install, restart, poll } = this.#waits;
    const times: StepTimes = {
      step,
      outcome,
      partsMs: { person, service: this.#serviceMs(nowMs), install, restart, poll },
    };
    this.#steps.push(times);
    this.#beforeMs += wholeMs(times);
    this.#startedRealMs = nowMs;
    this.#waitedRealMs = 0;
    this.#waits = noWaits();
    return times;
  }

  /** The finished steps, in order. */
  get steps(): readonly StepTimes[] {
    return this.#steps;
  }

  #serviceMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#startedRealMs - this.#waitedRealMs);
  }
}

/** The whole of a step: the sum of its parts. */
export function wholeMs(times: StepTimes): number {
  return sum(times.partsMs) + times.partsMs.service;
}

function sum(parts: Readonly<Record<WaitPart, number>>): number {
  return parts.person + parts.install + parts.restart + parts.poll;
}

function noWaits(): Record<WaitPart, number> {
  return { person: 0, install: 0, restart: 0, poll: 0 };
}
