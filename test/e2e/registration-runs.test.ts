// What was prepared before a device is switched on (mission.md, rows 13 to 16) as whole runs end: registered in every way, and what is
// missing, late or wrong has the code that an administrator would see.
import { expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { runScenario } from '../run-scenario.ts';

const COHORTS = [
  'missing',
  'foreign',
  'repaired',
  'repaired-tuple',
  'nobody',
  'deleted',
  'too-early',
  'patient',
  'tuple',
  'by-hand',
  'script',
] as const;

it('rows 13 to 16: each device of a run ends as it was prepared; who restarts one that was too early gets on', async () => {
  const { records, summary, output } = await runScenario(`
name: prepared
seed: rows-13-to-16
speed: 600
arrivals: { kind: at-once }
people: { restart-device: 4 min, user-name: 100 s, password: 10 s }
cohorts:
  - { name: missing, count: 2, registration: { missing: 100% } }
  - { name: foreign, count: 2, registration: { otherTenant: 100% } }
  - { name: repaired, count: 2, registration: { hardwareChanged: 100% } }
  - { name: repaired-tuple, count: 2, registration: { by: tuple, hardwareChanged: 100% } }
  - { name: nobody, count: 2, assignment: { by: none }, restartsWithoutProfile: 1 }
  - { name: deleted, count: 2, assignment: { profileDeleted: true } }
  - { name: too-early, count: 2, assignment: { lag: 10 h }, restartsWithoutProfile: 1 }
  - { name: patient, count: 2, assignment: { lag: 60 min }, restartsWithoutProfile: 60 }
  - { name: tuple, count: 2, registration: { by: tuple, assignUser: true } }
  - { name: by-hand, count: 2, registration: { by: csv, assignUser: true }, assignment: { by: static } }
  - { name: script, count: 2, registration: { by: graph, assignUser: true }, assignment: { by: device } }
thresholds: [failed < 100%]
`);
  const ends = Object.groupBy(records, ({ cohort }) => COHORTS[cohort]!);
  const codes = Object.fromEntries(
    COHORTS.map((name) => [name, ends[name]?.map(({ outcome, code, step }) => code ?? `${outcome}${step ?? ''}`)]),
  );
  expect(codes, output).toEqual({
    missing: ['807', '807'],
    foreign: ['tenant-mismatch', 'tenant-mismatch'],
    repaired: ['908', '908'],
    'repaired-tuple': ['908', '908'],
    nobody: ['815', '815'],
    deleted: ['809', '809'],
    'too-early': ['815', '815'],
    patient: ['succeeded', 'succeeded'],
    tuple: ['succeeded', 'succeeded'],
    'by-hand': ['succeeded', 'succeeded'],
    script: ['succeeded', 'succeeded'],
  });
  expect(summary.failed).toBe(14);
  // Each restart is a person's minutes and a start of the device, after which it connects and asks again.
  for (const record of ends['nobody'] ?? []) {
    const asked = record.steps.filter(({ step }) => step === 'profile-download');
    expect(asked.map(({ partsMs }) => [partsMs.person, partsMs.restart > 0])).toEqual([
      [4 * MINUTE_MS, true],
      [0, false],
    ]);
  }
  for (const record of ends['patient'] ?? []) {
    expect(record.steps.filter(({ step }) => step === 'profile-download').length).toBeGreaterThan(1);
  }
  // A user whom the registration names is not asked for the name.
  const atSignIn = (name: (typeof COHORTS)[number]): boolean[] =>
    (ends[name] ?? []).map(({ steps }) => {
      const signIn = steps.find(({ step }) => step === 'sign-in');
      return (signIn?.partsMs.person ?? NaN) >= 100 * SECOND_MS;
    });
  expect([atSignIn('patient'), atSignIn('tuple'), atSignIn('by-hand'), atSignIn('script')]).toEqual([
    [true, true],
    [false, false],
    [false, false],
    [false, false],
  ]);
});
