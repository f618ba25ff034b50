// What a run is asked for and what it answers: the border between `flotilla run` (or a test) and run.ts.
import type { Clock } from '../kernel/clock.ts';
import type { ExitCode } from './exit-codes.ts';
import type { ProgressView } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Summary } from './summary.ts';

/** Who is told what happens. Texts are sentences without a line end. */
export interface RunReporter {
  /** A stage of the start. */
  phase(text: string): void;
  /** Something that went wrong or that a person should know, as it happens. */
  notice(text: string): void;
  progress(view: ProgressView): void;
  /** The run is over and its numbers stand; the metrics endpoint is closed after this. */
  ended(summary: Summary): Promise<void>;
}

export interface RunOptions {
  readonly directory: RunDirectory;
  readonly threads: number;
  readonly clock: Clock;
  readonly reporter: RunReporter;
  /** Must be free; without it the usual port, or a free one. */
  readonly metricsPort?: number | undefined;
  readonly traceDevice?: number | undefined;
  /** Calls `interrupt` each time a person wants the run to end; returns how to stop listening. */
  readonly onInterrupt: (interrupt: () => void) => () => void;
}

export type RunOutcome =
  | { readonly kind: 'ended'; readonly exitCode: ExitCode; readonly summary: Summary }
  /** It never started; the message is for a person. */
  | ({ readonly kind: 'refused' } & Refusal);

export interface Refusal {
  readonly exitCode: ExitCode;
  readonly message: string;
}
