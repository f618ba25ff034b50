// The course of a run in at most LIMITS.timelinePointsMax points: what was planned, started and ended in each interval.
import { LIMITS } from '../kernel/limits.ts';
import type { Totals } from '../telemetry/totals.ts';
import { plannedBy } from './derived-series.ts';

export interface TimelinePoint {
  /** Start of the interval, seconds from the start of the run. */
  readonly atSeconds: number;
  readonly planned: number;
  readonly started: number;
  readonly atDesktop: number;
  readonly failed: number;
  readonly abandoned: number;
  /** In flight at the end of the interval. */
  readonly inFlight: number;
}

export interface Timeline {
  readonly intervalSeconds: number;
  readonly points: readonly TimelinePoint[];
}

export function timelineOf(totals: Totals): Timeline {
  const { startedBySecond, succeededBySecond, failedBySecond, abandonedBySecond, shape } = totals;
  const seconds = Math.max(
    ...[startedBySecond, succeededBySecond, failedBySecond, abandonedBySecond].map((counts) => counts.seconds),
  );
  let intervalSeconds = 1;
  while (seconds / intervalSeconds > LIMITS.timelinePointsMax) intervalSeconds *= 2;
  const points: TimelinePoint[] = [];
  let inFlight = 0;
  let plannedBefore = 0;
  for (let from = 0; from < seconds; from += intervalSeconds) {
    const to = from + intervalSeconds;
    // A device due in the first millisecond of the next interval is not yet due in this one.
    const plannedByNow = plannedBy(shape.intendedStartMs, to * 1000 - 1e-6);
    const started = startedBySecond.between(from, to);
    const atDesktop = succeededBySecond.between(from, to);
    const failed = failedBySecond.between(from, to);
    const abandoned = abandonedBySecond.between(from, to);
    inFlight += started - atDesktop - failed - abandoned;
    points.push({
      atSeconds: from,
      planned: plannedByNow - plannedBefore,
      started,
      atDesktop,
      failed,
      abandoned,
      inFlight,
    });
    plannedBefore = plannedByNow;
  }
  return { intervalSeconds, points };
}
