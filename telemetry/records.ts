// What is known of a device when it is done: one record each, about 100 bytes on the wire. The books, durations and
// the report are made from these; nothing here is a secret or a name from the wire.
import type { FailureCode } from '../catalog/failures.ts';
import type { StepName, StepOutcome, TimePart } from '../catalog/steps.ts';

/** One step of a device; milliseconds of device time, `service` as measured. */
export interface StepRecord {
  readonly step: StepName;
  readonly outcome: StepOutcome;
  readonly partsMs: Readonly<Record<TimePart, number>>;
}

export interface DeviceRecord {
  readonly index: number;
  /** Position of the cohort in the plan. */
  readonly cohort: number;
  readonly outcome: StepOutcome;
  /** Why and where it failed or was abandoned; null when it succeeded. */
  readonly code: FailureCode | null;
  readonly step: StepName | null;
  /** Milliseconds from the start of the run, as planned, and how much later it really started. */
  readonly intendedStartMs: number;
  readonly latenessMs: number;
  /** Device time from the intended start to the desktop (lateness included); null when it did not get there. */
  readonly deploymentMs: number | null;
  /** Device time from the start of MDM enrollment to the end of account setup. */
  readonly setupMs: number | null;
  readonly steps: readonly StepRecord[];
  readonly exchanges: number;
  readonly sessions: number;
  readonly messages: number;
  readonly retries: number;
}

/** A device that started: its index and how late, in milliseconds. */
export interface DeviceStart {
  readonly index: number;
  readonly latenessMs: number;
}

/** A record with the instant (milliseconds since the epoch) at which the shard took it. */
export interface FinishedDevice {
  readonly atMs: number;
  readonly record: DeviceRecord;
}
