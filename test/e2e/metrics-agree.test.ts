// What /metrics says at the end of a run is what summary.json says, and Prometheus' own tool finds nothing wrong with it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealClock } from '../../kernel/clock.ts';
import { createRunDirectory } from '../../orchestrator/run-directory.ts';
import { runPlan } from '../../orchestrator/run.ts';
import type { Summary } from '../../orchestrator/summary.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';

const SCENARIO = `name: agree
speed: 5000
arrivals: { kind: at-once }
cohorts:
  - name: wired
    count: 6
    esp: { device: { policies: 3, apps: [{ name: App, size: 10 KB }] } }
  - name: resetting
    site: far
    count: 6
    link: { reset: 20% }
thresholds: [ failed < 60% ]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-agree-'));
let summary: Summary;
let text = '';

beforeAll(async () => {
  const compiled = compileScenario({ path: 'agree.yaml', text: SCENARIO });
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  const clock = new RealClock();
  const directory = createRunDirectory(clock, 'agree', folder);
  if (!directory.ok) throw new Error(directory.error);
  let url = '';
  const outcome = await runPlan(compiled.plan, {
    directory: directory.value,
    threads: 2,
    clock,
    onInterrupt: () => () => {},
    reporter: {
      phase: (line) => {
        url ||= /http:\S+/.exec(line)?.[0] ?? '';
      },
      notice: () => {},
      progress: () => {},
      ended: async () => {
        text = await (await fetch(url)).text();
      },
    },
  });
  if (outcome.kind !== 'ended') throw new Error(outcome.message);
  summary = outcome.summary;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The sum of all series of a name whose labels hold these pairs. */
function total(name: string, labels: Readonly<Record<string, string>> = {}): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

describe('/metrics', () => {
  it('agrees with the books', () => {
    expect(total('flotilla_arrivals_planned_total')).toBe(summary.planned);
    for (const [state, count] of Object.entries({
      started: summary.started,
      succeeded: summary.succeeded,
      failed: summary.failed,
      abandoned: summary.abandoned,
      'not-started': summary.notStarted,
    })) {
      expect([state, total('flotilla_devices_total', { state })]).toEqual([state, count]);
    }
    expect(total('flotilla_devices_total', { state: 'started', cohort: 'resetting', site: 'far' })).toBe(6);
  });

  it('agrees on durations, exchanges and bytes', () => {
    expect(total('flotilla_deployment_duration_seconds_count')).toBe(summary.deployment.count);
    for (const [service, count] of Object.entries(summary.exchangesByService)) {
      expect([service, total('flotilla_exchange_duration_seconds_count', { service })]).toEqual([service, count]);
      expect(total('flotilla_bytes_total', { service, direction: 'received' })).toBe(summary.bytes[service]?.received);
    }
    for (const [step, { count }] of Object.entries(summary.steps)) {
      expect([step, total('flotilla_step_duration_seconds_count', { step })]).toEqual([step, count]);
    }
    const retries = Object.values(summary.retries).reduce((sum, count) => sum + count, 0);
    expect(total('flotilla_retries_total')).toBe(retries);
  });

  it('agrees on failures and thresholds', () => {
    for (const { step, code, count } of summary.failures) {
      expect(total('flotilla_step_failures_total', { step: step ?? '', code })).toBe(count);
    }
    // Polling comes after the desktop: its failures end no device.
    const polling = total('flotilla_step_failures_total', { step: 'polling' });
    expect(total('flotilla_step_failures_total') - polling).toBe(summary.failed);
    expect(total('flotilla_threshold_ok')).toBe(summary.thresholds.filter(({ ok }) => ok).length);
  });

  it('has nothing in flight and nothing open any more', () => {
    for (const gauge of ['devices_in_flight', 'exchanges_in_flight', 'connections_open']) {
      expect([gauge, total(`flotilla_${gauge}`)]).toEqual([gauge, 0]);
    }
  });

  it('counts MDM enrollments by cohort', () => {
    expect(total('flotilla_mdm_enrollments_total', { cohort: 'wired' })).toBe(6);
  });

  it.skipIf(!existsSync('/usr/bin/promtool'))('is clean for promtool', () => {
    const said = execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(said).toBe('');
  });
});
