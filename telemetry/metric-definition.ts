// What the catalogue of metrics says of each, and the buckets that several of them share.
import type { LabelName } from './labels.ts';

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Who writes it: a shard through its recorder, or the orchestrator from the books and the plan. */
  readonly writer: 'shard' | 'orchestrator';
  readonly help: string;
  readonly labels: readonly LabelName[];
  /** Where a label takes other values than LABEL_VALUES says. */
  readonly values?: Partial<Record<LabelName, readonly string[]>>;
  /** Upper bounds of a histogram's buckets, ascending, in the metric's unit; +Inf is implied. */
  readonly buckets?: readonly number[];
}

/** Device time: from seconds at high speed to a working day. */
export const DEVICE_TIME_BUCKETS = [
  1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 14_400, 28_800,
] as const;
/** Exchanges with a service: from loopback to the exchange time-out. */
export const EXCHANGE_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;
/** How late the generator is: a millisecond is good, a second is broken. */
export const LATENESS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] as const;

export const COHORT = ['cohort', 'site', 'variant'] as const;
