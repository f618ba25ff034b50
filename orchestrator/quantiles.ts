// The figures by which durations are reported, the same everywhere.
import type { Histogram } from '../telemetry/histogram.ts';

/** Seconds; quantiles are at most 0.8% off, `max` is exact. All zero where `count` is. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export function quantilesOf(histogram: Histogram): Quantiles {
  return {
    count: histogram.count,
    p50: rounded(histogram.quantile(0.5)),
    p90: rounded(histogram.quantile(0.9)),
    p95: rounded(histogram.quantile(0.95)),
    p99: rounded(histogram.quantile(0.99)),
    max: rounded(histogram.max),
  };
}

/** To a microsecond: digits beyond are noise that makes files unreadable. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
