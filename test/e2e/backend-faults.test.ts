// Every fault of the embedded backend over real sockets: a device that meets it ends with exactly the code, at the step, that the
// catalogue says. And every code that a backend can cause has a fault, or a tenant that causes it.
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, FAILURES, type Failure, type FailureCode } from '../../catalog/failures.ts';
import { FAULT_NAMES, FAULTS, type Fault, type FaultName } from '../../catalog/faults.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { CONFIGURED, NOT_CAUSED } from './configured-failures.ts';
import { runFleet, type FleetEnd } from './faulty-fleet.ts';

/** How a fault is met, where that is more than a cohort with a status page. */
interface Setting {
  /** For one that can be anywhere. */
  readonly service?: ServiceName;
  /** How much faster than the backend its device lives, so that its time-outs come soon. */
  readonly haste?: number;
  /** Further keys of its cohort. */
  readonly cohort?: string;
  /** Keys of its tenant. */
  readonly tenant?: string;
}

const PLAIN = 'esp: { timeout: 20 min, device: { policies: 1 }, user: { policies: 1 } }';
const MSI = 'esp: { device: { apps: [{ name: Editor, kind: msi, size: 10 KB }] } }';
const WIN32 = 'esp: { device: { apps: [{ name: Suite, kind: win32, size: 10 KB }] } }';
const SCEP = 'esp: { timeout: 20 min, device: { certificates: 1 } }';
const WS_TRUST = 'accounts: { kind: ws-trust }';
const RESTART = 'esp: { device: { restartPolicies: 1 }, user: { policies: 1 } }';
const UPDATES = 'updates: { kind: some, size: 10 KB }';

const SETTINGS: Readonly<Partial<Record<FaultName, Setting>>> = {
  silent: { service: 'management', haste: 40 },
  'connection-refused': { service: 'join', haste: 10 },
  'untrusted-certificate': { service: 'join' },
  'handshake-failed': { service: 'join' },
  'handshake-stalled': { service: 'updates', haste: 40, cohort: UPDATES },
  'profile-late': { haste: 20 },
  'update-stalls': { haste: 60, cohort: UPDATES },
  'update-corrupt': { cohort: UPDATES },
  'federation-down': { cohort: WS_TRUST },
  'assertion-outdated': { cohort: WS_TRUST },
  'assertion-tampered': { cohort: 'accounts: { kind: passive }' },
  'device-unauthenticated': { cohort: RESTART },
  'nonce-stale': { cohort: RESTART },
  'session-key-unknown': { cohort: RESTART },
  'new-password-refused': { cohort: 'accounts: { traits: { password-expired: 100% } }' },
  'user-not-assigned': { cohort: 'registration: { assignUser: true }' },
  'scep-profile-broken': { cohort: SCEP },
  'scep-ca-wrong': { cohort: SCEP },
  'scep-challenge-wrong': { cohort: SCEP },
  'scep-reply-forged': { cohort: SCEP },
  'scep-undecided': { cohort: SCEP },
  'provider-failed': { cohort: WIN32.replace('Suite', 'Tables') },
  'extension-missing': { cohort: WIN32 },
  'terms-of-use-error': { tenant: 'termsOfUse: true' },
  'hello-key-refused': { cohort: 'windowsHello: true' },
  'hello-device-unknown': { cohort: 'windowsHello: true' },
  'app-hash-wrong': { cohort: MSI },
  'content-corrupt': { cohort: MSI.replace('Editor', 'Viewer') },
  'content-info-missing': { cohort: WIN32.replace('Suite', 'Tables') },
  'package-missing': { cohort: WIN32 },
  'package-corrupt': { cohort: WIN32.replace('Suite', 'Slides') },
};

function settingOf(fault: FaultName): Setting {
  const { service }: Fault = FAULTS[fault];
  return { ...(service === null && { service: 'management' }), ...SETTINGS[fault] };
}

/** Whether it needs a run of its own: it strikes whoever comes, or its run is unlike others. */
function isAlone(fault: FaultName): boolean {
  const { anonymous }: Fault = FAULTS[fault];
  const { haste, tenant } = settingOf(fault);
  return anonymous === true || haste !== undefined || tenant !== undefined;
}

/** A run of one device a cohort. */
function scenarioOf(cohorts: readonly string[], faults: readonly string[], tenant = ''): string {
  return `name: faults
seed: faults
speed: 5000
arrivals: { kind: at-once }
people: 0 s
installs: 0 s
tenant: { ${tenant} }
cohorts:
${cohorts.join('\n')}
faults: [${faults.join(', ')}]
`;
}

function cohortOf(name: string, keys: string): string {
  return `  - { name: ${name}, count: 1, networks: { loopback: 1 }, sessionPause: 1 min, ${keys} }`;
}

/** A cohort for each fault; alone, it is everybody's. */
function meeting(...faults: readonly FaultName[]): Promise<FleetEnd> {
  const settings = faults.map((fault) => ({ fault, ...settingOf(fault) }));
  const { haste, tenant } = settings[0]!;
  const alone = isAlone(faults[0]!);
  const cohorts = settings.map(({ fault, cohort = PLAIN }) => cohortOf(fault, cohort));
  const listed = settings.map(({ fault, service }) => {
    const where = `${alone ? '' : `, cohort: ${fault}`}${service === undefined ? '' : `, service: ${service}`}`;
    return `{ fault: ${fault}, delay: 0 s${where} }`;
  });
  return runFleet(scenarioOf(cohorts, listed, tenant), haste);
}

function expectEnd(fault: FaultName, { records, hits, softFailures }: FleetEnd): void {
  const { causes, notes }: Fault = FAULTS[fault];
  const record = records.get(fault);
  const ended = { fault, outcome: record?.outcome, code: record?.code, step: record?.step };
  if (causes === null) expect(ended).toEqual({ fault, outcome: 'succeeded', code: null, step: null });
  else {
    expect(ended).toMatchObject({ fault, outcome: 'failed', code: causes.code });
    if (causes.step !== null) expect(ended.step).toBe(causes.step);
  }
  if (notes !== undefined) expect(softFailures).toContainEqual([notes.step, notes.code]);
  expect(hits[fault], `${fault} hit`).toBeGreaterThan(0);
}

function inRuns<T>(all: readonly T[]): T[][] {
  const runs = Math.ceil(all.length / LIMITS.cohortsMax);
  return Array.from({ length: runs }, (_, run) => all.slice(run * LIMITS.cohortsMax, (run + 1) * LIMITS.cohortsMax));
}

describe('a device that meets a fault', () => {
  it.each(inRuns(FAULT_NAMES.filter((fault) => !isAlone(fault))).map((faults, run) => [run + 1, faults] as const))(
    'ends with its code at its step, others go on (run %i)',
    async (_run, faults) => {
      const end = await meeting(...faults);
      for (const fault of faults) expectEnd(fault, end);
    },
  );

  const alone = FAULT_NAMES.filter(isAlone);
  const waits = (fault: FaultName): boolean => settingOf(fault).haste !== undefined;

  it.each(alone.filter((fault) => !waits(fault)))('%s', async (fault) => {
    expectEnd(fault, await meeting(fault));
  });

  it.concurrent.each(alone.filter(waits))('%s, after a time-out', async (fault) => {
    expectEnd(fault, await meeting(fault));
  });
});

describe('a device of a tenant, or of people, that make it fail', () => {
  const byTenant = Map.groupBy(CONFIGURED, ({ tenant = '' }) => tenant);
  const runs = [...byTenant].flatMap(([tenant, failures]) => inRuns(failures).map((run) => [tenant, run] as const));

  it.each(runs)('ends with their code (%s)', async (tenant, failures) => {
    const cohorts = failures.map(({ cohort }, at) => cohortOf(`cohort-${at}`, cohort));
    const { records } = await runFleet(scenarioOf(cohorts, [], tenant));
    const ends = failures.map((_, at) => records.get(`cohort-${at}`));
    expect(ends.map((record) => [record?.code, record?.step])).toEqual(failures.map(({ code, step }) => [code, step]));
  });
});

describe('the catalogue of failures', () => {
  const caused = new Set<FailureCode>([
    ...FAULT_NAMES.flatMap((name) => {
      const { causes, notes }: Fault = FAULTS[name];
      return [causes, notes].flatMap((end) => (end ? [end.code] : []));
    }),
    ...CONFIGURED.map(({ code }) => code),
  ]);

  it('has a fault or a setting for each code, or a reason why no backend causes it', () => {
    expect(FAILURE_CODES.filter((code) => !caused.has(code) && !(code in NOT_CAUSED))).toEqual([]);
    expect(Object.keys(NOT_CAUSED).filter((code) => caused.has(code as FailureCode))).toEqual([]);
  });

  it('knows each fault at a step where its code can end a device', () => {
    for (const name of FAULT_NAMES) {
      const { causes, notes }: Fault = FAULTS[name];
      for (const end of [causes, notes]) {
        if (!end || end.step === null) continue;
        const { steps }: Failure = FAILURES[end.code];
        if (steps.length > 0) expect(steps, name).toContain(end.step);
      }
    }
  });
});
