// Restarts: what asks for them, when they come, and what of the device is there afterwards.
import { describe, expect, it } from 'vitest';
import type { ManagedDevice } from '../../agent/management/managed-device.ts';
import { phaseSession } from '../../agent/steps/esp-phase.ts';
import { Installer } from '../../agent/steps/installer.ts';
import { managedOf } from '../../agent/steps/manage.ts';
import { StatusPage } from '../../agent/steps/status-page.ts';
import type { WorkEnd, WorkSource } from '../../agent/work.ts';
import { ok } from '../../kernel/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { fakeDevice, prepared, run, settled, type FakeDevice } from './fake-device.ts';
import { readFirstSync, setFirstSync, showEsp, trackApp, wantQualityUpdates } from './fake-server.ts';

const RESTART_MS = 120 * SECOND_MS;
const NEEDS_RESTART = './Device/Vendor/MSFT/Policy/Config/SimulatedRestart0/Setting1';

/** A device whose server sets this in its first session of the phase; `seen` has what the device had at each session. */
function deviceOf(setUp: (managed: ManagedDevice) => void, seen: unknown[] = [], scope: 'device' | 'user' = 'device') {
  const runSession = async (managed: ManagedDevice) => {
    if (seen.length === 0) setUp(managed);
    setFirstSync(managed, scope, 'ServerHasFinishedProvisioning', 'true');
    seen.push([fake.device.state.credentialsKept, readFirstSync(managed, scope, 'IsSyncDone')]);
    return ok({ messages: 1, commands: 1 });
  };
  const fake = prepared(fakeDevice({ services: { runSession } }));
  fake.device.step = scope === 'device' ? 'device-esp' : 'user-esp';
  fake.device.state.credentialsKept = true;
  showEsp(fake.device);
  return fake;
}

function restarts({ recorder }: FakeDevice): number {
  const counter = recorder.takeFrame().counters.find(({ metric }) => metric === 'flotilla_restarts_total');
  return counter?.value ?? 0;
}

function replace(managed: ManagedDevice, address: string): number {
  return managed.tree.replace(address, { data: '1', format: 'int' }).status;
}

describe('settings that need a restart', () => {
  it('cause one, at the end of the device phase and before its results', async () => {
    const seen: unknown[] = [];
    const fake = deviceOf((managed) => {
      for (let i = 0; i < 5; i++) expect(replace(managed, `${NEEDS_RESTART}${i}`)).toBe(200);
      trackApp(managed, 'Sidecar', '3', '2');
    }, seen);
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(times.partsMs.restart).toBe(RESTART_MS);
    expect(restarts(fake)).toBe(1);
    expect(seen).toEqual([
      [true, 'false'],
      [false, 'true'],
    ]);
    expect(managedOf(fake.device).tree.restartPending).toBe(false);
  });

  it('cause none where they were rolled back, nor in the user phase', async () => {
    const atomic = deviceOf((managed) => {
      managed.tree.begin();
      replace(managed, NEEDS_RESTART);
      managed.tree.rollBack();
    });
    const user = deviceOf(
      (managed) => {
        replace(managed, NEEDS_RESTART);
        replace(managed, NEEDS_RESTART.replace('./Device', './User'));
      },
      [],
      'user',
    );
    for (const [fake, step] of [
      [atomic, 'device-esp'],
      [user, 'user-esp'],
    ] as const) {
      const { result, times } = await settled(fake.clock, run(fake, step));
      expect([result, times.partsMs.restart, restarts(fake)]).toEqual([{ ok: true, value: 'done' }, 0, 0]);
    }
  });

  it('are those that Windows knows, and only the device’s', () => {
    const { tree } = managedOf(deviceOf(() => {}).device);
    for (const harmless of ['Start/ShowOrHide', 'Update/ActiveHoursEnd', 'Simulated0/Setting1']) {
      tree.replace(`./Device/Vendor/MSFT/Policy/Config/${harmless}`, { data: '1', format: 'int' });
    }
    expect(tree.restartPending).toBe(false);
    for (const setting of ['DeviceGuard/LsaCfgFlags', 'Start/HideSleep', 'Update/ManagePreviewBuilds']) {
      tree.restartPending = false;
      tree.replace(`./Device/Vendor/MSFT/Policy/Config/${setting}`, { data: '1', format: 'int' });
      expect([setting, tree.restartPending]).toEqual([setting, true]);
    }
  });
});

describe('a restart', () => {
  it('loses what is in memory and keeps what is on disk', async () => {
    const fake = deviceOf((managed) => replace(managed, NEEDS_RESTART));
    const { state } = fake.device;
    state.networkKnown = true;
    state.deviceCertificate = new Uint8Array([1]);
    fake.device.rename('NEW-NAME');
    const { managed, management, profile } = state;
    await settled(fake.clock, run(fake, 'device-esp'));
    expect(fake.closed).toContain('all');
    expect(state).toMatchObject({ signIn: null, credentialsKept: false, networkKnown: true, deviceName: 'NEW-NAME' });
    expect([state.deviceCertificate, state.deviceId]).toEqual([
      new Uint8Array([1]),
      prepared(fake).device.state.deviceId,
    ]);
    expect([management, profile]).toEqual([state.management, state.profile]);
    expect(managed?.tree.get(NEEDS_RESTART).value).toBe('1');
  });

  it('in OOBE also loses the profile and its ticket', async () => {
    const fake = prepared(fakeDevice());
    fake.device.state.deviceId = null;
    await settled(fake.clock, fake.device.restart('oobe'));
    expect(fake.device.state).toMatchObject({ profile: null, deviceToken: null, signIn: null });
  });
});

describe('an app that ends with a hard restart', () => {
  /** One piece of work in each life of the device; what it ends with is kept, as the tree keeps it. */
  function sourceOf(ends: WorkEnd[]): WorkSource {
    return {
      hasWork: () => ends.length > 0,
      dueMs: () => undefined,
      begin: async () => {
        const end = ends.shift()!;
        return ok({ deviceMs: MINUTE_MS, blocking: true, finish: () => end });
      },
    };
  }

  it('restarts the device at once, after which the page goes on with its time', async () => {
    const fake = deviceOf(() => {});
    setFirstSync(managedOf(fake.device), 'device', 'ServerHasFinishedProvisioning', 'true');
    const ends: WorkEnd[] = ['restart-now', 'restart-later', 'restart-now'];
    let lives = 0;
    const newInstaller = () => {
      lives++;
      return new Installer(fake.device, [sourceOf(ends)]);
    };
    // The page is complete when nothing is left to install.
    setFirstSync(managedOf(fake.device), 'device', 'ExpectedPolicies', NEEDS_RESTART);
    const page = new StatusPage(fake.device, 'device', phaseSession('device'), 0, newInstaller);
    const running = page.run();
    await fake.clock.advance(8 * SECOND_MS);
    expect(ends).toEqual([]);
    expect([lives, restarts(fake)]).toEqual([3, 2]);
    // The hard restart has made the soft one unnecessary.
    expect(page.restartLater).toBe(false);
    replace(managedOf(fake.device), NEEDS_RESTART);
    expect(await settled(fake.clock, running)).toEqual(ok('complete'));
    page.close(false);
    const blocking = fake.recorder.takeFrame().histograms.find(({ metric }) => metric.includes('blocking'));
    expect([blocking?.labels, blocking?.delta.count]).toEqual([['device-esp'], 1]);
    expect(blocking?.delta.sum).toBeCloseTo((3 * MINUTE_MS) / SECOND_MS, 6);
  });
});

describe('quality updates at the end of OOBE', () => {
  const UPDATE = { id: 'u', title: '', url: '', sizeBytes: 1, sha256: undefined, restart: true };

  it('restart the device, and the person signs in to Windows again', async () => {
    const fake = prepared(fakeDevice({ services: { checkUpdates: async () => ok([UPDATE]) } }));
    wantQualityUpdates(fake.device);
    fake.device.step = 'quality-updates';
    const { result, times } = await settled(fake.clock, run(fake, 'quality-updates'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(times.partsMs).toMatchObject({ install: MINUTE_MS, restart: RESTART_MS, person: 30 * SECOND_MS });
    expect(restarts(fake)).toBe(1);
    expect(fake.calls.slice(0, 3)).toEqual(['getDeviceToken', 'checkUpdates', 'downloadUpdate']);
  });

  it('are not looked for where the MDM does not say so', async () => {
    const fake = prepared(fakeDevice());
    await settled(fake.clock, run(fake, 'quality-updates'));
    expect(fake.calls).toEqual([]);
  });

  it('take as long as they get on, and are cancelled when they stand still', async () => {
    let silentAfter = 40;
    const downloadUpdate = async (_network: unknown, _update: unknown, progress: () => void) => {
      for (let piece = 0; piece < 40 && piece < silentAfter; piece++) {
        await fake.clock.waitReal(MINUTE_MS);
        progress();
      }
      return silentAfter < 40 ? new Promise<never>(() => {}) : ok({ bytes: 5_000 });
    };
    const fake = prepared(fakeDevice({ services: { checkUpdates: async () => ok([UPDATE]), downloadUpdate } }));
    wantQualityUpdates(fake.device);
    const slow = await settled(fake.clock, run(fake, 'quality-updates'));
    expect(slow.times.partsMs.service).toBeGreaterThan(40 * MINUTE_MS);
    expect(slow.result.ok).toBe(true);
    const bytes = fake.recorder.takeFrame().counters.find(({ metric }) => metric === 'flotilla_content_bytes_total');
    expect([bytes?.labels, bytes?.value]).toEqual([[fake.device.cohort.site], 5_000]);
    silentAfter = 3;
    prepared(fake);
    wantQualityUpdates(fake.device);
    const still = await settled(fake.clock, run(fake, 'quality-updates'));
    expect(still.result).toMatchObject({ ok: false, error: { code: 'updates-watchdog' } });
    expect(still.times.partsMs.service).toBeGreaterThanOrEqual(13 * MINUTE_MS - 1);
  });
});
