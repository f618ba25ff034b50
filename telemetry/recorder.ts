// What agents write telemetry into: one per shard, in its thread. A call is a few map look-ups and an addition, with no
// allocation once a series exists; everything else happens when a frame is taken, a few times a second.
import type { Clock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { assert } from '../kernel/result.ts';
import { FRAME_VERSION } from './frames.ts';
import type { Frame, HistogramSeries, ValueSeries } from './frames.ts';
import { Histogram } from './histogram.ts';
import { labelsFit, METRICS } from './metrics.ts';
import type { CounterName, GaugeName, HistogramName } from './metrics.ts';
import type { DeviceRecord, DeviceStart, FinishedDevice } from './records.ts';

type Recorded = CounterName | GaugeName | HistogramName;

/** Where the values of one metric are, by label values in the catalogue's order: a tree with one level for each label. */
class Branch<Series> {
  readonly branches = new Map<string, Branch<Series>>();
  series: Series | undefined;
}

interface Value {
  readonly metric: Recorded;
  readonly labels: readonly string[];
  value: number;
  changed: boolean;
}

interface Observed {
  readonly metric: Recorded;
  readonly labels: readonly string[];
  readonly histogram: Histogram;
}

export class ShardRecorder {
  readonly shard: number;
  readonly #clock: Clock;
  #sequence = 0;
  readonly #values = new Map<Recorded, Branch<Value>>();
  readonly #histograms = new Map<Recorded, Branch<Observed>>();
  readonly #counters: Value[] = [];
  readonly #gauges: Value[] = [];
  readonly #observed: Observed[] = [];
  #dropped = 0;
  #started: DeviceStart[] = [];
  #notStarted: number[] = [];
  #finished: FinishedDevice[] = [];

  constructor(shard: number, clock: Clock) {
    this.shard = shard;
    this.#clock = clock;
  }

  /** Adds to a counter. Label values in the catalogue's order; one outside its closed set is a programmer's error. */
  count(metric: CounterName, labels: readonly string[], by = 1): void {
    const series = this.#value(metric, labels, this.#counters);
    if (series === undefined) return;
    series.value += by;
    series.changed = true;
  }

  /** Moves a gauge by `delta`; frames carry its value, so that one seen twice is harmless. */
  gauge(metric: GaugeName, labels: readonly string[], delta: number): void {
    const series = this.#value(metric, labels, this.#gauges);
    if (series === undefined) return;
    series.value += delta;
    series.changed = true;
  }

  /** Sets a gauge that is read from somewhere rather than counted. */
  setGauge(metric: GaugeName, labels: readonly string[], value: number): void {
    const series = this.#value(metric, labels, this.#gauges);
    if (series === undefined) return;
    series.value = value;
    series.changed = true;
  }

  observe(metric: HistogramName, labels: readonly string[], seconds: number): void {
    const leaf = find(this.#histograms, metric, labels);
    if (leaf.series === undefined) {
      if (!this.#mayAdd(metric, labels, this.#observed)) return;
      leaf.series = { metric, labels: [...labels], histogram: new Histogram() };
      this.#observed.push(leaf.series);
    }
    leaf.series.histogram.record(seconds);
  }

  /** A device was switched on, so many milliseconds after its intended start (observed as lateness here). */
  deviceStarted(index: number, sinceIntendedMs: number): void {
    // A timer may fire a fraction of a millisecond early.
    const latenessMs = Math.max(0, sinceIntendedMs);
    this.#started.push({ index, latenessMs });
    this.observe('flotilla_arrival_lateness_seconds', [], latenessMs / 1000);
  }

  /** A device of the plan was not switched on: too many in flight, or arrivals were stopped. */
  deviceNotStarted(index: number): void {
    this.#notStarted.push(index);
  }

  /** A device is done: at the desktop, failed or abandoned. Once for each device that started. */
  deviceFinished(record: DeviceRecord): void {
    this.#finished.push({ atMs: this.#clock.wallMs(), record });
  }

  /** What happened since the last frame, with the next sequence number (from 1). */
  takeFrame(): Frame {
    if (this.#dropped > 0) {
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.count('flotilla_generator_dropped_total', [], dropped);
    }
    const counters = takeChanged(this.#counters);
    for (const counter of this.#counters) counter.value = 0;
    const gauges = takeChanged(this.#gauges);
    const histograms: HistogramSeries[] = [];
    for (const { metric, labels, histogram } of this.#observed) {
      if (histogram.count > 0) histograms.push({ metric, labels, delta: histogram.takeDelta() });
    }
    const frame: Frame = {
      version: FRAME_VERSION,
      shard: this.shard,
      sequence: ++this.#sequence,
      sentAtMs: this.#clock.wallMs(),
      counters,
      gauges,
      histograms,
      started: this.#started,
      notStarted: this.#notStarted,
      finished: this.#finished,
    };
    this.#started = [];
    this.#notStarted = [];
    this.#finished = [];
    return frame;
  }

  #value(metric: CounterName | GaugeName, labels: readonly string[], all: Value[]): Value | undefined {
    const leaf = find(this.#values, metric, labels);
    if (leaf.series === undefined) {
      if (!this.#mayAdd(metric, labels, all)) return undefined;
      leaf.series = { metric, labels: [...labels], value: 0, changed: false };
      all.push(leaf.series);
    }
    return leaf.series;
  }

  /** Only when a series is new, so the checks cost nothing later. */
  #mayAdd(metric: Recorded, labels: readonly string[], all: readonly unknown[]): boolean {
    assert(labelsFit(METRICS[metric], labels), `labels [${labels.join(', ')}] do not fit ${metric}`);
    if (all.length < LIMITS.seriesMax) return true;
    this.#dropped++;
    return false;
  }
}

function find<Series>(
  roots: Map<Recorded, Branch<Series>>,
  metric: Recorded,
  labels: readonly string[],
): Branch<Series> {
  let branch: Branch<Series> = child(roots, metric);
  for (const label of labels) branch = child(branch.branches, label);
  return branch;
}

function child<Key, Series>(branches: Map<Key, Branch<Series>>, key: Key): Branch<Series> {
  const known = branches.get(key);
  if (known !== undefined) return known;
  const branch = new Branch<Series>();
  branches.set(key, branch);
  return branch;
}

function takeChanged(all: readonly Value[]): ValueSeries[] {
  const changed: ValueSeries[] = [];
  for (const series of all) {
    if (!series.changed) continue;
    changed.push({ metric: series.metric, labels: series.labels, value: series.value });
    series.changed = false;
  }
  return changed;
}
