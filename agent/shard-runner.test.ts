import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { Stop } from '../kernel/stop.ts';
import type { DeviceRecord } from '../telemetry/records.ts';
import { inFlightShare, ShardRunner, type Books, type Launch } from './shard-runner.ts';

class Ledger implements Books {
  readonly started: { index: number; latenessMs: number }[] = [];
  readonly notStarted: number[] = [];
  readonly finished: DeviceRecord[] = [];
  deviceStarted(index: number, latenessMs: number): void {
    this.started.push({ index, latenessMs });
  }
  deviceNotStarted(index: number): void {
    this.notStarted.push(index);
  }
  deviceFinished(record: DeviceRecord): void {
    this.finished.push(record);
  }
}

function record(index: number, outcome: DeviceRecord['outcome']): DeviceRecord {
  return {
    index,
    cohort: 0,
    outcome,
    code: outcome === 'succeeded' ? null : 'abandoned',
    step: null,
    intendedStartMs: 0,
    latenessMs: 0,
    deploymentMs: null,
    setupMs: null,
    steps: [],
    exchanges: 0,
    sessions: 0,
    messages: 0,
    retries: 0,
  };
}

/** A device that takes `lengthMs`, or ends when the run stops. */
function launchOf(clock: VirtualClock, stop: Stop, lengthMs: number): Launch {
  return async (index, _start, settle) => {
    const end = await clock.waitReal(lengthMs, stop);
    settle(record(index, end === 'elapsed' ? 'succeeded' : 'abandoned'));
  };
}

function setUp(options: { count: number; gapMs: number; lengthMs: number; inFlightMax?: number; launch?: Launch }) {
  const clock = new VirtualClock(1_000_000);
  const stop = new Stop();
  const books = new Ledger();
  const runner = new ShardRunner({
    clock,
    books,
    stop,
    launch: options.launch ?? launchOf(clock, stop, options.lengthMs),
    devices: Array.from({ length: options.count }, (_, index) => index),
    offsetMs: (index) => index * options.gapMs,
    cohortOf: () => 0,
    inFlightMax: options.inFlightMax ?? 1_000,
  });
  let ended = false;
  void runner.done.then(() => (ended = true));
  return { clock, books, runner, ended: () => ended };
}

describe('shard runner', () => {
  it('starts each device at its time, whatever the others do', async () => {
    const { clock, books, runner, ended } = setUp({ count: 4, gapMs: 100, lengthMs: 1_000 });
    runner.start(1_000_500);
    await clock.advance(499);
    expect(books.started).toEqual([]);
    await clock.advance(1);
    expect(books.started.map((start) => start.index)).toEqual([0]);
    await clock.advance(300);
    expect(books.started).toEqual([0, 1, 2, 3].map((index) => ({ index, latenessMs: 0 })));
    expect(ended()).toBe(false);
    await clock.advance(1_000);
    expect(books.finished.map((device) => device.outcome)).toEqual(Array(4).fill('succeeded'));
    expect(ended()).toBe(true);
  });

  it('catches up in order after a pause of the generator, and says how late each was', async () => {
    const { clock, books, runner } = setUp({ count: 3, gapMs: 100, lengthMs: 1 });
    await clock.advance(250);
    runner.start(1_000_000);
    await clock.advance(0);
    expect(books.started).toEqual([
      { index: 0, latenessMs: 250 },
      { index: 1, latenessMs: 150 },
      { index: 2, latenessMs: 50 },
    ]);
  });

  it('counts what exceeds the bound on devices in flight as not started', async () => {
    const { clock, books, runner, ended } = setUp({ count: 5, gapMs: 10, lengthMs: 25, inFlightMax: 2 });
    runner.start(1_000_000);
    await clock.advance(200);
    expect(books.started.map((start) => start.index)).toEqual([0, 1, 3, 4]);
    expect(books.notStarted).toEqual([2]);
    expect(books.finished).toHaveLength(4);
    expect(ended()).toBe(true);
  });

  it('abandons what is in flight when its time is over', async () => {
    const { clock, books, runner, ended } = setUp({ count: 10, gapMs: 100, lengthMs: 10_000 });
    runner.start(1_000_000);
    await clock.advance(250);
    runner.finish(500);
    expect(books.notStarted).toEqual([3, 4, 5, 6, 7, 8, 9]);
    await clock.advance(499);
    expect(books.finished).toEqual([]);
    await clock.advance(1);
    expect(books.finished.map((device) => [device.index, device.outcome])).toEqual([
      [0, 'abandoned'],
      [1, 'abandoned'],
      [2, 'abandoned'],
    ]);
    expect(ended()).toBe(true);
  });

  it('settles a device that does not come back, and settles none twice', async () => {
    const settles: (() => void)[] = [];
    const launch: Launch = (index, _start, settle) => {
      settles.push(() => settle(record(index, 'succeeded')));
      return new Promise(() => {});
    };
    const { clock, books, runner, ended } = setUp({ count: 2, gapMs: 0, lengthMs: 0, launch });
    runner.start(1_000_000);
    settles[0]!();
    settles[0]!();
    runner.finish(0);
    await clock.advance(LIMITS.abandonMs);
    settles[1]!();
    expect(books.finished.map((device) => [device.index, device.outcome])).toEqual([
      [0, 'succeeded'],
      [1, 'abandoned'],
    ]);
    expect(ended()).toBe(true);
  });

  it('takes orders that come twice, as after a reconnect, once', async () => {
    const { clock, books, runner, ended } = setUp({ count: 2, gapMs: 100, lengthMs: 10_000 });
    runner.start(1_000_000);
    await clock.advance(150);
    runner.start(1_000_000);
    runner.finish(100);
    await clock.advance(50);
    runner.finish(100);
    await clock.advance(50);
    expect(books.started.map((start) => start.index)).toEqual([0, 1]);
    expect(books.finished).toHaveLength(2);
    expect(ended()).toBe(true);
  });

  it('ends at once when it has no devices', async () => {
    const { clock, runner, ended } = setUp({ count: 0, gapMs: 0, lengthMs: 0 });
    runner.start(1_000_000);
    await clock.advance(0);
    expect(ended()).toBe(true);
  });

  it('balances: every device of the plan is started or not, and every started one is settled once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 0, max: 60 }),
          gapMs: fc.integer({ min: 0, max: 30 }),
          lengthMs: fc.integer({ min: 0, max: 200 }),
          inFlightMax: fc.integer({ min: 1, max: 20 }),
          finishAtMs: fc.integer({ min: 0, max: 600 }),
        }),
        async (shape) => {
          const { clock, books, runner, ended } = setUp(shape);
          runner.start(1_000_000);
          await clock.advance(shape.finishAtMs);
          runner.finish(50);
          await clock.advance(60);
          expect(books.started.length + books.notStarted.length).toBe(shape.count);
          expect(books.finished.map((device) => device.index).sort((a, b) => a - b)).toEqual(
            books.started.map((start) => start.index),
          );
          expect(ended()).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('share of the bound on devices in flight', () => {
  it('adds up exactly for any number of shards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 64 }), (bound, of) => {
        let total = 0;
        for (let shard = 0; shard < of; shard++) total += inFlightShare(bound, shard, of);
        expect(total).toBe(bound);
      }),
    );
  });
});
