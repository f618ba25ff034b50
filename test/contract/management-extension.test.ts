// The management extension over fake services, in virtual time: order, retries, exit codes, detection, restarts, and what the status
// page, the gateway and the metrics are told.
import { describe, expect, it } from 'vitest';
import {
  extensionInstalled,
  isManagementExtension,
  managementExtension,
} from '../../agent/extension/management-extension.ts';
import type { ExtensionPhase } from '../../agent/extension/management-extension.ts';
import type { GatewayCaller } from '../../agent/services/gateway.ts';
import { Installer } from '../../agent/steps/installer.ts';
import type { DeviceServices } from '../../agent/steps/services.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { USUAL_RETURN_CODES, writeAppPolicies } from '../../protocol/extension/app-policies.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import type { AppReport } from '../../protocol/extension/app-report.ts';
import type { CohortPlan, InstallerPlan } from '../../scenarios/language/plan.ts';
import { constant, fakeDevice, prepared, settled, type FakeDevice } from './fake-device.ts';

const INSTALL_MS = 30 * SECOND_MS;

function policy(name: string, changes: Partial<AppPolicy> = {}): AppPolicy {
  return {
    id: `id-${name}`,
    name,
    version: 1,
    target: 'device',
    targeted: true,
    dependencies: [],
    returnCodes: USUAL_RETURN_CODES,
    attemptsMax: 3,
    retryMinutes: 5,
    runMinutesMax: 60,
    restart: 'by-exit-code',
    ...changes,
  };
}

/** What an installer does: these exit codes, each by an equal share. */
function exits(...codes: readonly number[]): InstallerPlan {
  return { exitCodes: codes.map((value) => ({ value, share: 1 })), detected: 1, time: null };
}

interface Bench {
  readonly fake: FakeDevice;
  /** Names of the apps whose content was fetched, in order. */
  readonly fetched: string[];
  readonly reports: AppReport[];
  readonly callers: GatewayCaller[];
  readonly phases: (readonly [string, string | undefined])[];
}

function bench(
  policies: readonly AppPolicy[],
  options: { installers?: CohortPlan['installers']; services?: Partial<DeviceServices>; ready?: boolean } = {},
): Bench {
  const fetched: string[] = [];
  const reports: AppReport[] = [];
  const callers: GatewayCaller[] = [];
  const phases: (readonly [string, string | undefined])[] = [];
  const services: Partial<DeviceServices> = {
    requestApps: async (_network, _url, caller) => {
      callers.push(caller);
      phases.push([caller.reason, caller.espPhase]);
      return ok(writeAppPolicies(policies));
    },
    requestContent: async (_network, _url, caller, app) => {
      callers.push(caller);
      fetched.push(app.name);
      return ok({ url: 'http://localhost/app', keys: {} as never, bytes: 1000 });
    },
    downloadPackage: async () => ok({ bytes: 1000 }),
    reportApp: async (_network, _url, _caller, report) => {
      reports.push(report);
      return ok(undefined);
    },
    ...options.services,
  };
  const installs = { app: constant(INSTALL_MS), update: constant(0), qualityUpdate: constant(0) };
  const fake = prepared(
    fakeDevice({ services, cohort: { installs, installers: options.installers ?? {} }, serviceMs: 0 }),
  );
  fake.device.step = 'device-esp';
  if (options.ready !== false) extensionInstalled(fake.device.state.managed!);
  return { fake, fetched, reports, callers, phases };
}

/** Works in a phase until nothing is left, or a restart is wanted at once; how it ended. */
function work({ fake }: Bench, phase: ExtensionPhase = 'device-esp', deadlineMs = 10 * HOUR_MS) {
  const extension = managementExtension(fake.device, phase);
  const installer = new Installer(fake.device, [extension]);
  const spend = async () => {
    while (installer.hasWork && fake.device.ledger.deviceMs < deadlineMs) {
      const end = await installer.spend(MINUTE_MS, deadlineMs);
      if (!end.ok || end.value !== 'elapsed') return { end, extension, installer };
    }
    return { end: 'idle' as const, extension, installer };
  };
  return settled(fake.clock, spend());
}

/** Where the apps of a phase stand in the tree, by name. */
function states(
  { fake }: Bench,
  names: readonly string[],
  node = 'InstallationState',
  scope = 'D',
): (string | undefined)[] {
  const { tree } = fake.device.state.managed!;
  const tracking = `${scope}/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/Tracking/Sidecar`;
  return names.map((name) => tree.read(`${tracking}/Win32App_id-${name}_1/${node}`));
}

function counted({ fake }: Bench, metric: string): Record<string, number> {
  const { counters } = fake.recorder.takeFrame();
  return Object.fromEntries(
    counters.filter((one) => one.metric === metric).map(({ labels, value }) => [labels.join(' '), value]),
  );
}

describe('the management extension', () => {
  it('is known by the name of its package, and has no work before it is installed', async () => {
    expect(isManagementExtension({ contentUrl: 'http://a/content/1/IntuneWindowsAgent.msi' })).toBe(true);
    expect(isManagementExtension({ contentUrl: 'http://a/content/1.bin' })).toBe(false);
    expect(isManagementExtension({})).toBe(false);
    const it = bench([policy('A')], { ready: false });
    expect(managementExtension(it.fake.device, 'device-esp').hasWork()).toBe(false);
    extensionInstalled(it.fake.device.state.managed!);
    expect(managementExtension(it.fake.device, 'device-esp').hasWork()).toBe(true);
  });

  it('lists what the page waits for, and installs one app after the other, dependencies first', async () => {
    const apps = [
      policy('C', { dependencies: ['id-B'] }),
      policy('B', { dependencies: ['id-A'], targeted: false }),
      policy('A'),
    ];
    const it = bench(apps);
    const { end, installer } = await work(it);
    expect([end, it.fetched]).toEqual(['idle', ['A', 'B', 'C']]);
    expect(states(it, ['A', 'C'])).toEqual(['3', '3']);
    expect(states(it, ['A'], 'RebootRequired')).toEqual(['1']);
    expect(states(it, ['A'], 'TrackingUri')).toEqual(['']);
    // One that is only wanted by another is not the page's matter, but its time is the device's.
    expect(states(it, ['B'])).toEqual([undefined]);
    expect(installer.blockingMs).toBe(2 * INSTALL_MS);
    expect(it.reports.map(({ appId, state }) => `${appId} ${state}`)).toEqual([
      'id-A success',
      'id-B success',
      'id-C success',
    ]);
    expect(counted(it, 'flotilla_app_installs_total')).toEqual({
      'A installed': 1,
      'B installed': 1,
      'C installed': 1,
    });
  });

  it('says that its list is made even where it is empty', async () => {
    const it = bench([]);
    await work(it, 'user-esp');
    const { tree } = it.fake.device.state.managed!;
    const created = 'Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated';
    expect([tree.read(`U/${created}`), tree.read(`D/${created}`)]).toEqual(['true', undefined]);
  });

  it('counts content, and the time from the first download to the end of the last attempt', async () => {
    const it = bench([policy('A')], { installers: { A: { ...exits(1603), time: constant(MINUTE_MS) } } });
    await work(it);
    const { counters, histograms } = it.fake.recorder.takeFrame();
    expect(counters.find(({ metric }) => metric === 'flotilla_content_bytes_total')).toMatchObject({ value: 3000 });
    const took = histograms.find(({ metric }) => metric === 'flotilla_app_duration_seconds')!;
    // Three runs of a minute, five minutes between.
    expect([took.labels, Math.round(took.delta.sum)]).toEqual([['A'], 13 * 60]);
  });
});

describe('an attempt that fails', () => {
  it('is made again twice, five minutes apart, and then the app has failed', async () => {
    const it = bench([policy('A'), policy('B')], { installers: { A: exits(1603) } });
    const { extension } = await work(it);
    expect(it.fetched).toEqual(['A', 'B', 'A', 'A']);
    expect(states(it, ['A', 'B'])).toEqual(['4', '3']);
    expect(extension.failure?.()).toMatchObject({ code: '0x80070643' });
    expect(it.reports.at(-1)).toEqual({ appId: 'id-A', version: 1, state: 'error', errorCode: 0x80070643 | 0 });
    // The first run ends at 30 s, the others begin five minutes after the one before ended.
    expect(it.fake.device.ledger.deviceMs).toBeGreaterThanOrEqual(3 * INSTALL_MS + 10 * MINUTE_MS);
    expect(counted(it, 'flotilla_app_installs_total')).toEqual({ 'A failed': 1, 'B installed': 1 });
  });

  it.each([
    [1603, '0x80070643'],
    [1618, '0x80070652'],
    [112, '0x80070070'],
    [77, 'installer-failed'],
  ])('with exit code %i shows %s', async (exitCode, code) => {
    const it = bench([policy('A')], { installers: { A: exits(exitCode) } });
    const { extension } = await work(it);
    expect(extension.failure?.()?.code).toBe(code);
  });

  it('by an exit code that asks for another run may end otherwise the next time', async () => {
    // With as many devices as it takes, the second run of some is another than the first.
    const ends = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const it = bench([policy(`App${index}`)], { installers: { [`App${index}`]: exits(0, 1618) } });
      await work(it);
      ends.add(`${it.fetched.length} ${states(it, [`App${index}`]).join('')}`);
    }
    expect([...ends]).toEqual(expect.arrayContaining(['1 3', '2 3']));
  });

  it('because the app is not found afterwards shows 0x87d1041c', async () => {
    const it = bench([policy('A')], { installers: { A: { ...exits(0), detected: 0 } } });
    const { extension } = await work(it);
    expect(extension.failure?.()?.code).toBe('0x87d1041c');
    expect(it.fetched).toHaveLength(3);
  });

  it('because the installer does not end takes the time that the policy allows', async () => {
    const forever = { ...exits(0), time: constant(3 * HOUR_MS) };
    const it = bench([policy('A', { attemptsMax: 1, runMinutesMax: 20 })], { installers: { A: forever } });
    const { extension, installer } = await work(it);
    expect(extension.failure?.()?.code).toBe('0x87d300c9');
    expect(installer.blockingMs).toBe(20 * MINUTE_MS);
  });

  it.each(['0x87d30065', '0x87d30068', '0x87d30067'] as const)('because of its content shows %s', async (code) => {
    const it = bench([policy('A')], {
      services:
        code === '0x87d30065'
          ? { requestContent: async () => stepFailure(code, 'no') }
          : { downloadPackage: async () => stepFailure(code, 'no') },
    });
    const { extension } = await work(it);
    expect(extension.failure?.()?.code).toBe(code);
    expect(it.reports.at(-1)?.state).toBe(code === '0x87d30068' ? 'error-downloading' : 'error');
  });

  it('with the run is no failure of the app', async () => {
    const it = bench([policy('A')], {
      services: { downloadPackage: async () => stepFailure('abandoned', 'the run ended') },
    });
    const { end, extension } = await work(it);
    expect(end).toMatchObject({ ok: false, error: { code: 'abandoned' } });
    expect(extension.failure?.()).toBeUndefined();
  });
});

describe('an app whose dependency failed', () => {
  it('is skipped, with the reason of the one that failed, and so is what depends on it', async () => {
    const apps = [policy('C', { dependencies: ['id-B'] }), policy('B', { dependencies: ['id-A'] }), policy('A')];
    const it = bench(apps, { installers: { A: exits(1603) } });
    const { extension } = await work(it);
    expect(it.fetched).toEqual(['A', 'A', 'A']);
    expect(states(it, ['A', 'B', 'C'])).toEqual(['4', '4', '4']);
    expect(extension.failure?.()?.code).toBe('0x80070643');
    expect(it.reports.map(({ state }) => state)).toEqual(['error', 'dependency-failed', 'dependency-failed']);
    expect(counted(it, 'flotilla_app_installs_total')).toEqual({ 'A failed': 1, 'B skipped': 1, 'C skipped': 1 });
  });
});

describe('a restart', () => {
  it.each([
    ['by-exit-code', 0, '1', 'idle'],
    ['by-exit-code', 3010, '2', 'idle'],
    ['by-exit-code', 1641, '3', 'restart-now'],
    ['suppress', 3010, '1', 'idle'],
    ['suppress', 1641, '1', 'idle'],
    ['force', 0, '3', 'restart-now'],
  ] as const)(
    'with behaviour %s after exit code %i is RebootRequired %s',
    async (restart, exitCode, required, wanted) => {
      const it = bench([policy('A', { restart })], { installers: { A: exits(exitCode) } });
      const { end, installer } = await work(it);
      expect(states(it, ['A', 'A'], 'RebootRequired')).toEqual([required, required]);
      expect(states(it, ['A'])).toEqual(['3']);
      expect(end === 'idle' ? end : end.ok && end.value).toBe(wanted);
      expect(installer.restartLater).toBe(required === '2');
      expect(it.reports[0]?.state).toBe(required === '1' ? 'success' : 'restart-pending');
    },
  );

  it('is noted and not made in the user phase', async () => {
    const it = bench([policy('A')], { installers: { A: exits(1641) } });
    expect((await work(it, 'user-esp')).end).toBe('idle');
    expect(states(it, ['A'], 'RebootRequired', 'U')).toEqual(['3']);
  });

  it('lets a new extension go on where the one before was', async () => {
    const it = bench([policy('A'), policy('B')], { installers: { A: exits(1641) } });
    const first = await work(it);
    first.installer.release();
    expect([it.fetched, states(it, ['A', 'B'])]).toEqual([['A'], ['3', '1']]);
    const second = await work(it);
    expect([second.end, it.fetched, states(it, ['A', 'B'])]).toEqual(['idle', ['A', 'B'], ['3', '3']]);
    expect(it.phases).toEqual([
      ['ESP', 'DeviceSetup'],
      ['AgentRestart', 'DeviceSetup'],
    ]);
    const ids = it.callers.map(({ sessionId }) => sessionId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps the attempts that were made', async () => {
    const it = bench([policy('A'), policy('B', { restart: 'force' })], { installers: { A: exits(1603) } });
    (await work(it)).installer.release();
    expect(it.fetched).toEqual(['A', 'B']);
    await work(it);
    expect(it.fetched).toEqual(['A', 'B', 'A', 'A']);
  });
});

describe('a page that is tried again or left', () => {
  it('begins what failed anew, and what was skipped', async () => {
    const apps = [policy('A'), policy('B', { dependencies: ['id-A'] })];
    const it = bench(apps, { installers: { A: exits(1603) } });
    (await work(it)).installer.release(true);
    await work(it, 'desktop');
    expect(it.fetched).toHaveLength(6);
  });

  it('does not begin again what is installed', async () => {
    const it = bench([policy('A')]);
    (await work(it)).installer.release(true);
    await work(it, 'desktop');
    expect([it.fetched, it.phases]).toEqual([
      ['A'],
      [
        ['ESP', 'DeviceSetup'],
        ['UserLogOn', 'NotInEsp'],
      ],
    ]);
  });
});

describe('after the desktop', () => {
  it('tracks nothing, blocks nothing, and a failure is a soft one', async () => {
    const it = bench([policy('A'), policy('B')], { installers: { A: exits(1603) } });
    const { installer, extension } = await work(it, 'desktop');
    expect([installer.blockingMs, states(it, ['A', 'B'])]).toEqual([0, [undefined, undefined]]);
    expect(it.fake.closed.slice(-2)).toEqual(['gateway', 'apps']);
    expect(extension.failure?.()?.code).toBe('0x80070643');
    expect(counted(it, 'flotilla_step_soft_failures_total')).toEqual({ 'device-esp 0x80070643': 1 });
  });
});

describe('a gateway that fails', () => {
  it('is asked again each three minutes, while the page goes on identifying', async () => {
    let asked = 0;
    const it = bench([policy('A')], {
      services: {
        locateGateway: async () =>
          ++asked < 3 ? stepFailure('reply-unexpected', 'status 500') : ok('https://localhost/g'),
      },
    });
    await work(it);
    expect([asked, it.fetched]).toEqual([3, ['A']]);
    expect(it.fake.device.ledger.deviceMs).toBeGreaterThanOrEqual(6 * MINUTE_MS);
  });

  it('that sends what cannot be read is asked again, too, and given up in the end', async () => {
    let asked = 0;
    const it = bench([], {
      services: {
        requestApps: async () => {
          asked++;
          return ok('!');
        },
      },
    });
    expect((await work(it)).end).toBe('idle');
    expect(asked).toBe(20);
  });

  it('that does not hear a report changes nothing', async () => {
    const it = bench([policy('A')], {
      services: { reportApp: async () => stepFailure('reply-unexpected', 'status 500') },
    });
    await work(it);
    expect(states(it, ['A'])).toEqual(['3']);
  });
});
