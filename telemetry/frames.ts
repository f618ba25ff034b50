// The frame: what a shard has seen since its last one, as msgpack. Frames cross a socket and are kept in the journal, so
// reading one trusts nothing: every number, name and label is checked, and the whole frame is refused at the first fault.
import { Packr, Unpackr } from 'msgpackr';
import { FAILURES } from '../catalog/failures.ts';
import type { FailureCode } from '../catalog/failures.ts';
import { STEP_OUTCOMES, STEPS, TIME_PARTS } from '../catalog/steps.ts';
import type { StepName, StepOutcome, TimePart } from '../catalog/steps.ts';
import { LIMITS } from '../kernel/limits.ts';
import { malformed, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { HISTOGRAM_BUCKETS } from './histogram.ts';
import type { SparseHistogram } from './histogram.ts';
import { labelsFit, metricDefinition } from './metrics.ts';
import type { MetricDefinition, MetricName } from './metrics.ts';
import type { DeviceRecord, DeviceStart, FinishedDevice, StepRecord } from './records.ts';

/** Raised when a frame of the last version can no longer be read. */
export const FRAME_VERSION = 1;

/** What a counter grew by, or what a gauge stands at. */
export interface ValueSeries {
  readonly metric: MetricName;
  readonly labels: readonly string[];
  readonly value: number;
}

export interface HistogramSeries {
  readonly metric: MetricName;
  readonly labels: readonly string[];
  readonly delta: SparseHistogram;
}

export interface Frame {
  readonly version: typeof FRAME_VERSION;
  readonly shard: number;
  /** 1, 2, 3, ... of one shard: a frame seen twice counts once. */
  readonly sequence: number;
  /** Milliseconds since the epoch by the shard's clock. */
  readonly sentAtMs: number;
  readonly counters: readonly ValueSeries[];
  readonly gauges: readonly ValueSeries[];
  readonly histograms: readonly HistogramSeries[];
  readonly started: readonly DeviceStart[];
  readonly notStarted: readonly number[];
  readonly finished: readonly FinishedDevice[];
}

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/**
 * On the wire a frame is an array: [version, shard, sequence, sentAtMs, names, counters, gauges, histograms, started,
 * notStarted, finished]. `names` holds step names and failure codes once; records refer to them by position. Times of
 * records are tenths of milliseconds, so that most take one to three bytes.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const names = new Names();
  const finished = frame.finished.map((device) => packFinished(device, frame.sentAtMs, names));
  return packr.pack([
    frame.version,
    frame.shard,
    frame.sequence,
    frame.sentAtMs,
    names.list,
    frame.counters.map((series) => [series.metric, series.labels, series.value]),
    frame.gauges.map((series) => [series.metric, series.labels, series.value]),
    frame.histograms.map(({ metric, labels, delta }) => [
      metric,
      labels,
      delta.count,
      delta.sum,
      delta.max,
      delta.buckets,
    ]),
    frame.started.flatMap((start) => [start.index, tenths(start.latenessMs)]),
    frame.notStarted,
    finished,
  ]);
}

export function decodeFrame(bytes: Uint8Array): Result<Frame> {
  if (bytes.length > LIMITS.frameBytesMax) return malformed(0, `a frame of ${bytes.length} bytes is too large`);
  let wire: unknown;
  try {
    wire = unpackr.unpack(bytes);
  } catch (thrown) {
    return malformed(0, `not msgpack: ${messageOf(thrown)}`);
  }
  try {
    return ok(readFrame(wire));
  } catch (thrown) {
    if (thrown instanceof Unreadable) return malformed(0, thrown.message);
    throw thrown;
  }
}

class Names {
  readonly list: string[] = [];
  readonly #positions = new Map<string, number>();

  position(name: string): number {
    let position = this.#positions.get(name);
    if (position === undefined) {
      position = this.list.push(name) - 1;
      this.#positions.set(name, position);
    }
    return position;
  }
}

/** Times here are lengths; a clock's fraction of a millisecond below zero is zero. */
function tenths(ms: number): number {
  return Math.max(0, Math.round(ms * 10));
}

function packFinished({ atMs, record }: FinishedDevice, sentAtMs: number, names: Names): unknown[] {
  const steps: number[] = [];
  for (const step of record.steps) {
    steps.push(names.position(step.step), STEP_OUTCOMES.indexOf(step.outcome));
    for (const part of TIME_PARTS) steps.push(tenths(step.partsMs[part]));
  }
  return [
    tenths(sentAtMs - atMs),
    record.index,
    record.cohort,
    STEP_OUTCOMES.indexOf(record.outcome),
    record.code === null ? null : names.position(record.code),
    record.step === null ? null : names.position(record.step),
    tenths(record.intendedStartMs),
    tenths(record.latenessMs),
    record.deploymentMs === null ? null : tenths(record.deploymentMs),
    record.setupMs === null ? null : tenths(record.setupMs),
    record.exchanges,
    record.sessions,
    record.messages,
    record.retries,
    steps,
  ];
}

/** Unwinds the reader at the first fault; never leaves this file. */
class Unreadable extends Error {}

function readFrame(wire: unknown): Frame {
  const parts = list(wire, 'frame', 16);
  const version = parts[0];
  if (version !== FRAME_VERSION) throw new Unreadable(`frame version ${String(version)}, expected ${FRAME_VERSION}`);
  const sentAtMs = amount(parts[3], 'sentAtMs');
  const names = list(parts[4], 'names', 1_000).map((name) => text(name, 'name'));
  const started = list(parts[8], 'started', 2 * LIMITS.devicesMax).map((value) => amount(value, 'started'));
  if (started.length % 2 !== 0) throw new Unreadable('started is not pairs');
  return {
    version: FRAME_VERSION,
    shard: whole(parts[1], 'shard'),
    sequence: whole(parts[2], 'sequence'),
    sentAtMs,
    counters: list(parts[5], 'counters', LIMITS.seriesMax).map((series) => readValue(series, 'counter')),
    gauges: list(parts[6], 'gauges', LIMITS.seriesMax).map((series) => readValue(series, 'gauge')),
    histograms: list(parts[7], 'histograms', LIMITS.seriesMax).map(readHistogram),
    started: Array.from({ length: started.length / 2 }, (_, i) => ({
      index: whole(started[2 * i], 'started index'),
      latenessMs: started[2 * i + 1]! / 10,
    })),
    notStarted: list(parts[9], 'notStarted', LIMITS.devicesMax).map((index) => whole(index, 'notStarted')),
    finished: list(parts[10], 'finished', LIMITS.devicesMax).map((device) => readFinished(device, sentAtMs, names)),
  };
}

function readSeries(
  wire: readonly unknown[],
  type: MetricDefinition['type'],
): { metric: MetricName; labels: readonly string[] } {
  const metric = text(wire[0], 'metric');
  const definition = metricDefinition(metric);
  if (definition === undefined || definition.type !== type || definition.writer !== 'shard') {
    throw new Unreadable(`no ${type} of shards is called ${JSON.stringify(metric)}`);
  }
  const labels = list(wire[1], 'labels', 8).map((label) => text(label, 'label'));
  if (!labelsFit(definition, labels)) throw new Unreadable(`labels do not fit ${metric}: ${JSON.stringify(labels)}`);
  return { metric: metric as MetricName, labels };
}

function readValue(wire: unknown, type: 'counter' | 'gauge'): ValueSeries {
  const parts = list(wire, type, 3);
  const series = readSeries(parts, type);
  return { ...series, value: type === 'counter' ? amount(parts[2], type) : finite(parts[2], type) };
}

function readHistogram(wire: unknown): HistogramSeries {
  const parts = list(wire, 'histogram', 6);
  const series = readSeries(parts, 'histogram');
  const buckets = list(parts[5], 'buckets', 2 * HISTOGRAM_BUCKETS).map((value) => whole(value, 'bucket'));
  let counted = 0;
  let previous = -1;
  for (let i = 0; i < buckets.length; i += 2) {
    const bucket = buckets[i]!;
    if (bucket <= previous || bucket >= HISTOGRAM_BUCKETS) throw new Unreadable('buckets are not ascending');
    previous = bucket;
    counted += buckets[i + 1] ?? Number.NaN;
  }
  const count = whole(parts[2], 'count');
  if (counted !== count) throw new Unreadable('buckets do not add up to the count');
  return { ...series, delta: { count, sum: amount(parts[3], 'sum'), max: amount(parts[4], 'max'), buckets } };
}

function readFinished(wire: unknown, sentAtMs: number, names: readonly string[]): FinishedDevice {
  const parts = list(wire, 'record', 15);
  const stepParts = list(parts[14], 'steps', 64 * STEP_WIDTH);
  if (stepParts.length % STEP_WIDTH !== 0) throw new Unreadable('steps are not whole');
  const steps: StepRecord[] = [];
  for (let at = 0; at < stepParts.length; at += STEP_WIDTH) steps.push(readStep(stepParts, at, names));
  const record: DeviceRecord = {
    index: whole(parts[1], 'index'),
    cohort: whole(parts[2], 'cohort'),
    outcome: outcome(parts[3]),
    code: parts[4] === null ? null : failureCode(names[whole(parts[4], 'code')]),
    step: parts[5] === null ? null : stepName(names[whole(parts[5], 'step')]),
    intendedStartMs: amount(parts[6], 'intendedStartMs') / 10,
    latenessMs: amount(parts[7], 'latenessMs') / 10,
    deploymentMs: parts[8] === null ? null : amount(parts[8], 'deploymentMs') / 10,
    setupMs: parts[9] === null ? null : amount(parts[9], 'setupMs') / 10,
    exchanges: whole(parts[10], 'exchanges'),
    sessions: whole(parts[11], 'sessions'),
    messages: whole(parts[12], 'messages'),
    retries: whole(parts[13], 'retries'),
    steps,
  };
  return { atMs: sentAtMs - amount(parts[0], 'age') / 10, record };
}

/** Numbers of one step in a record: name, outcome, and its time parts. */
const STEP_WIDTH = 2 + TIME_PARTS.length;

function readStep(parts: readonly unknown[], at: number, names: readonly string[]): StepRecord {
  const partsMs = {} as Record<TimePart, number>;
  for (const [i, part] of TIME_PARTS.entries()) partsMs[part] = amount(parts[at + 2 + i], part) / 10;
  return {
    step: stepName(names[whole(parts[at], 'step')]),
    outcome: outcome(parts[at + 1]),
    partsMs,
  };
}

function list(value: unknown, what: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > lengthMax) throw new Unreadable(`${what} is not a list of its bound`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > 200) throw new Unreadable(`${what} is not a short text`);
  return value;
}

function finite(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unreadable(`${what} is not a number`);
  return value;
}

function amount(value: unknown, what: string): number {
  const number = finite(value, what);
  if (number < 0) throw new Unreadable(`${what} is negative`);
  return number;
}

function whole(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Unreadable(`${what} is not a whole number`);
  return value as number;
}

function outcome(value: unknown): StepOutcome {
  const found = STEP_OUTCOMES[whole(value, 'outcome')];
  if (found === undefined) throw new Unreadable('unknown outcome');
  return found;
}

function stepName(value: string | undefined): StepName {
  if (value === undefined || !Object.hasOwn(STEPS, value)) throw new Unreadable(`unknown step ${String(value)}`);
  return value as StepName;
}

function failureCode(value: string | undefined): FailureCode {
  if (value === undefined || !Object.hasOwn(FAILURES, value)) throw new Unreadable(`unknown code ${String(value)}`);
  return value as FailureCode;
}
