// The same seed gives the same devices, the same schedule and the same outcomes, however the work is divided; another seed differs.
import { beforeAll, expect, it } from 'vitest';
import { runScenario, type EndedRun } from '../run-scenario.ts';

const SCENARIO = `name: determinism
speed: 5000
arrivals: { kind: poisson, rate: 20/s }
cohorts:
  - name: wired
    count: 13
    models: { simdesk-tower: 1, simdesk-mini: 1 }
    networks: { office-ethernet: 1 }
    esp: { device: { policies: 5, apps: [{ name: App, size: 10 KB }] } }
  - name: resetting
    count: 11
    models: { simbook-13: 1, simslate-arm: 1 }
    networks: { home-fibre: 1, cafe-wifi: 1 }
    link: { reset: 8% }
`;

const TRACED = '5';
const runs: Record<string, EndedRun> = {};

beforeAll(async () => {
  for (const [name, args] of Object.entries({
    one: ['--seed', 'a', '--threads', '1'],
    four: ['--seed', 'a', '--threads', '4'],
    other: ['--seed', 'b', '--threads', '1'],
  })) {
    runs[name] = await runScenario(SCENARIO, ...args, '--trace', TRACED);
  }
}, 120_000);

/** Who each device is in the plan's eyes, when it was due, and how it ended. */
function fates(run: EndedRun): unknown {
  return run.records.map(({ index, cohort, intendedStartMs, outcome, code, step }) => ({
    index,
    cohort,
    intendedStartMs,
    outcome,
    code,
    step,
  }));
}

/** What the traced device said of its hardware. */
function hardware(run: EndedRun): unknown {
  return run.trace.find((exchange) => exchange['operation'] === 'device-add')?.['requestBody'];
}

/** Device time that chance alone decides, by step; service time is measured, and installs overlap with sessions that are. */
function waits(run: EndedRun): unknown {
  return run.records.map(({ steps }) =>
    steps.map(({ step, partsMs }) => [step, Math.round(partsMs.person), Math.round(partsMs.restart)]),
  );
}

it('has a record of every device', () => {
  for (const run of Object.values(runs))
    expect(run.records.map(({ index }) => index)).toEqual(Array.from({ length: 24 }, (_, i) => i));
});

it('gives the same identities, schedule, waits and outcomes with 1 or 4 threads', () => {
  expect(hardware(runs['one']!)).toContain('DeviceAddRequest');
  expect(hardware(runs['four']!)).toBe(hardware(runs['one']!));
  expect(fates(runs['four']!)).toEqual(fates(runs['one']!));
  expect(waits(runs['four']!)).toEqual(waits(runs['one']!));
});

it('gives others with another seed', () => {
  expect(hardware(runs['other']!)).not.toBe(hardware(runs['one']!));
  expect(waits(runs['other']!)).not.toEqual(waits(runs['one']!));
  expect(runs['other']!.records.map((record) => record.intendedStartMs)).not.toEqual(
    runs['one']!.records.map((record) => record.intendedStartMs),
  );
});
