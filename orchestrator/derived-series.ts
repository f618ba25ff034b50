// Metrics that no shard writes: where the devices stand, what the plan has switched on by now, and the thresholds.
import { DEVICE_STATES } from '../telemetry/labels.ts';
import type { MetricName } from '../telemetry/metrics.ts';
import type { Totals, TotalSeries } from '../telemetry/totals.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { judgeThresholds } from './thresholds.ts';

export function derivedSeries(
  metric: MetricName,
  totals: Totals,
  plan: Plan,
  /** Milliseconds since the start barrier; null before it. */
  elapsedMs: number | null,
): readonly TotalSeries<number>[] {
  if (metric === 'flotilla_arrivals_planned_total') {
    return [{ labels: [], value: elapsedMs === null ? 0 : plannedBy(totals.shape.intendedStartMs, elapsedMs) }];
  }
  if (metric === 'flotilla_devices_total') {
    return DEVICE_STATES.flatMap((state) =>
      totals.shape.cohorts.map(({ name, site, variant }, cohort) => ({
        labels: [state, name, site, variant],
        value: totals.books.count(state, cohort),
      })),
    );
  }
  if (metric === 'flotilla_threshold_ok') {
    return judgeThresholds(plan, totals, false).map(({ text, ok }) => ({ labels: [text], value: ok ? 1 : 0 }));
  }
  return [];
}

/** How many devices the plan has switched on by then: offsets do not decrease. */
export function plannedBy(offsetsMs: Float64Array, elapsedMs: number): number {
  let low = 0;
  let high = offsetsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsetsMs[middle]! <= elapsedMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
