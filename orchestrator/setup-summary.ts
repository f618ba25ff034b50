// What the summary says of the setup of devices beyond its steps: failures that ended nobody, restarts, apps, the critical path of
// blocking apps, content by site. Pure functions of the totals.
import type { FailureCode } from '../catalog/failures.ts';
import type { StepName } from '../catalog/steps.ts';
import type { AppResult } from '../telemetry/labels.ts';
import type { Totals } from '../telemetry/totals.ts';
import { quantilesOf, type Quantiles } from './quantiles.ts';

export interface AppSummary extends Quantiles {
  readonly results: Readonly<Partial<Record<AppResult, number>>>;
}

export interface SetupSummary {
  /** Failures after which the device went on, most frequent first. */
  readonly softFailures: readonly { readonly step: StepName; readonly code: FailureCode; readonly count: number }[];
  /** Restarts by the step in which they came. */
  readonly restarts: Readonly<Partial<Record<StepName, number>>>;
  /** By app: device time from the start of its download to the end of its last attempt, and how it ended. */
  readonly apps: Readonly<Record<string, AppSummary>>;
  /** By phase: device time in which at least one blocking app was in work. */
  readonly blockingApps: Readonly<Partial<Record<StepName, Quantiles>>>;
  /** Content of apps and updates that the devices of each site have downloaded. */
  readonly contentBytes: Readonly<Record<string, number>>;
}

export function setupOf(totals: Totals): SetupSummary {
  const softFailures = totals
    .counters('flotilla_step_soft_failures_total')
    .map(({ labels, value }) => ({ step: labels[0] as StepName, code: labels[1] as FailureCode, count: value }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  return {
    softFailures,
    restarts: counted(totals, 'flotilla_restarts_total'),
    apps: appsOf(totals),
    blockingApps: Object.fromEntries(
      totals
        .histograms('flotilla_esp_blocking_apps_seconds')
        .map(({ labels, value }) => [labels[0], quantilesOf(value)]),
    ),
    contentBytes: counted(totals, 'flotilla_content_bytes_total'),
  };
}

function counted(
  totals: Totals,
  metric: 'flotilla_restarts_total' | 'flotilla_content_bytes_total',
): Record<string, number> {
  return Object.fromEntries(
    totals.counters(metric).flatMap(({ labels, value }) => (value > 0 ? [[labels[0] ?? '', value]] : [])),
  );
}

function appsOf(totals: Totals): Record<string, AppSummary> {
  const results = new Map<string, Partial<Record<AppResult, number>>>();
  for (const { labels, value } of totals.counters('flotilla_app_installs_total')) {
    if (value === 0) continue;
    const [app = '', result] = labels;
    results.set(app, { ...results.get(app), [result as AppResult]: value });
  }
  return Object.fromEntries(
    [...results].map(([app, ended]) => [
      app,
      { ...quantilesOf(totals.histogram('flotilla_app_duration_seconds', ([name]) => name === app)), results: ended },
    ]),
  );
}
