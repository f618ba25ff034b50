// The thresholds of a scenario against the totals: while a run is on (a metric) and at its end (the verdict).
import type { Plan, ThresholdPlan } from '../scenarios/language/plan.ts';
import type { Totals } from '../telemetry/totals.ts';

export interface ThresholdResult {
  /** As the scenario wrote it. */
  readonly text: string;
  /** Share of devices, or seconds of device time; null where there was nothing to measure. */
  readonly measured: number | null;
  readonly ok: boolean;
}

/** The threshold of a scenario that has none. */
export const NO_DEVICE_FAILED = 'no device failed or was abandoned';

/** Where nothing was measured yet a threshold holds while the run is on, and fails at the end (`final`). */
export function judgeThresholds(plan: Plan, totals: Totals, final: boolean): ThresholdResult[] {
  if (plan.thresholds.length > 0) return plan.thresholds.map((threshold) => judge(threshold, totals, final));
  const { failed, abandoned } = totals.books.counts();
  return [{ text: NO_DEVICE_FAILED, measured: failed + abandoned, ok: failed + abandoned === 0 }];
}

function judge({ text, measure, below }: ThresholdPlan, totals: Totals, final: boolean): ThresholdResult {
  if (measure.of === 'failed-share') {
    const { succeeded, failed, abandoned } = totals.books.counts();
    const done = succeeded + failed + abandoned;
    if (done === 0) return { text, measured: null, ok: !final };
    const share = (failed + abandoned) / done;
    return { text, measured: share, ok: share < below };
  }
  const durations = totals.histogram(
    measure.of === 'setup' ? 'flotilla_setup_duration_seconds' : 'flotilla_deployment_duration_seconds',
  );
  if (durations.count === 0) return { text, measured: null, ok: !final };
  const seconds = durations.quantile(measure.quantile);
  return { text, measured: seconds, ok: seconds * 1000 < below };
}
