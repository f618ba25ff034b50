// The totals of a run: every frame folded exactly once. Endpoint, progress, thresholds and summary read it; the report
// folds the journal into another one and must get the same numbers, so nothing here may depend on anything but the frames.
import type { FailureCode } from '../catalog/failures.ts';
import { STEP_NAMES, TIME_PARTS } from '../catalog/steps.ts';
import type { StepName, TimePart } from '../catalog/steps.ts';
import { DeviceBooks } from './device-books.ts';
import type { FleetShape } from './device-books.ts';
import type { Frame } from './frames.ts';
import { Histogram } from './histogram.ts';
import type { SparseHistogram } from './histogram.ts';
import { METRIC_NAMES, zeroSeries } from './metrics.ts';
import type { MetricName } from './metrics.ts';
import type { FinishedDevice } from './records.ts';
import { SecondCounts } from './second-counts.ts';

/** One series of a metric as it stands. */
export interface TotalSeries<Value> {
  readonly labels: readonly string[];
  readonly value: Value;
}

/** Devices that ended otherwise than at the desktop, by where and why. */
export interface FailureCount {
  readonly step: StepName | null;
  readonly code: FailureCode;
  readonly count: number;
}

/** Sums over the records of finished devices. */
export interface RecordSums {
  records: number;
  exchanges: number;
  sessions: number;
  messages: number;
  retries: number;
}

type SeriesByLabels<Value> = Map<string, { readonly labels: readonly string[]; value: Value }>;

export class Totals {
  readonly shape: FleetShape;
  readonly books: DeviceBooks;
  readonly startedBySecond = new SecondCounts();
  readonly succeededBySecond = new SecondCounts();
  readonly failedBySecond = new SecondCounts();
  readonly abandonedBySecond = new SecondCounts();
  readonly mdmEnrollmentsBySecond = new SecondCounts();
  readonly sums: RecordSums = { records: 0, exchanges: 0, sessions: 0, messages: 0, retries: 0 };
  #startWallMs: number | undefined;
  #lastFinishMs = 0;
  #inFlightPeak = 0;
  readonly #lastSequence = new Map<number, number>();
  readonly #counters = new Map<MetricName, SeriesByLabels<number>>();
  /** Gauges by shard: a shard that is gone has nothing open any more. */
  readonly #gauges = new Map<number, Map<MetricName, SeriesByLabels<number>>>();
  readonly #histograms = new Map<MetricName, SeriesByLabels<Histogram>>();
  readonly #failures = new Map<string, { step: StepName | null; code: FailureCode; count: number }>();
  readonly #partsMs = new Map<StepName, Record<TimePart, number>>();

  constructor(shape: FleetShape) {
    this.shape = shape;
    this.books = new DeviceBooks(shape);
    for (const metric of METRIC_NAMES) {
      for (const labels of zeroSeries(metric)) this.#count(metric, labels, 0);
    }
    for (const { name, site, variant } of shape.cohorts) {
      this.#count('flotilla_mdm_enrollments_total', [name, site, variant], 0);
    }
  }

  /** The start barrier opened: time zero, in milliseconds since the epoch. */
  start(atWallMs: number): void {
    this.#startWallMs = atWallMs;
  }

  /** Milliseconds of the run at a wall-clock time; 0 before the start. */
  elapsedMs(atWallMs: number): number {
    return this.#startWallMs === undefined ? 0 : Math.max(0, atWallMs - this.#startWallMs);
  }

  /** When the last device ended, in milliseconds of the run. */
  get lastFinishMs(): number {
    return this.#lastFinishMs;
  }

  get inFlightPeak(): number {
    return this.#inFlightPeak;
  }

  /** The last sequence folded of a shard; 0 before its first frame. */
  lastSequence(shard: number): number {
    return this.#lastSequence.get(shard) ?? 0;
  }

  /** Counts a frame; false when it was counted before. */
  fold(frame: Frame): boolean {
    const last = this.lastSequence(frame.shard);
    if (frame.sequence <= last) return false;
    if (frame.sequence > last + 1) {
      this.books.fault(`frames ${last + 1} to ${frame.sequence - 1} of shard ${frame.shard} are missing`);
    }
    this.#lastSequence.set(frame.shard, frame.sequence);
    const atMs = this.elapsedMs(frame.sentAtMs);
    for (const { metric, labels, value } of frame.counters) {
      this.#count(metric, labels, value);
      if (metric === 'flotilla_mdm_enrollments_total') this.mdmEnrollmentsBySecond.add(atMs, value);
    }
    for (const { metric, labels, value } of frame.gauges) this.#setGauge(frame.shard, metric, labels, value);
    for (const { metric, labels, delta } of frame.histograms) this.#observe(metric, labels, delta);
    for (const start of frame.started) {
      if (!this.#belongs(start.index, frame.shard) || !this.books.start(start.index)) continue;
      this.startedBySecond.add(this.shape.intendedStartMs[start.index]! + start.latenessMs);
    }
    // Between two frames devices start and end; counting the starts first makes the peak an upper bound of 250 ms.
    this.#inFlightPeak = Math.max(this.#inFlightPeak, this.books.counts().inFlight);
    for (const index of frame.notStarted) if (this.#belongs(index, frame.shard)) this.books.doNotStart(index);
    for (const finished of frame.finished)
      if (this.#belongs(finished.record.index, frame.shard)) this.#finish(finished);
    return true;
  }

  /** Settles by the plan what a shard (or, without one, all of them) will not report any more. */
  settle(atWallMs: number, code: FailureCode, shard?: number): void {
    const elapsedMs = this.elapsedMs(atWallMs);
    // Before the barrier no device is due, not even one at time zero.
    for (const _index of this.books.settle(this.#startWallMs === undefined ? -1 : elapsedMs, shard)) {
      this.abandonedBySecond.add(elapsedMs);
      this.#fail(null, code);
      this.#lastFinishMs = Math.max(this.#lastFinishMs, elapsedMs);
    }
    // The orchestrator reports on itself as the shard after the last; it lives on.
    const settled = shard === undefined ? [...this.#gauges.keys()].filter((any) => any < this.shape.shards) : [shard];
    for (const gone of settled) this.#gauges.delete(gone);
  }

  counters(metric: MetricName): TotalSeries<number>[] {
    return [...(this.#counters.get(metric)?.values() ?? [])];
  }

  /** The value of one counter; 0 where nothing was counted. */
  counter(metric: MetricName, labels: readonly string[]): number {
    return this.#counters.get(metric)?.get(key(labels))?.value ?? 0;
  }

  /** Gauges, added up over the shards. */
  gauges(metric: MetricName): TotalSeries<number>[] {
    const sums: SeriesByLabels<number> = new Map();
    for (const metrics of this.#gauges.values()) {
      for (const [at, series] of metrics.get(metric) ?? []) {
        sums.set(at, { labels: series.labels, value: (sums.get(at)?.value ?? 0) + series.value });
      }
    }
    return [...sums.values()];
  }

  gauge(metric: MetricName, labels: readonly string[]): number {
    let total = 0;
    for (const metrics of this.#gauges.values()) total += metrics.get(metric)?.get(key(labels))?.value ?? 0;
    return total;
  }

  histograms(metric: MetricName): TotalSeries<Histogram>[] {
    return [...(this.#histograms.get(metric)?.values() ?? [])];
  }

  /** The series of a histogram that `wanted` takes, merged into one; all of them without it. */
  histogram(metric: MetricName, wanted?: (labels: readonly string[]) => boolean): Histogram {
    const merged = new Histogram();
    for (const { labels, value } of this.histograms(metric)) if (wanted?.(labels) ?? true) merged.merge(value);
    return merged;
  }

  /** Failures and abandonments, most frequent first. */
  failures(): FailureCount[] {
    return [...this.#failures.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }

  /** Seconds of device time by step and part, of finished devices, in the order of the catalogue. */
  timeParts(): { readonly step: StepName; readonly seconds: Readonly<Record<TimePart, number>> }[] {
    return STEP_NAMES.flatMap((step) => {
      const partsMs = this.#partsMs.get(step);
      if (partsMs === undefined) return [];
      const seconds = { ...partsMs };
      for (const part of TIME_PARTS) seconds[part] /= 1000;
      return [{ step, seconds }];
    });
  }

  #belongs(index: number, shard: number): boolean {
    if (index < this.shape.devices && index % this.shape.shards === shard) return true;
    this.books.fault(`device ${index} is not one of shard ${shard}`);
    return false;
  }

  #finish({ atMs, record }: FinishedDevice): void {
    if (!this.books.finish(record.index, record.outcome)) return;
    const cohortAt = this.shape.cohortOf[record.index]!;
    if (cohortAt !== record.cohort) this.books.fault(`device ${record.index} reports another cohort than the plan's`);
    const { name, site, variant } = this.shape.cohorts[cohortAt]!;
    const elapsedMs = this.elapsedMs(atMs);
    this.#lastFinishMs = Math.max(this.#lastFinishMs, elapsedMs);
    const bySecond = {
      succeeded: this.succeededBySecond,
      failed: this.failedBySecond,
      abandoned: this.abandonedBySecond,
    }[record.outcome];
    bySecond.add(elapsedMs);
    if (record.outcome !== 'succeeded') this.#fail(record.step, record.code ?? 'abandoned');
    const cohort = [name, site, variant];
    if (record.deploymentMs !== null) this.#record('flotilla_deployment_duration_seconds', cohort, record.deploymentMs);
    if (record.setupMs !== null) this.#record('flotilla_setup_duration_seconds', cohort, record.setupMs);
    this.sums.records++;
    this.sums.exchanges += record.exchanges;
    this.sums.sessions += record.sessions;
    this.sums.messages += record.messages;
    this.sums.retries += record.retries;
    for (const { step, partsMs } of record.steps) {
      const sums = this.#partsMs.get(step) ?? { person: 0, service: 0, install: 0, restart: 0, poll: 0 };
      for (const part of TIME_PARTS) sums[part] += partsMs[part];
      this.#partsMs.set(step, sums);
    }
  }

  #fail(step: StepName | null, code: FailureCode): void {
    const at = key([step ?? '', code]);
    const known = this.#failures.get(at);
    if (known === undefined) this.#failures.set(at, { step, code, count: 1 });
    else known.count++;
  }

  #count(metric: MetricName, labels: readonly string[], by: number): void {
    seriesOf(this.#counters, metric, labels, () => 0).value += by;
  }

  #setGauge(shard: number, metric: MetricName, labels: readonly string[], value: number): void {
    let metrics = this.#gauges.get(shard);
    if (metrics === undefined) this.#gauges.set(shard, (metrics = new Map()));
    seriesOf(metrics, metric, labels, () => 0).value = value;
  }

  #observe(metric: MetricName, labels: readonly string[], delta: SparseHistogram): void {
    seriesOf(this.#histograms, metric, labels, () => new Histogram()).value.merge(delta);
  }

  #record(metric: MetricName, labels: readonly string[], ms: number): void {
    seriesOf(this.#histograms, metric, labels, () => new Histogram()).value.record(ms / 1000);
  }
}

/** Label values hold no control characters: scenarios and catalogue do not allow them. */
function key(labels: readonly string[]): string {
  return labels.join('\u0000');
}

function seriesOf<Value>(
  metrics: Map<MetricName, SeriesByLabels<Value>>,
  metric: MetricName,
  labels: readonly string[],
  initial: () => Value,
): { readonly labels: readonly string[]; value: Value } {
  let byLabels = metrics.get(metric);
  if (byLabels === undefined) metrics.set(metric, (byLabels = new Map()));
  const at = key(labels);
  let series = byLabels.get(at);
  if (series === undefined) byLabels.set(at, (series = { labels, value: initial() }));
  return series;
}
