// summary.json: what a run came to, as a stable, versioned object (docs/summary.md). A pure function of the ledger, so the
// report from the journal has the same numbers. Durations and rates are seconds and per second.
import type { FailureCode } from '../catalog/failures.ts';
import { SERVICES, SERVICE_NAMES } from '../catalog/services.ts';
import { STEP_NAMES, STEP_OUTCOMES } from '../catalog/steps.ts';
import type { StepName, StepOutcome, TimePart } from '../catalog/steps.ts';
import { Histogram } from '../telemetry/histogram.ts';
import type { SecondCounts } from '../telemetry/second-counts.ts';
import type { Totals } from '../telemetry/totals.ts';
import { generatorOf, healthOf } from './generator-summary.ts';
import type { GeneratorSummary } from './generator-summary.ts';
import type { RunLedger } from './ledger.ts';
import { quantilesOf, rounded } from './quantiles.ts';
import type { Quantiles } from './quantiles.ts';
import { setupOf, type SetupSummary } from './setup-summary.ts';
import type { ThresholdResult } from './thresholds.ts';
import { timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';
import { judgeRun } from './verdict.ts';
import type { Validation } from './validation.ts';
import type { Verdict } from './verdict.ts';

export interface Rate {
  readonly mean: number;
  /** The highest that was held for ten seconds, for a minute; null where the run was shorter. */
  readonly best10Seconds: number | null;
  readonly bestMinute: number | null;
}

export interface StepSummary extends Quantiles {
  readonly outcomes: Readonly<Record<StepOutcome, number>>;
  /** Real time in network and backend. */
  readonly service: Quantiles;
}

export interface OperationSummary extends Quantiles {
  /** Exchanges by status: an HTTP status, or how it ended without one. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface Summary {
  readonly summaryVersion: 1;
  /** Version of Flotilla. */
  readonly version: string;
  readonly run: string;
  readonly scenario: string;
  readonly seed: string;
  readonly speed: number;
  /** Planned devices by variant. */
  readonly variants: Readonly<Record<string, number>>;
  readonly planned: number;
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly abandoned: number;
  readonly notStarted: number;
  /** From the start barrier to the end of the last device. */
  readonly durationSeconds: number;
  readonly deploymentsPerSecond: Rate;
  readonly mdmEnrollmentsPerSecond: Rate;
  readonly inFlightPeak: number;
  readonly deployment: Quantiles;
  readonly setup: Quantiles;
  readonly steps: Readonly<Partial<Record<StepName, StepSummary>>>;
  readonly exchanges: Readonly<Record<string, Readonly<Record<string, OperationSummary>>>>;
  readonly failures: readonly {
    readonly step: StepName | null;
    readonly code: FailureCode;
    readonly count: number;
  }[];
  readonly retries: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, { readonly sent: number; readonly received: number }>>;
  readonly exchangesByService: Readonly<Record<string, number>>;
  readonly sessionsPerDevice: number;
  readonly messagesPerDevice: number;
  readonly timeline: Timeline;
  /** Seconds of device time of finished devices, by step and what they went to. */
  readonly timeParts: Readonly<Partial<Record<StepName, Readonly<Record<TimePart, number>>>>>;
  readonly deviceSetup: SetupSummary;
  readonly generator: GeneratorSummary;
  readonly thresholds: readonly ThresholdResult[];
  /** The validation list, line by line; null where the scenario names none. */
  readonly validation: Validation | null;
  readonly verdict: Verdict;
}

export function summarize(ledger: RunLedger): Summary {
  const { header, totals } = ledger;
  const { plan } = header;
  const { inFlight: _inFlight, ...counts } = totals.books.counts();
  const durationSeconds = durationOf(ledger);
  const { verdict, thresholds, validation } = judgeRun(ledger, healthOf(ledger, durationSeconds));
  const records = Math.max(1, totals.sums.records);
  const mdmEnrollments = totals
    .counters('flotilla_mdm_enrollments_total')
    .reduce((total, series) => total + series.value, 0);
  return {
    summaryVersion: 1,
    version: header.version,
    run: header.run,
    scenario: plan.name,
    seed: plan.seed,
    speed: plan.speed,
    variants: countBy(plan.cohorts.map(({ variant, count }) => [variant, count])),
    ...counts,
    durationSeconds: rounded(durationSeconds),
    deploymentsPerSecond: rateOf(counts.succeeded, durationSeconds, totals.succeededBySecond),
    mdmEnrollmentsPerSecond: rateOf(mdmEnrollments, durationSeconds, totals.mdmEnrollmentsBySecond),
    inFlightPeak: totals.inFlightPeak,
    deployment: quantilesOf(totals.histogram('flotilla_deployment_duration_seconds')),
    setup: quantilesOf(totals.histogram('flotilla_setup_duration_seconds')),
    steps: stepsOf(totals),
    exchanges: exchangesOf(totals),
    failures: totals.failures(),
    retries: countBy(
      totals.counters('flotilla_retries_total').map(({ labels, value }) => [labels[1] ?? '', value]),
      'all',
    ),
    bytes: bytesOf(totals),
    exchangesByService: countBy(
      totals
        .histograms('flotilla_exchange_duration_seconds')
        .map(({ labels, value }) => [labels[0] ?? '', value.count]),
    ),
    sessionsPerDevice: rounded(totals.sums.sessions / records),
    messagesPerDevice: rounded(totals.sums.messages / records),
    timeline: timelineOf(totals),
    timeParts: Object.fromEntries(totals.timeParts().map(({ step, seconds }) => [step, roundedParts(seconds)])),
    deviceSetup: setupOf(totals),
    generator: generatorOf(ledger, durationSeconds),
    thresholds,
    validation,
    verdict,
  };
}

/** To the end of the last device; where none ended, to the last that is known. */
function durationOf({ totals, lastAtMs }: RunLedger): number {
  return (totals.sums.records > 0 ? totals.lastFinishMs : totals.elapsedMs(lastAtMs)) / 1000;
}

function rateOf(count: number, durationSeconds: number, bySecond: SecondCounts): Rate {
  const best = (windowSeconds: number): number | null => {
    const rate = bySecond.bestRate(windowSeconds);
    return rate === null ? null : rounded(rate);
  };
  return {
    mean: durationSeconds > 0 ? rounded(count / durationSeconds) : 0,
    best10Seconds: best(10),
    bestMinute: best(60),
  };
}

function stepsOf(totals: Totals): Partial<Record<StepName, StepSummary>> {
  const steps: Partial<Record<StepName, StepSummary>> = {};
  for (const step of STEP_NAMES) {
    const all = new Histogram();
    const outcomes: Record<StepOutcome, number> = { succeeded: 0, failed: 0, abandoned: 0 };
    for (const outcome of STEP_OUTCOMES) {
      const one = totals.histogram(
        'flotilla_step_duration_seconds',
        (labels) => labels[0] === step && labels[1] === outcome,
      );
      outcomes[outcome] = one.count;
      all.merge(one);
    }
    if (all.count === 0) continue;
    const service = quantilesOf(totals.histogram('flotilla_step_service_seconds', (labels) => labels[0] === step));
    steps[step] = { ...quantilesOf(all), outcomes, service };
  }
  return steps;
}

function exchangesOf(totals: Totals): Record<string, Record<string, OperationSummary>> {
  const series = totals.histograms('flotilla_exchange_duration_seconds');
  const services: Record<string, Record<string, OperationSummary>> = {};
  for (const service of SERVICE_NAMES) {
    for (const operation of SERVICES[service].operations) {
      const mine = series.filter(({ labels }) => labels[0] === service && labels[1] === operation);
      if (mine.length === 0) continue;
      const all = new Histogram();
      for (const { value } of mine) all.merge(value);
      const statuses = countBy(mine.map(({ labels, value }) => [labels[2] ?? '', value.count]));
      (services[service] ??= {})[operation] = { ...quantilesOf(all), statuses };
    }
  }
  return services;
}

function bytesOf(totals: Totals): Record<string, { sent: number; received: number }> {
  const bytes: Record<string, { sent: number; received: number }> = {};
  for (const { labels, value } of totals.counters('flotilla_bytes_total')) {
    const [service = '', direction] = labels;
    const entry = (bytes[service] ??= { sent: 0, received: 0 });
    if (direction === 'sent') entry.sent += value;
    else entry.received += value;
  }
  return bytes;
}

/** Sums by name; a name without anything is left out, unless `all` are wanted. */
function countBy(
  pairs: readonly (readonly [string, number])[],
  keep: 'counted' | 'all' = 'counted',
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, count] of pairs) {
    if (count > 0 || keep === 'all') counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

function roundedParts(seconds: Readonly<Record<TimePart, number>>): Record<TimePart, number> {
  const parts = { ...seconds };
  for (const part of Object.keys(parts) as TimePart[]) parts[part] = rounded(parts[part]);
  return parts;
}
