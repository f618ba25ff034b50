// What the process tells its caller: the one table of exit codes (documented in the README and by `flotilla --help`).

export const EXIT = {
  passed: 0,
  /** An error of ours that nobody foresaw. */
  error: 1,
  /** Wrong usage or scenario, a port that was asked for is taken, or the machine cannot hold the plan. */
  usage: 2,
  thresholdsFailed: 3,
  /** Generator saturated, worker or backend died, or the books do not balance: the numbers prove nothing. */
  invalid: 4,
  /** The target is refused, unreachable or not trusted at the start. */
  targetRefused: 5,
  /** Interrupted; results are kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
