import { describe, expect, it } from 'vitest';
import { PLAIN } from './paint.ts';
import { reportText } from './report-text.ts';
import { goodRun, ledgerOf, observations, SAMPLE_START_MS, wholeShard } from './fixtures/run.ts';
import { summarize } from './summary.ts';

describe('reportText', () => {
  it('tells a good run', () => {
    const lines = reportText(summarize(ledgerOf(goodRun())), ['runs/x/summary.json'], PLAIN);
    expect(lines).toMatchInlineSnapshot(`
      [
        "",
        "  PASSED  6 of 6 devices at the desktop in 20.5 s",
        "",
        "  Devices         6 planned, 6 started, 0 failed",
        "  In flight       at most 3",
        "  At the desktop  0.3/s, best ten seconds 0.6/s",
        "  MDM enrollments 0.3/s, best ten seconds 0.6/s",
        "  Load            0 exchanges, 4.0 sessions and 12.0 messages a device",
        "  Generator       launch lateness p99 1 ms, event-loop delay p99 0.00 ms",
        "                  0.00 ms CPU a device, peak 0 B",
        "",
        "  Device time                     p50          p95          max",
        "  Deployment              10 min 00 s  10 min 00 s  10 min 00 s",
        "  Setup                    5 min 00 s   5 min 00 s   5 min 00 s",
        "",
        "  Time budget     85% installs, 13% people, 2% polls, 0.4% services",
        "",
        "  runs/x/summary.json",
        "",
      ]
    `);
  });

  it('tells why a run did not pass, what failed, and where to read on', () => {
    const steps = [
      {
        metric: 'flotilla_step_duration_seconds',
        labels: ['device-esp', 'succeeded'],
        delta: observations(200),
      } as const,
    ];
    const summary = summarize(
      ledgerOf([
        { kind: 'start', atMs: SAMPLE_START_MS },
        wholeShard(0, () => ({ outcome: 'failed', code: '807', step: 'profile-download' }), { histograms: steps }),
        wholeShard(1),
      ]),
    );
    const text = reportText(summary, [], PLAIN).join('\n');
    expect(text).toContain('  FAILED  3 of 6 devices at the desktop in 20.5 s');
    expect(text).toContain('  Threshold not met: no device failed or was abandoned (measured 3).');
    expect(text).toContain('  ESP, device phase ');
    expect(text).toContain('  97% installs');
    expect(text).toContain('  Failures (flotilla explain 807)\n  3 × 807  Autopilot profile');
  });

  it('fits 80 columns, however long the reason', () => {
    const summary = summarize(ledgerOf(goodRun()));
    const reasons = ['word '.repeat(50).trim()];
    const lines = reportText({ ...summary, verdict: { result: 'invalid', reasons } }, [], PLAIN);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.join(' ').match(/word/g)).toHaveLength(50);
  });
});
