// How a step ends, as a value. An operating failure is one of these, never an exception; whether a failure was really the
// end of the run (a stop closes connections) is decided by who runs the steps.
import { stepFailure, type FailureCode, type StepFailure } from '../../catalog/failures.ts';
import type { Result } from '../../kernel/result.ts';
import type { WaitEnd } from '../../kernel/clock.ts';
import type { DeviceContext } from '../device-context.ts';

/** `restarted`: the device restarted in OOBE and has to connect and ask for its profile again. */
export type StepEnd = 'done' | 'restarted';

export type StepResult = Result<StepEnd, StepFailure>;

/** A step: a function of the device's context that emits exactly one result. */
export type StepFunction = (device: DeviceContext) => Promise<StepResult>;

export const DONE: StepResult = { ok: true, value: 'done' };
export const RESTARTED: StepResult = { ok: true, value: 'restarted' };
export const ABANDONED = stepFailure('abandoned', 'the run ended first');

export function failed(code: FailureCode, detail: string): StepResult {
  return stepFailure(code, detail);
}

/** The result of a step whose last act is a wait. */
export function afterWait(end: WaitEnd): StepResult {
  return end === 'elapsed' ? DONE : ABANDONED;
}
