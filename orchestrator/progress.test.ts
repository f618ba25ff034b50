import { describe, expect, it } from 'vitest';
import { STEP_NAMES } from '../catalog/steps.ts';
import { COLOURED, PLAIN } from './paint.ts';
import { cut, progressBlock, progressLine, progressView } from './progress.ts';
import type { ProgressView } from './progress.ts';
import { goodRun, ledgerOf } from './fixtures/run.ts';

function view(changes: Partial<ProgressView> = {}): ProgressView {
  const devices: Record<string, number> = { 'sign-in': 4, 'device-esp': 22, 'user-esp': 11 };
  return {
    elapsedMs: 12_300,
    counts: { planned: 200, started: 140, succeeded: 99, failed: 4, abandoned: 0, notStarted: 0, inFlight: 37 },
    inStep: STEP_NAMES.filter((step) => step !== 'polling').map((step) => ({ step, devices: devices[step] ?? 0 })),
    ratePerSecond: 8.25,
    leftMs: 14_000,
    failures: [
      { step: 'entra-join', code: '0x801c0003', count: 3 },
      { step: 'profile-download', code: '807', count: 1 },
    ],
    interrupted: false,
    ...changes,
  };
}

describe('progressBlock', () => {
  it('draws a run in 80 columns', () => {
    expect(progressBlock(view(), 80, PLAIN)).toMatchInlineSnapshot(`
      [
        "",
        "  ███████████████████████████▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░   51%  0:12  0:14 left",
        "",
        "  at desktop 99   in flight 37   failed 4   to come 60   8.3/s",
        "",
        "  Region and keyboard        0",
        "  Network                    0",
        "  Autopilot profile          0",
        "  Critical updates           0",
        "  Work or school sign-in     4  ████████▎",
        "  Microsoft Entra join       0",
        "  MDM enrollment             0",
        "  ESP, device phase         22  ██████████████████████████████████████████████",
        "  Windows sign-in            0",
        "  ESP, user phase           11  ███████████████████████",
        "  Quality updates            0",
        "  Windows Hello              0",
        "",
        "  3 × 0x801c0003  Microsoft Entra join: The user is not authorized to enroll.",
        "  1 × 807  Autopilot profile: ZtdDeviceIsNotRegistered: the device is not reg…",
      ]
    `);
  });

  it('is never wider than its terminal, and says the same in colour', () => {
    const large = { planned: 200_000, started: 180_000, succeeded: 99_000, failed: 20_000, abandoned: 9_000 };
    const busy = view({ counts: { ...large, notStarted: 20_000, inFlight: 52_000 }, interrupted: true });
    for (const columns of [60, 80, 100, 200]) {
      const lines = progressBlock(busy, columns, PLAIN);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      const escapes = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, 'g');
      expect(progressBlock(busy, columns, COLOURED).map((line) => line.replaceAll(escapes, ''))).toEqual(lines);
    }
  });

  it('fills the bar when all is done', () => {
    const counts = { planned: 5, started: 5, succeeded: 5, failed: 0, abandoned: 0, notStarted: 0, inFlight: 0 };
    const [, bar] = progressBlock(view({ counts }), 80, PLAIN);
    expect(bar).toMatch(/^ {2}█+ {2}100% {2}0:12 {2}done$/);
  });
});

describe('progressLine', () => {
  it('says in one line how far the run is', () => {
    expect(progressLine(view())).toBe(' 12.3 s  started 140/200  at desktop 99  in flight 37  failed 4  8.3/s');
  });
});

describe('progressView', () => {
  it('reads rate and counts from the totals', () => {
    const { totals } = ledgerOf(goodRun());
    expect(progressView(totals, 25_000, false)).toMatchObject({
      counts: { planned: 6, succeeded: 6, inFlight: 0 },
      ratePerSecond: 0.6,
      leftMs: 0,
    });
    expect(progressView(totals, 60_000, false)).toMatchObject({ ratePerSecond: 0, leftMs: null });
  });
});

describe('cut', () => {
  it('shortens text to its place', () => {
    expect([cut('abcdef', 6), cut('abcdef', 5), cut('abc', 0)]).toEqual(['abcdef', 'abcd…', '…']);
  });
});
