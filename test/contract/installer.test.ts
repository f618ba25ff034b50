// One installer over sources of work: one piece at a time, in device time, and never past its deadline.
import { describe, expect, it } from 'vitest';
import { Installer } from '../../agent/steps/installer.ts';
import type { Work, WorkEnd, WorkSource } from '../../agent/work.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { fakeDevice, settled, type FakeDevice } from './fake-device.ts';

interface Piece {
  readonly name: string;
  readonly deviceMs?: number;
  readonly fetchMs?: number;
  readonly blocking?: boolean;
  readonly ends?: WorkEnd;
  /** Device time before which it cannot be begun. */
  readonly notBeforeMs?: number;
}

/** A source of these pieces, one after the other; it notes what it begins and finishes. */
function sourceOf(fake: FakeDevice, pieces: readonly Piece[], seen: string[]): WorkSource {
  const open = [...pieces];
  const ready = (): boolean => open.length > 0 && (open[0]!.notBeforeMs ?? 0) <= fake.device.ledger.deviceMs;
  return {
    hasWork: ready,
    dueMs: () => (open.length > 0 && !ready() ? open[0]!.notBeforeMs : undefined),
    begin: async () => {
      const piece = open.shift()!;
      seen.push(piece.name);
      if (piece.fetchMs !== undefined) await fake.clock.waitReal(piece.fetchMs);
      const work: Work = {
        deviceMs: piece.deviceMs ?? MINUTE_MS,
        blocking: piece.blocking ?? true,
        finish: () => {
          seen.push(`${piece.name} done`);
          return piece.ends ?? 'done';
        },
      };
      return ok(work);
    },
    release: (failedToo) => seen.push(`released ${String(failedToo)}`),
  };
}

/** Spends a pause; how it ended and the device time of that moment. */
function spend(fake: FakeDevice, installer: Installer, pauseMs: number, deadlineMs = Infinity) {
  const work = async () => {
    const end = await installer.spend(pauseMs, deadlineMs);
    return { end, atMs: fake.device.ledger.deviceMs, blockingMs: installer.blockingMs };
  };
  return settled(fake.clock, work());
}

describe('the installer', () => {
  it('does one piece after the other, the first source first', async () => {
    const fake = fakeDevice();
    const seen: string[] = [];
    const installer = new Installer(fake.device, [
      sourceOf(fake, [{ name: 'a' }], seen),
      sourceOf(fake, [{ name: 'b' }, { name: 'c' }], seen),
    ]);
    const { end, atMs } = await spend(fake, installer, 10 * MINUTE_MS);
    expect([end, atMs]).toEqual([ok('elapsed'), expect.closeTo(10 * MINUTE_MS, 6)]);
    expect(seen).toEqual(['a', 'a done', 'b', 'b done', 'c', 'c done']);
    expect(installer.hasWork).toBe(false);
  });

  it('counts the time of blocking pieces only, downloads included, pauses between sessions or not', async () => {
    const fake = fakeDevice();
    const pieces = [
      { name: 'a', fetchMs: 500 },
      { name: 'b', blocking: false },
      { name: 'c', deviceMs: 30 * SECOND_MS },
    ];
    const installer = new Installer(fake.device, [sourceOf(fake, pieces, [])]);
    const all = async () => {
      for (let i = 0; i < 20; i++) await installer.spend(10 * SECOND_MS, Infinity);
    };
    await settled(
      fake.clock,
      all().then(() => true),
    );
    expect(installer.blockingMs).toBeCloseTo(MINUTE_MS + 500 + 30 * SECOND_MS, 6);
  });

  it('notes a restart that can wait, and comes back at once for one that cannot', async () => {
    const fake = fakeDevice();
    const pieces: Piece[] = [
      { name: 'soft', ends: 'restart-later' },
      { name: 'hard', ends: 'restart-now' },
      { name: 'later' },
    ];
    const seen: string[] = [];
    const installer = new Installer(fake.device, [sourceOf(fake, pieces, seen)]);
    const { end, atMs } = await spend(fake, installer, 10 * MINUTE_MS);
    expect([end, atMs]).toEqual([ok('restart-now'), expect.closeTo(2 * MINUTE_MS, 6)]);
    expect(installer.restartLater).toBe(true);
    expect(seen).not.toContain('later');
    installer.release(true);
    expect(seen.at(-1)).toBe('released true');
  });

  it('ends at the deadline while a piece is fetched, and lets go of it', async () => {
    const fake = fakeDevice();
    const stuck: WorkSource = { hasWork: () => true, dueMs: () => undefined, begin: () => new Promise(() => {}) };
    const installer = new Installer(fake.device, [stuck]);
    const { end, atMs } = await spend(fake, installer, MINUTE_MS, 5 * SECOND_MS);
    expect([end, atMs]).toEqual([ok('elapsed'), expect.closeTo(5 * SECOND_MS, 6)]);
    expect(fake.closed).toEqual(['all']);
  });

  it('ends at the deadline while a piece is in work, without finishing it', async () => {
    const fake = fakeDevice();
    const seen: string[] = [];
    const installer = new Installer(fake.device, [sourceOf(fake, [{ name: 'a' }], seen)]);
    const { blockingMs } = await spend(fake, installer, 0, 20 * SECOND_MS);
    expect(seen).toEqual(['a']);
    expect(blockingMs).toBeCloseTo(20 * SECOND_MS, 6);
  });

  it('without a pause waits for what can be begun later, and returns at once where there is nothing', async () => {
    const fake = fakeDevice();
    const seen: string[] = [];
    const later = { name: 'a', notBeforeMs: 3 * MINUTE_MS, deviceMs: 0 };
    const installer = new Installer(fake.device, [sourceOf(fake, [later], seen)]);
    expect(installer.hasWork).toBe(true);
    const waited = await spend(fake, installer, 0);
    expect([seen, waited.atMs]).toEqual([[], expect.closeTo(3 * MINUTE_MS, 6)]);
    const installed = await spend(fake, installer, 0);
    expect(seen).toEqual(['a', 'a done']);
    // Nothing is left: no time passes in the next one.
    const before = fake.device.ledger.deviceMs;
    expect((await spend(fake, installer, 0)).atMs).toBe(before);
    expect(installed.end).toEqual(ok('elapsed'));
  });

  it('passes on what ends the device, and what a source knows of a failure', async () => {
    const fake = fakeDevice();
    const failure = stepFailure('connection-reset', 'test');
    const failing: WorkSource = {
      hasWork: () => true,
      dueMs: () => undefined,
      begin: async () => failure,
      failure: () => failure.error,
    };
    const installer = new Installer(fake.device, [sourceOf(fake, [], []), failing]);
    expect(await settled(fake.clock, installer.spend(0, Infinity))).toEqual(failure);
    expect(installer.failure).toEqual(failure.error);
  });
});
