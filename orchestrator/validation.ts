// The validation list of a run, line by line: what an administrator would tick off, judged by what devices did. A pure function of
// the totals.
import type { FailureCode } from '../catalog/failures.ts';
import type { StepName } from '../catalog/steps.ts';
import { VALIDATIONS, type ValidationLine, type ValidationName } from '../catalog/validation.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import type { Totals } from '../telemetry/totals.ts';

export interface LineResult {
  /** As the list has it, from 1. */
  readonly line: number;
  readonly title: string;
  readonly ok: boolean;
  /** What missed it, most frequent first: `flotilla explain CODE`. Empty where no device came this far. */
  readonly failures: readonly { readonly step: StepName; readonly code: FailureCode; readonly count: number }[];
  /** Why it is missed where no failure says so; null otherwise. */
  readonly reason: string | null;
}

export interface Validation {
  readonly list: ValidationName;
  readonly lines: readonly LineResult[];
}

/** Null where the plan names no list. */
export function validate({ validation }: Pick<Plan, 'validation'>, totals: Totals): Validation | null {
  if (validation === null) return null;
  const lines = VALIDATIONS[validation].map((line: ValidationLine, at) => judge(line, at + 1, totals));
  return { list: validation, lines };
}

function judge({ title, steps, exchanges = [] }: ValidationLine, line: number, totals: Totals): LineResult {
  const failures = (['flotilla_step_failures_total', 'flotilla_step_soft_failures_total'] as const)
    .flatMap((metric) => totals.counters(metric))
    .map(({ labels, value }) => ({ step: labels[0] as StepName, code: labels[1] as FailureCode, count: value }))
    .filter(({ step, count }) => count > 0 && steps.includes(step))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  const unseen = steps.find((step) => succeeded(totals, step) === 0);
  const silent = exchanges.find(({ service, operation }) => answered(totals, service, operation) === 0);
  const reason =
    failures.length > 0
      ? null
      : unseen !== undefined
        ? 'no device came this far'
        : silent !== undefined
          ? `${silent.service} was never asked for ${silent.operation} with success`
          : null;
  return { line, title, ok: failures.length === 0 && reason === null, failures, reason };
}

function succeeded(totals: Totals, step: StepName): number {
  return totals.histogram('flotilla_step_duration_seconds', ([at, outcome]) => at === step && outcome === 'succeeded')
    .count;
}

/** Exchanges that ended with a status of success or a redirection. */
function answered(totals: Totals, service: string, operation: string): number {
  return totals.histogram(
    'flotilla_exchange_duration_seconds',
    ([where, what, status = '']) => where === service && what === operation && /^[23]\d\d$/.test(status),
  ).count;
}
