// What is known of a way to fail.
import type { StepName } from '../steps.ts';

export interface Failure {
  /** Steps at which it can end a device; empty means any. */
  readonly steps: readonly StepName[];
  readonly sentence: string;
  readonly cause: string;
  readonly remedy: string;
  readonly source: string;
}
