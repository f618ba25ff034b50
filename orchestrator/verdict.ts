// What a run proves. Interrupted: it was not run to its end. Invalid: the numbers say more about the generator than about the
// target, or the books do not balance. Failed: a threshold does not hold, or a line of the validation list is missed. Passed: none of these.
import { LIMITS } from '../kernel/limits.ts';
import { never } from '../kernel/result.ts';
import { formatDuration } from '../kernel/units.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { RunLedger } from './ledger.ts';
import { judgeThresholds } from './thresholds.ts';
import type { ThresholdResult } from './thresholds.ts';
import { validate, type LineResult, type Validation } from './validation.ts';

export const VERDICTS = ['passed', 'failed', 'invalid', 'interrupted'] as const;
export type VerdictResult = (typeof VERDICTS)[number];

export interface Verdict {
  readonly result: VerdictResult;
  /** Why it is not `passed`: full sentences, the decisive ones first. */
  readonly reasons: readonly string[];
}

/** How the generator fared: what its own schedule and timers say. */
export interface GeneratorHealth {
  readonly latenessP99Seconds: number;
  readonly eventLoopDelayP99Seconds: number;
  /** CPU seconds per second of the run: 1 is one core. */
  readonly agentCores: number;
  readonly backendCores: number;
  readonly cores: number;
}

export function judgeRun(
  ledger: RunLedger,
  health: GeneratorHealth,
): { verdict: Verdict; thresholds: ThresholdResult[]; validation: Validation | null } {
  const thresholds = judgeThresholds(ledger.header.plan, ledger.totals, true);
  const validation = validate(ledger.header.plan, ledger.totals);
  const interrupted = interruptions(ledger);
  const invalid = [
    ...ledger.mishaps.filter(({ kind }) => kind !== 'reported').map(({ message }) => sentence(message)),
    ...ledger.totals.books.imbalance().map((reason) => sentence(`the books do not balance: ${reason}`)),
    ...saturation(health),
  ];
  const missed = (validation?.lines ?? []).filter(({ ok }) => !ok);
  const failed = [...thresholds.filter(({ ok }) => !ok).map(failure), ...missed.map(miss)];
  const result =
    interrupted.length > 0 ? 'interrupted' : invalid.length > 0 ? 'invalid' : failed.length > 0 ? 'failed' : 'passed';
  return { verdict: { result, reasons: [...interrupted, ...invalid, ...failed] }, thresholds, validation };
}

export function exitCodeOf({ result }: Verdict): ExitCode {
  switch (result) {
    case 'passed':
      return EXIT.passed;
    case 'failed':
      return EXIT.thresholdsFailed;
    case 'invalid':
      return EXIT.invalid;
    case 'interrupted':
      return EXIT.interrupted;
    default:
      return never(result);
  }
}

function interruptions({ interrupted }: RunLedger): string[] {
  if (interrupted === null) return [];
  return [interrupted === 'person' ? 'The run was interrupted.' : 'The run was cut off: its journal has no end.'];
}

/** Why the generator's own delays spoil the measurement, and who used the processors; empty when they do not. */
export function saturation(health: GeneratorHealth): string[] {
  const late: string[] = [];
  const lateness = health.latenessP99Seconds * 1000;
  const delay = health.eventLoopDelayP99Seconds * 1000;
  if (lateness > LIMITS.latenessP99Ms) {
    late.push(`launch lateness p99 is ${formatDuration(lateness)} (bound ${formatDuration(LIMITS.latenessP99Ms)})`);
  }
  if (delay > LIMITS.eventLoopDelayP99Ms) {
    late.push(`event-loop delay p99 is ${formatDuration(delay)} (bound ${formatDuration(LIMITS.eventLoopDelayP99Ms)})`);
  }
  return late.length === 0 ? [] : [`Generator saturated: ${late.join(', ')}; ${blame(health)}.`];
}

function blame({ agentCores, backendCores, cores }: GeneratorHealth): string {
  const use = `agents used ${agentCores.toFixed(1)} and the embedded backend ${backendCores.toFixed(1)} of ${cores} cores`;
  if (agentCores + backendCores < cores / 2)
    return `${use}: neither used them up, so something else on the machine did`;
  return backendCores > agentCores
    ? `${use}: mostly the backend, so run it on another machine or lower the rate`
    : `${use}: mostly the agents, so lower the rate or give the generator more cores`;
}

function failure({ text, measured }: ThresholdResult): string {
  if (measured === null) return `Threshold not met: ${text} (nothing was measured).`;
  const figure = text.startsWith('failed ')
    ? `${(measured * 100).toFixed(2)}%`
    : /^(?:deployment|setup) /.test(text)
      ? formatDuration(measured * 1000)
      : String(measured);
  return `Threshold not met: ${text} (measured ${figure}).`;
}

function miss({ line, title, failures, reason }: LineResult): string {
  const [first] = failures;
  const why = first === undefined ? reason : `flotilla explain ${first.code}`;
  return `Validation line ${line} missed: ${title} (${why}).`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
