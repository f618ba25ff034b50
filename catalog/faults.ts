// The faults that the embedded backend can be told to have: what each is, where, and the failure it causes at a device that
// meets it. The implementations are backend/faults/, one file each. One file an area.
import { ANYWHERE_FAULTS } from './faults/anywhere.ts';
import { ENROLLMENT_FAULTS } from './faults/enrollment.ts';
import { JOIN_FAULTS } from './faults/join.ts';
import { MANAGEMENT_FAULTS } from './faults/management.ts';
import { OOBE_FAULTS } from './faults/oobe.ts';
import { SIGN_IN_FAULTS } from './faults/sign-in.ts';
import type { ServiceName } from './services.ts';

export type { Fault } from './faults/fault.ts';

export const FAULTS = {
  ...ANYWHERE_FAULTS,
  ...OOBE_FAULTS,
  ...SIGN_IN_FAULTS,
  ...JOIN_FAULTS,
  ...ENROLLMENT_FAULTS,
  ...MANAGEMENT_FAULTS,
} as const;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** One fault of a plan. */
export interface FaultConfig {
  readonly fault: FaultName;
  /**
   * Share of devices that meet it: a device meets it always or never. Requests of nobody in particular are drawn one by one, and
   * so are connections (`connection-refused` takes them all).
   */
  readonly rate: number;
  /** Group tag of the cohort that meets it; null: all. Requests of nobody in particular, and connections, are of no cohort. */
  readonly cohort: string | null;
  /** For a fault that can be anywhere. */
  readonly service: ServiceName | null;
  /** Real milliseconds since the start barrier (of a backend on its own: since it listens); no end is null. */
  readonly fromMs: number;
  readonly untilMs: number | null;
  /** For faults that delay: how long, real time. */
  readonly delayMs: number;
}
