import * as fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { STEP_NAMES, STEP_OUTCOMES } from '../catalog/steps.ts';
import { decodeFrame, encodeFrame } from './frames.ts';
import type { Frame } from './frames.ts';
import { Histogram } from './histogram.ts';
import { sampleFrame, sampleRecord } from './fixtures/records.ts';
import type { DeviceRecord } from './records.ts';

/** Times cross in tenths of milliseconds. */
const ms = fc.nat(1e9).map((tenths) => tenths / 10);
const count = fc.nat(1e6);
const step = fc.constantFrom(...STEP_NAMES);
const outcome = fc.constantFrom(...STEP_OUTCOMES);

const record: fc.Arbitrary<DeviceRecord> = fc.record({
  index: count,
  cohort: fc.nat(31),
  outcome,
  code: fc.constantFrom(null, '807', 'abandoned', '0x801c0003'),
  step: fc.option(step),
  intendedStartMs: ms,
  latenessMs: ms,
  deploymentMs: fc.option(ms),
  setupMs: fc.option(ms),
  steps: fc.array(
    fc.record({
      step,
      outcome,
      partsMs: fc.record({ person: ms, service: ms, install: ms, restart: ms, poll: ms }),
    }),
    { maxLength: 12 },
  ),
  exchanges: count,
  sessions: count,
  messages: count,
  retries: count,
});

const frame: fc.Arbitrary<Frame> = fc
  .record({
    shard: fc.nat(64),
    sequence: fc.integer({ min: 1, max: 1e9 }),
    values: fc.array(fc.double({ min: 1e-5, max: 1e5, noNaN: true }), { maxLength: 30 }),
    records: fc.array(record, { maxLength: 5 }),
    started: fc.array(fc.record({ index: count, latenessMs: ms }), { maxLength: 5 }),
    notStarted: fc.array(count, { maxLength: 5 }),
    bytes: count,
  })
  .map(({ shard, sequence, values, records, started, notStarted, bytes }) => {
    const histogram = new Histogram();
    for (const value of values) histogram.record(value);
    return sampleFrame({
      shard,
      sequence,
      counters: [{ metric: 'flotilla_bytes_total', labels: ['login', 'sent'], value: bytes }],
      gauges: [{ metric: 'flotilla_devices_in_flight', labels: ['sign-in'], value: bytes }],
      histograms: [
        {
          metric: 'flotilla_exchange_duration_seconds',
          labels: ['login', 'token', '200'],
          delta: histogram.takeDelta(),
        },
      ],
      started,
      notStarted,
      finished: records.map((finished) => ({ atMs: 999_000, record: finished })),
    });
  });

describe('frames', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(frame, (written) => {
        expect(decodeFrame(encodeFrame(written))).toEqual({ ok: true, value: written });
      }),
    );
  });

  it('take about 100 bytes a device', () => {
    const steps = STEP_NAMES.slice(0, 10).map((name) => ({
      step: name,
      outcome: 'succeeded' as const,
      partsMs: { person: 30_000, service: 120.5, install: 0, restart: 0, poll: 0 },
    }));
    const finished = Array.from({ length: 100 }, (_, index) => ({
      atMs: 999_000,
      record: sampleRecord({ index, steps }),
    }));
    const bytes = encodeFrame(sampleFrame({ finished })).length - encodeFrame(sampleFrame()).length;
    expect(bytes / 100).toBeLessThan(200);
  });

  it('are refused whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeFrame(bytes).ok).toBe(false);
      }),
    );
  });

  it('are refused or read, never a crash, when a byte of a good one changes', () => {
    const good = encodeFrame(sampleFrame({ finished: [{ atMs: 999_000, record: sampleRecord() }] }));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(good);
        bytes[at]! ^= change;
        expect(typeof decodeFrame(bytes).ok).toBe('boolean');
      }),
    );
  });

  it.each([
    ['another version', 0, 2, 'frame version 2, expected 1'],
    ['a negative sequence', 2, -1, 'sequence is not a whole number'],
    ['an unknown metric', 5, [['flotilla_nonsense', [], 1]], 'no counter of shards is called "flotilla_nonsense"'],
    ['a metric of the orchestrator', 5, [['flotilla_devices_total', [], 1]], 'no counter of shards'],
    ['a label outside its set', 5, [['flotilla_bytes_total', ['https://x', 'sent'], 1]], 'labels do not fit'],
    ['a counter that shrinks', 5, [['flotilla_bytes_total', ['login', 'sent'], -1]], 'counter is negative'],
    ['a number that is none', 6, [['flotilla_connections_open', ['login'], Number.NaN]], 'gauge is not a number'],
    ['buckets that do not add up', 7, [['flotilla_arrival_lateness_seconds', [], 2, 1, 1, [5, 1]]], 'do not add up'],
    ['a bucket that does not exist', 7, [['flotilla_arrival_lateness_seconds', [], 1, 1, 1, [9_999, 1]]], 'ascending'],
    ['a step that does not exist', 10, [[0, 0, 0, 1, null, 7, 0, 0, null, null, 0, 0, 0, 0, []]], 'unknown step'],
  ])('are refused with %s', (_what, at, value, reason) => {
    const wire: unknown[] = [1, 0, 1, 1_000_000, [], [], [], [], [], [], []];
    wire[at] = value;
    const read = decodeFrame(new Packr({ useRecords: false }).pack(wire));
    expect(read.ok ? '' : read.error.reason).toContain(reason);
  });
});
