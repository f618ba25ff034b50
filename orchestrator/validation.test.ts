import { describe, expect, it } from 'vitest';
import { VALIDATIONS } from '../catalog/validation.ts';
import type { Frame } from '../telemetry/frames.ts';
import { goodRun, ledgerOf, observations, samplePlan, wholeShard } from './fixtures/run.ts';
import { PLAIN } from './paint.ts';
import { reportText } from './report-text.ts';
import { summarize } from './summary.ts';
import { validate } from './validation.ts';

const PLAN = samplePlan({ validation: 'user-driven' });
const LIST = VALIDATIONS['user-driven'];

/** Every step of the list succeeded, and everything that it asks for was answered. */
const EVERYTHING: Frame['histograms'] = LIST.flatMap((line) => [
  ...line.steps.map((step) => ({
    metric: 'flotilla_step_duration_seconds' as const,
    labels: [step, 'succeeded'],
    delta: observations(1),
  })),
  ...('exchanges' in line ? line.exchanges : []).map(({ service, operation }) => ({
    metric: 'flotilla_exchange_duration_seconds' as const,
    labels: [service, operation, '200'],
    delta: observations(0.01),
  })),
]);

describe('the validation list', () => {
  it('has the eleven rows of user-driven mode', () => {
    expect(LIST).toHaveLength(11);
  });

  it('passes line by line where every step succeeded', () => {
    const ledger = ledgerOf([...goodRun().slice(0, 2), wholeShard(1, undefined, { histograms: EVERYTHING })], PLAN);
    expect(validate(PLAN, ledger.totals)?.lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(summarize(ledger).verdict).toEqual({ result: 'passed', reasons: [] });
  });

  it('names what missed a line, and fails the run', () => {
    const counters: Frame['counters'] = [
      { metric: 'flotilla_step_failures_total', labels: ['entra-join', '0x801c000e'], value: 2 },
      { metric: 'flotilla_step_soft_failures_total', labels: ['device-esp', '0x87d1041c'], value: 1 },
    ];
    const ledger = ledgerOf(
      [goodRun()[0]!, wholeShard(0), wholeShard(1, undefined, { histograms: EVERYTHING, counters })],
      PLAN,
    );
    const summary = summarize(ledger);
    expect(summary.validation?.lines.filter(({ ok }) => !ok)).toMatchObject([
      { line: 6, failures: [{ step: 'entra-join', code: '0x801c000e', count: 2 }], reason: null },
      { line: 8, failures: [{ step: 'device-esp', code: '0x87d1041c', count: 1 }], reason: null },
    ]);
    expect(summary.verdict.result).toBe('failed');
    expect(summary.verdict.reasons[0]).toBe(
      'Validation line 6 missed: Joined to Microsoft Entra ID (flotilla explain 0x801c000e).',
    );
    const text = reportText(summary, [], PLAIN);
    expect(text).toContain('  missed   6  Joined to Microsoft Entra ID');
    expect(text).toContain('              2 × 0x801c000e (flotilla explain 0x801c000e)');
    expect(text).toContain('  passed   7  Enrolled in MDM automatically');
    for (const line of text) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('misses a line that no device came to, and one whose exchange never succeeded', () => {
    const without = EVERYTHING.filter(({ labels }) => labels[0] !== 'windows-sign-in' && labels[1] !== 'logo');
    const ledger = ledgerOf([goodRun()[0]!, wholeShard(0), wholeShard(1, undefined, { histograms: without })], PLAN);
    expect(validate(PLAN, ledger.totals)?.lines.filter(({ ok }) => !ok)).toMatchObject([
      { line: 5, reason: 'login was never asked for logo with success' },
      { line: 9, reason: 'no device came this far' },
    ]);
  });

  it('is absent where the scenario names none', () => {
    expect(summarize(ledgerOf(goodRun())).validation).toBeNull();
  });
});

describe('deviceSetup of the summary', () => {
  it('has what the counters and histograms say', () => {
    const ledger = ledgerOf([
      goodRun()[0]!,
      wholeShard(0),
      wholeShard(1, undefined, {
        counters: [
          { metric: 'flotilla_restarts_total', labels: ['device-esp'], value: 3 },
          { metric: 'flotilla_app_installs_total', labels: ['Suite', 'installed'], value: 2 },
          { metric: 'flotilla_app_installs_total', labels: ['Suite', 'failed'], value: 1 },
          { metric: 'flotilla_content_bytes_total', labels: ['main'], value: 4096 },
        ],
        histograms: [
          { metric: 'flotilla_app_duration_seconds', labels: ['Suite'], delta: observations(30, 30, 30) },
          { metric: 'flotilla_esp_blocking_apps_seconds', labels: ['device-esp'], delta: observations(90) },
        ],
      }),
    ]);
    const { deviceSetup } = summarize(ledger);
    expect(deviceSetup).toMatchObject({
      softFailures: [],
      restarts: { 'device-esp': 3 },
      apps: { Suite: { count: 3, results: { installed: 2, failed: 1 } } },
      contentBytes: { main: 4096 },
    });
    expect(deviceSetup.apps['Suite']!.max).toBeCloseTo(30, 5);
    expect(deviceSetup.blockingApps['device-esp']!.p50).toBeCloseTo(90, 0);
  });
});
