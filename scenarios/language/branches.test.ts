// What a scenario can say of the branches of user-driven mode, and what it comes to in the plan.
import { describe, expect, it } from 'vitest';
import { compileScenario } from './compile.ts';
import { forecastPlan } from './forecast.ts';
import type { Plan } from './plan.ts';
import { formatProblems } from './problem.ts';

function planOf(text: string): Plan {
  const compiled = compileScenario({ path: 's.yaml', text });
  if (!compiled.ok) throw new Error(formatProblems(compiled.problems));
  return compiled.plan;
}

function said(text: string): string[] {
  const compiled = compileScenario({ path: 's.yaml', text });
  return formatProblems(compiled.ok ? compiled.warnings : compiled.problems).split('\n');
}

const HEAD = 'name: s\narrivals: { kind: at-once }\n';

const EVERYTHING = `${HEAD}tenant:
  join: { scope: selected, quota: 20 }
  mdm: { scope: all, minimumOs: 10.0.22631.0 }
faults:
  - { fault: unavailable, service: management, rate: 25%, cohort: b, from: 10 s, until: 1 min }
validation: user-driven
cohorts:
  - { name: a, count: 4 }
  - name: b
    count: 6
    registration: { by: csv, assignUser: true, missing: 1% }
    assignment: { by: static, lag: 15 min, profileAge: 30 d }
    accounts: { kind: ws-trust, multifactor: true, traits: { locked: 2%, blocked: 3% } }
    mistakes: { mistypedPassword: 5% }
    restartsWithoutProfile: 2
    windowsHello: true
    coManagement: { clientSize: 5 MB, workloads: [client-apps], taskSequence: [{ name: Agent, size: 1 MB }] }
    updates: { quality: { size: 9 MB } }
    esp:
      assignedTo: users
      onFailure: [try-again, continue-anyway]
      person: { tryAgain: 1, atLast: continue-anyway }
      device:
        restartPolicies: 2
        pkcsCertificates: 1
        apps:
          - { name: Runtime, kind: win32, size: 1 MB }
          - { name: Suite, kind: win32, dependsOn: [Runtime], blocking: false, installer: { exitCodes: { 0: 90%, 1603: 10% }, detected: 0.9 } }
`;

describe('a scenario of every branch', () => {
  const plan = planOf(EVERYTHING);
  const [, cohort] = plan.cohorts;
  const [first, group] = plan.tenant.groups;

  it('sets up the tenant', () => {
    expect(plan.tenant).toMatchObject({
      join: { scope: 'selected', quota: 20 },
      enrollment: { scope: 'all', minimumOsVersion: '10.0.22631.0' },
      faults: [
        { fault: 'unavailable', service: 'management', rate: 0.25, cohort: 'b', fromMs: 10_000, untilMs: 60_000 },
      ],
    });
    expect(plan.validation).toBe('user-driven');
    expect(first!.accounts).toMatchObject({ count: 4, kind: 'managed' });
    expect(group).toMatchObject({
      accounts: { count: 6, kind: 'ws-trust', multifactor: true, traits: { locked: 0.02, blocked: 0.03 } },
      assignment: { by: 'static', lagMs: 900_000, profileAgeDays: 30, profileDeleted: false },
      updates: { kind: 'none', quality: { sizeBytes: 9_437_184, restart: true } },
      windowsHello: true,
      coManagement: { workloads: ['client-apps'], taskSequenceApps: [{ name: 'Agent', sizeBytes: 1_048_576 }] },
    });
    expect(group!.esp).toMatchObject({ assignedTo: 'users', blocks: 'selected', allowContinueAnyway: true });
    expect(group!.esp.device).toMatchObject({ restartPolicies: 2, pfxCertificates: 1, msiApps: [] });
    expect(group!.esp.device.win32Apps).toEqual([
      { name: 'Runtime', sizeBytes: 1_048_576, blocking: true, dependsOn: [], restart: 'by-exit-code' },
      { name: 'Suite', sizeBytes: 2_097_152, blocking: false, dependsOn: ['Runtime'], restart: 'by-exit-code' },
    ]);
  });

  it('says what devices and people do', () => {
    expect(cohort).toMatchObject({
      registration: { by: 'csv', assignUser: true, missing: 0.01 },
      mistakes: { mistypedPassword: 0.05, otherUser: 0 },
      restartsWithoutProfile: 2,
      failedPage: { tryAgain: 1, atLast: 'continue-anyway' },
    });
    expect(cohort!.installers).toEqual({
      Suite: {
        exitCodes: [
          { value: 0, share: 0.9 },
          { value: 1603, share: 0.1 },
        ],
        detected: 0.9,
        time: null,
      },
    });
  });

  it('counts the load of each service', () => {
    const { requests, contentBytes } = forecastPlan(plan);
    // Three check-ins of two requests, then two for each of two apps.
    expect(requests.gateway).toBe(6 * (3 * 2 + 2 * 2));
    expect(requests.federation).toBe(6 * 2);
    expect(contentBytes).toBe(6 * (9 + 5 + 1 + 1 + 2) * 1_048_576);
  });
});

describe('contradictions', () => {
  it('are found between apps', () => {
    const apps =
      '[{ name: A, kind: win32, dependsOn: [B] }, { name: B, kind: win32, dependsOn: [A] }, { name: C, blocking: false }]';
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1, esp: { device: { apps: ${apps} } } }]\n`)).toMatchObject([
      expect.stringContaining('`A` depends on itself'),
      expect.stringContaining('`B` depends on itself'),
      expect.stringContaining('`blocking` is only for apps of kind `win32`'),
    ]);
    const unknown = '[{ name: Runtime, kind: win32 }, { name: B, kind: win32, dependsOn: [Runtim] }]';
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1, esp: { device: { apps: ${unknown} } } }]\n`)).toEqual([
      expect.stringMatching(/`Runtim` is not a `win32` app of this phase\..*Did you mean `Runtime`\?/),
    ]);
  });

  it('are found between faults and cohorts', () => {
    const cohorts = 'cohorts: [{ name: office, count: 1 }]\n';
    expect(said(`${HEAD}${cohorts}faults: [{ fault: unavailable, cohort: ofice }]\n`)).toEqual([
      expect.stringContaining('`unavailable` can be anywhere: `service` is missing.'),
      expect.stringMatching(/There is no cohort `ofice`\..*Did you mean `office`\?/),
    ]);
  });

  it('are found where a fault cannot be what it is told to be', () => {
    const faults = `
  - { fault: connection-refused, service: join, cohort: a }
  - { fault: handshake-failed, service: apps }`;
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1 }]\nfaults:${faults}\n`)).toEqual([
      expect.stringContaining('`connection-refused` strikes before anybody says who asks'),
      expect.stringContaining('`handshake-failed` needs TLS, and `apps` is plain HTTP.'),
    ]);
  });

  it('refuses traits of more users than there are', () => {
    const accounts = 'accounts: { traits: { locked: 60%, blocked: 50% } }';
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1, ${accounts} }]\n`)).toEqual([
      expect.stringContaining('must not be more than 100% together'),
    ]);
  });

  it('warns of versions of Windows that will fail, or that nobody services', () => {
    const versions = 'osVersions: { windows-11-25h2-home: 1, windows-10-1703: 1, windows-11-25h2: 1 }';
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1, ${versions} }]\n`)).toEqual([
      expect.stringContaining('has no user-driven mode'),
      expect.stringContaining('is out of support'),
    ]);
  });

  it('warns of buttons that the page does not have, and of MSI beside Win32', () => {
    const esp =
      'esp: { person: { tryAgain: 1, atLast: reset }, device: { apps: [{ name: A }, { name: B, kind: win32 }] } }';
    expect(said(`${HEAD}cohorts: [{ name: a, count: 1, ${esp} }]\n`)).toEqual([
      expect.stringContaining('The person wants `try-again`'),
      expect.stringContaining('The person wants `reset`'),
      expect.stringContaining('MSI jobs and Win32 apps in one phase'),
    ]);
  });
});
