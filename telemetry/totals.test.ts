import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetShape } from './device-books.ts';
import type { Frame } from './frames.ts';
import { Histogram } from './histogram.ts';
import { sampleFrame, sampleRecord } from './fixtures/records.ts';
import { Totals } from './totals.ts';

const shape: FleetShape = {
  devices: 4,
  shards: 2,
  cohorts: [{ name: 'office', site: 'main', variant: 'entra-join' }],
  cohortOf: new Uint8Array(4),
  intendedStartMs: Float64Array.of(0, 100, 200, 300),
};

const START = 1_000_000;
const cohort = ['office', 'main', 'entra-join'];

function totalsOf(...frames: Frame[]): Totals {
  const totals = new Totals(shape);
  totals.start(START);
  for (const frame of frames) totals.fold(frame);
  return totals;
}

function observed(...seconds: number[]): Frame['histograms'] {
  const histogram = new Histogram();
  for (const value of seconds) histogram.record(value);
  const labels = ['login', 'token', '200'];
  return [{ metric: 'flotilla_exchange_duration_seconds', labels, delta: histogram.takeDelta() }];
}

const sent = (value: number): Frame['counters'] => [
  { metric: 'flotilla_bytes_total', labels: ['login', 'sent'], value },
];

describe('Totals', () => {
  it('counts a frame once, however often and in whatever mixture of shards it comes', () => {
    const frames = [0, 1].flatMap((shard) =>
      [1, 2, 3].map((sequence) => sampleFrame({ shard, sequence, counters: sent(10 ** shard * sequence) })),
    );
    // A resend after a reconnect repeats a run of frames that ends at the newest.
    const stream = fc
      .tuple(fc.shuffledSubarray([0, 1], { minLength: 2 }), fc.nat(3), fc.nat(3))
      .map(([shards, back, more]) =>
        shards.flatMap((shard) => {
          const mine = frames.filter((frame) => frame.shard === shard);
          return [...mine.slice(0, 3 - more), ...mine.slice(0, back), ...mine];
        }),
      );
    fc.assert(
      fc.property(stream, (received) => {
        const totals = totalsOf(...received);
        expect(totals.counter('flotilla_bytes_total', ['login', 'sent'])).toBe(6 + 60);
        expect([totals.lastSequence(0), totals.lastSequence(1)]).toEqual([3, 3]);
      }),
    );
  });

  it('says whether it counted a frame, and that one is missing', () => {
    const totals = totalsOf();
    expect(totals.fold(sampleFrame({ sequence: 1 }))).toBe(true);
    expect(totals.fold(sampleFrame({ sequence: 1 }))).toBe(false);
    totals.fold(sampleFrame({ sequence: 4 }));
    expect(totals.books.imbalance()).toContain('frames 2 to 3 of shard 0 are missing');
  });

  it('merges histograms of all shards', () => {
    const totals = totalsOf(
      sampleFrame({ shard: 0, histograms: observed(0.1, 0.2) }),
      sampleFrame({ shard: 1, histograms: observed(0.4) }),
    );
    const histogram = totals.histogram('flotilla_exchange_duration_seconds', ([service]) => service === 'login');
    expect([histogram.count, histogram.max]).toEqual([3, 0.4]);
    expect(totals.histogram('flotilla_exchange_duration_seconds', ([service]) => service === 'join').count).toBe(0);
  });

  it('adds gauges up over shards, and forgets those of a shard that is settled', () => {
    const inStep = (value: number): Frame['gauges'] => [
      { metric: 'flotilla_devices_in_flight', labels: ['sign-in'], value },
    ];
    const totals = totalsOf(
      sampleFrame({ shard: 0, gauges: inStep(5) }),
      sampleFrame({ shard: 1, gauges: inStep(2) }),
      sampleFrame({ shard: 1, sequence: 2, gauges: inStep(3) }),
    );
    expect(totals.gauge('flotilla_devices_in_flight', ['sign-in'])).toBe(8);
    expect(totals.gauges('flotilla_devices_in_flight')).toEqual([{ labels: ['sign-in'], value: 8 }]);
    totals.settle(START + 50, 'shard-died', 0);
    expect(totals.gauge('flotilla_devices_in_flight', ['sign-in'])).toBe(3);
  });

  it('makes books, durations, seconds and sums from the records', () => {
    const totals = totalsOf(
      sampleFrame({
        started: [
          { index: 0, latenessMs: 5 },
          { index: 2, latenessMs: 900 },
        ],
        finished: [{ atMs: START + 3_200, record: sampleRecord({ index: 0 }) }],
      }),
      sampleFrame({
        sequence: 2,
        finished: [
          {
            atMs: START + 4_100,
            record: sampleRecord({
              index: 2,
              outcome: 'failed',
              code: '807',
              step: 'profile-download',
              deploymentMs: null,
              setupMs: null,
              steps: [],
            }),
          },
        ],
      }),
    );
    expect(totals.books.counts()).toMatchObject({ started: 2, succeeded: 1, failed: 1, inFlight: 0 });
    expect(totals.histogram('flotilla_deployment_duration_seconds').sum).toBe(600);
    expect(totals.histogram('flotilla_setup_duration_seconds').sum).toBe(300);
    expect([totals.startedBySecond.between(0, 1), totals.startedBySecond.between(1, 2)]).toEqual([1, 1]);
    expect(totals.succeededBySecond.between(3, 4)).toBe(1);
    expect(totals.failures()).toEqual([{ step: 'profile-download', code: '807', count: 1 }]);
    expect(totals.sums).toEqual({ records: 2, exchanges: 62, sessions: 8, messages: 24, retries: 2 });
    expect(totals.timeParts()).toEqual([
      { step: 'sign-in', seconds: { person: 30, service: 0.1205, install: 0, restart: 0, poll: 0 } },
      { step: 'device-esp', seconds: { person: 0, service: 0.9, install: 200, restart: 0, poll: 5 } },
    ]);
    expect(totals.inFlightPeak).toBe(2);
    expect(totals.lastFinishMs).toBe(4_100);
  });

  it('takes no device of another shard', () => {
    const totals = totalsOf(sampleFrame({ shard: 1, started: [{ index: 0, latenessMs: 0 }] }));
    expect(totals.books.counts().started).toBe(0);
    expect(totals.books.imbalance()).toContain('device 0 is not one of shard 1');
  });

  it('settles a dead shard with its code, and the books balance', () => {
    const totals = totalsOf(
      sampleFrame({ shard: 0, started: [{ index: 0, latenessMs: 0 }] }),
      sampleFrame({
        shard: 1,
        started: [
          { index: 1, latenessMs: 0 },
          { index: 3, latenessMs: 0 },
        ],
        finished: [1, 3].map((index) => ({ atMs: START + 500, record: sampleRecord({ index }) })),
      }),
    );
    totals.settle(START + 150, 'shard-died', 0);
    expect(totals.books.counts()).toMatchObject({ started: 3, succeeded: 2, abandoned: 1, notStarted: 1 });
    expect(totals.books.imbalance()).toEqual([]);
    expect(totals.failures()).toEqual([{ step: null, code: 'shard-died', count: 1 }]);
  });

  it('starts nothing by settling before the start barrier', () => {
    const totals = new Totals(shape);
    totals.settle(START, 'abandoned');
    expect(totals.books.counts()).toMatchObject({ started: 0, notStarted: 4 });
  });

  it('has counters at zero before their first event', () => {
    const totals = totalsOf();
    expect(totals.counter('flotilla_retries_total', ['login', 'throttled'])).toBe(0);
    expect(totals.counters('flotilla_retries_total')).toContainEqual({ labels: ['login', 'throttled'], value: 0 });
    expect(totals.counters('flotilla_mdm_enrollments_total')).toEqual([{ labels: cohort, value: 0 }]);
  });
});
