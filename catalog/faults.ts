// The faults that the embedded backend can be told to have: what each is, where, and the failure it causes at a device that
// meets it. The implementations are backend/faults/, one file each.
import type { FailureCode } from './failures.ts';
import type { ServiceName } from './services.ts';
import type { StepName } from './steps.ts';

export interface Fault {
  readonly title: string;
  /** Service that has it; null: the scenario names one. */
  readonly service: ServiceName | null;
  /** What a device that meets it on every attempt ends with, and at which step; null: it goes on, later or another way. */
  readonly causes: { readonly code: FailureCode; readonly step: StepName } | null;
}

export const FAULTS = {
  unavailable: { title: 'Every request is answered 503', service: null, causes: null },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** One fault of a plan. */
export interface FaultConfig {
  readonly fault: FaultName;
  /** Share of devices that meet it: a device meets it always or never. Requests of nobody in particular are drawn one by one. */
  readonly rate: number;
  /** Group tag of the cohort that meets it; null: all. */
  readonly cohort: string | null;
  /** For a fault that can be anywhere. */
  readonly service: ServiceName | null;
  /** Real milliseconds since the start barrier (of a backend on its own: since it listens); no end is null. */
  readonly fromMs: number;
  readonly untilMs: number | null;
  /** For faults that delay: how long, real time. */
  readonly delayMs: number;
}
