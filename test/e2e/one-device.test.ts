// Single devices from power-on to desktop against the embedded backend in its own process, over real TLS: every step once and
// in the order of its flow, with the exchanges that it should make, and the failures that the backend knows.
import { afterEach, describe, expect, it } from 'vitest';
import type { TraceEntry } from '../../telemetry/messages.ts';
import { ShardFleet } from '../../agent/shard-fleet.ts';
import type { StepName } from '../../catalog/steps.ts';
import { RealClock } from '../../kernel/clock.ts';
import { Stop } from '../../kernel/stop.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { EmbeddedBackend } from '../../orchestrator/embedded-backend.ts';
import { entryPoints } from '../../orchestrator/entry-points.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import type { Frame } from '../../telemetry/frames.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';

let backend: EmbeddedBackend | undefined;
afterEach(async () => {
  await backend?.stop();
});

interface Ran {
  readonly records: readonly DeviceRecord[];
  readonly exchanges: readonly TraceEntry[];
  readonly frame: Frame;
}

/** Runs the cohorts to their end as one shard of a run of their own; traces device 0. */
async function run(
  cohorts: string,
  options: { readonly register?: boolean; readonly tenant?: string } = {},
): Promise<Ran> {
  const text = `
name: one-device
seed: one
speed: 600
arrivals: { kind: at-once }
tenant: ${options.tenant ?? '{}'}
people: 20 s
installs: { app: 30 s, update: 2 min }
cohorts:
${cohorts}`;
  const compiled = compileScenario({ path: 'test.yaml', text });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { plan } = compiled;
  const lines: string[] = [];
  backend = new EmbeddedBackend({
    entry: entryPoints().backend,
    clock: new RealClock(),
    onLine: (line) => lines.push(line),
    onUsage: () => {},
    onDeath: (message) => lines.push(message),
  });
  const started = await backend.configure(plan.tenant);
  if (!started.ok) throw new Error(started.error);
  const { endpoints, caPem, admin } = started.value;
  const clock = new RealClock(plan.speed);
  const recorder = new ShardRecorder(0, clock);
  const exchanges: TraceEntry[] = [];
  const fleet = new ShardFleet(
    {
      kind: 'orders',
      plan,
      shard: 0,
      of: 1,
      endpoints,
      trust: { ca: caPem },
      traceDevice: 0,
      ...(options.register !== false && { registrationToken: admin.token }),
    },
    clock,
    recorder,
    new Stop(),
    { trace: (_device, entry) => exchanges.push(entry), error: (message) => lines.push(message) },
  );
  expect(await fleet.register()).toBe(options.register === false ? 0 : plan.devices);
  const runner = fleet.runner();
  runner.start(clock.wallMs());
  await runner.done;
  expect(lines).toEqual([]);
  const frame = recorder.takeFrame();
  return { records: frame.finished.map((device) => device.record), exchanges, frame };
}

function stepsOf(record: DeviceRecord | undefined): readonly StepName[] {
  return record?.steps.map(({ step }) => step) ?? [];
}

function part(
  record: DeviceRecord | undefined,
  step: StepName,
  name: 'person' | 'install' | 'restart' | 'poll',
): number {
  return record?.steps.find((times) => times.step === step)?.partsMs[name] ?? NaN;
}

function counted(frame: Frame, metric: string): Record<string, number> {
  const series = frame.counters.filter((counter) => counter.metric === metric);
  return Object.fromEntries(series.map(({ labels, value }) => [labels.join(' '), value]));
}

const WHOLE_ESP = `
    esp:
      device:
        policies: 12
        certificates: 1
        networkProfiles: 1
        apps:
          - { name: Office, kind: msi, size: 300 KB }
          - { name: Antivirus, kind: msi, size: 20 KB }
      user:
        policies: 4
        apps: [{ name: Chat, kind: modern, size: 50 KB }]
    polling: { sessions: 2 }`;

describe('a device', () => {
  it('on Ethernet goes through every step to the desktop, and then polls', async () => {
    const { records, exchanges, frame } = await run(
      `  - name: office
    count: 1
    profile: { deviceName: 'PC-%RAND:6%', locale: en-GB, hide: [privacy, licence, oem-registration, keyboard] }${WHOLE_ESP}`,
      { tenant: '{ termsOfUse: true }' },
    );
    const [record] = records;
    expect(record).toMatchObject({ outcome: 'succeeded', code: null, step: null });
    expect(stepsOf(record)).toEqual([
      'network-connect',
      'profile-download',
      'oobe-locale',
      'oobe-updates',
      'sign-in',
      'entra-join',
      'mdm-enroll',
      'device-esp',
      'windows-sign-in',
      'user-esp',
      'quality-updates',
      'windows-hello',
    ]);
    // The profile hides every page of these steps; name and password are asked for, and the terms of use.
    expect(part(record, 'oobe-locale', 'person')).toBe(0);
    expect(part(record, 'sign-in', 'person')).toBe(40 * SECOND_MS);
    expect(part(record, 'entra-join', 'person')).toBe(20 * SECOND_MS);
    expect(part(record, 'windows-sign-in', 'person')).toBe(0);
    expect(part(record, 'device-esp', 'install')).toBeGreaterThan(50 * SECOND_MS);
    expect(part(record, 'user-esp', 'install')).toBeGreaterThan(25 * SECOND_MS);
    // Parts and lateness are the whole.
    const wholeMs = record!.steps.flatMap((step) => Object.values(step.partsMs)).reduce((sum, ms) => sum + ms, 0);
    expect(wholeMs + record!.latenessMs).toBeCloseTo(record!.deploymentMs!, 3);
    expect(record!.setupMs).toBeLessThan(record!.deploymentMs!);

    const operations = new Set(exchanges.map(({ service, operation }) => `${service} ${operation}`));
    expect([...operations]).toEqual([
      'connectivity probe',
      'profile device-add',
      'profile device-token',
      'profile download',
      'updates check',
      'login openid-configuration',
      'login authorize',
      'login logo',
      'login realm',
      'login sign-in',
      'login token',
      'enrollment terms-of-use',
      'join discover',
      'join register',
      'enrollment discover',
      'enrollment policies',
      'enrollment request-security-token',
      'management message',
      'certificates capabilities',
      'certificates ca-certificate',
      'certificates enroll',
      'apps content',
    ]);
    expect(exchanges.filter(({ operation }) => operation === 'content')).toHaveLength(3);
    expect(exchanges.every(({ status }) => status === '200' || status === '302')).toBe(true);
    const sessions = counted(frame, 'flotilla_management_sessions_total');
    expect(sessions['poll']).toBe(2);
    expect(sessions['device-esp']! + sessions['user-esp']!).toBe(record!.sessions);
    expect(counted(frame, 'flotilla_mdm_enrollments_total')).toEqual({ 'office main entra-join': 1 });
    // Nothing is left open or in a step.
    const gauges = frame.gauges
      .filter(({ value }) => value !== 0)
      .map(({ metric, labels }) => `${metric} ${labels.join()}`);
    expect(gauges.filter((gauge) => !gauge.includes('registration'))).toEqual([]);
  });

  it('keeps secrets out of its trace', async () => {
    const { exchanges } = await run('  - { name: office, count: 1 }');
    const text = JSON.stringify(exchanges);
    expect(text).not.toMatch(/eyJ[\w-]{20,}\./);
    expect(text).toContain('passwd=***');
  });

  it('on Wi-Fi is asked for region and keyboard before a profile could hide them', async () => {
    const { records } = await run(
      `  - name: home
    count: 1
    networks: { home-fibre: 1 }
    languages: 2
    profile: { locale: en-GB, hide: [privacy, licence, oem-registration, keyboard] }`,
    );
    expect(stepsOf(records[0]).slice(0, 3)).toEqual(['oobe-locale', 'network-connect', 'profile-download']);
    expect(part(records[0], 'oobe-locale', 'person')).toBe(80 * SECOND_MS);
    expect(part(records[0], 'network-connect', 'person')).toBe(20 * SECOND_MS);
  });

  it('that an update restarts connects and asks for its profile again, without being asked for the network', async () => {
    const { records } = await run(
      `  - name: tablets
    count: 1
    networks: { office-wifi: 1 }
    restart: 1 min
    updates: { kind: restart, size: 20 KB }`,
    );
    expect(records[0]?.outcome).toBe('succeeded');
    expect(stepsOf(records[0]).slice(0, 7)).toEqual([
      'oobe-locale',
      'network-connect',
      'profile-download',
      'oobe-updates',
      'network-connect',
      'profile-download',
      'sign-in',
    ]);
    expect(part(records[0], 'oobe-updates', 'install')).toBe(2 * MINUTE_MS);
    expect(part(records[0], 'oobe-updates', 'restart')).toBe(MINUTE_MS);
    const again = records[0]?.steps.filter(({ step }) => step === 'network-connect')[1];
    expect(again?.partsMs.person).toBe(0);
  });

  it('without a status page is at the desktop at once, and its content comes in the background', async () => {
    const hidden = WHOLE_ESP.replace('esp:', 'esp:\n      shown: false').replace(/\n {4}polling.*/, '');
    const { records, exchanges, frame } = await run(`  - name: quiet\n    count: 1${hidden}`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded', sessions: 1 });
    expect(part(records[0], 'device-esp', 'install')).toBe(0);
    expect(exchanges.filter(({ operation }) => operation === 'content')).toHaveLength(3);
    expect(counted(frame, 'flotilla_management_sessions_total')['background']).toBeGreaterThan(3);
  });

  it('that nobody registered ends at the profile with 807', async () => {
    const { records, frame } = await run('  - { name: strangers, count: 1 }', { register: false });
    expect(records[0]).toMatchObject({ outcome: 'failed', code: '807', step: 'profile-download', deploymentMs: null });
    expect(counted(frame, 'flotilla_step_failures_total')).toEqual({ 'profile-download 807': 1 });
  });
});
