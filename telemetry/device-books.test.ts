import { describe, expect, it } from 'vitest';
import { DeviceBooks } from './device-books.ts';
import type { FleetShape } from './device-books.ts';

/** Six devices of two cohorts in two shards, one each second. */
const shape: FleetShape = {
  devices: 6,
  shards: 2,
  cohorts: [
    { name: 'a', site: 'x', variant: 'entra-join' },
    { name: 'b', site: 'y', variant: 'entra-join' },
  ],
  cohortOf: Uint8Array.of(0, 0, 0, 1, 1, 1),
  intendedStartMs: Float64Array.of(0, 1_000, 2_000, 3_000, 4_000, 5_000),
};

function balanced(): DeviceBooks {
  const books = new DeviceBooks(shape);
  for (const index of [0, 1, 2, 3]) books.start(index);
  for (const index of [4, 5]) books.doNotStart(index);
  books.finish(0, 'succeeded');
  books.finish(1, 'succeeded');
  books.finish(2, 'failed');
  books.finish(3, 'abandoned');
  return books;
}

describe('DeviceBooks', () => {
  it('balances when every device is accounted for', () => {
    const books = balanced();
    expect(books.imbalance()).toEqual([]);
    expect(books.counts()).toEqual({
      planned: 6,
      started: 4,
      succeeded: 2,
      failed: 1,
      abandoned: 1,
      notStarted: 2,
      inFlight: 0,
    });
    expect([books.count('started', 0), books.count('started', 1)]).toEqual([3, 1]);
  });

  it('says which sum is broken while a device is in flight or was never spoken of', () => {
    const books = new DeviceBooks(shape);
    for (const index of [0, 1]) books.start(index);
    books.finish(0, 'succeeded');
    expect(books.imbalance()).toEqual([
      'planned 6 is not started 2 + not started 0',
      'started 2 is not succeeded 1 + failed 0 + abandoned 0',
    ]);
  });

  it.each([
    [
      'ends twice',
      (books: DeviceBooks) => books.finish(0, 'failed'),
      'device 0 is reported as failed although it is done',
    ],
    ['starts twice', (books: DeviceBooks) => books.start(0), 'device 0 is reported as started although it is done'],
    [
      'ends without a start',
      (books: DeviceBooks) => books.finish(4, 'succeeded'),
      'device 4 is reported as succeeded although it was not started',
    ],
    ['is not in the plan', (books: DeviceBooks) => books.start(6), 'device 6 is not in the plan'],
  ])('does not balance when a device %s', (_what, breakBooks, reason) => {
    const books = balanced();
    expect(breakBooks(books)).toBe(false);
    expect(books.imbalance()).toEqual([reason]);
    expect(books.counts().started).toBe(4);
  });

  it('settles a dead shard by the plan: due devices are abandoned, later ones were not started', () => {
    const books = new DeviceBooks(shape);
    for (const index of [0, 1, 2, 3]) books.start(index);
    for (const index of [1, 3]) books.finish(index, 'succeeded');
    books.finish(0, 'succeeded');
    // Shard 0 runs devices 0, 2 and 4; it dies at 2.5 s with device 2 in flight.
    expect(books.settle(2_500, 0)).toEqual([2]);
    books.start(5);
    books.finish(5, 'succeeded');
    expect(books.counts()).toMatchObject({ started: 5, succeeded: 4, abandoned: 1, notStarted: 1 });
    expect(books.imbalance()).toEqual([]);
  });

  it('settles what was due although its start was never reported', () => {
    const books = new DeviceBooks(shape);
    expect(books.settle(4_000, 0)).toEqual([0, 2, 4]);
    expect(books.counts()).toMatchObject({ started: 3, abandoned: 3, notStarted: 0 });
  });

  it('keeps what a shard said before it died', () => {
    const books = new DeviceBooks(shape);
    books.doNotStart(0);
    expect(books.settle(10_000, 0)).toEqual([2, 4]);
    expect(books.imbalance()[0]).toBe('planned 6 is not started 2 + not started 1');
  });

  it('settles every shard at once', () => {
    const books = new DeviceBooks(shape);
    books.start(0);
    expect(books.settle(-1)).toEqual([0]);
    expect(books.counts()).toMatchObject({ started: 1, abandoned: 1, notStarted: 5 });
    expect(books.imbalance()).toEqual([]);
  });
});
