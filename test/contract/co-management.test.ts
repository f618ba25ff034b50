// Co-management (mission.md 17): the server's setting and the Configuration Manager client's work against each other, over the device's
// tree: the client is installed, workloads pass in order, its task sequence is tracked, and the server learns of it.
import { describe, expect, it } from 'vitest';
import { CLIENT_KEYS, trackedAppKey } from '../../agent/co-management/client-keys.ts';
import {
  configManagerClient,
  configManagerInstalled,
  isConfigManagerClient,
} from '../../agent/co-management/config-manager-client.ts';
import { beginPhase, trackPhase } from '../../agent/management/esp-tracking.ts';
import { NO_CONTENT, type CoManagementConfig } from '../../catalog/content.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import { constant, fakeDevice, prepared, settled, type FakeDevice, type FakeOptions } from './fake-device.ts';
import { group, Setup } from './management-setup.ts';

const WIN32 = { name: 'Editor', sizeBytes: 1, blocking: true, dependsOn: [], restart: 'by-exit-code' } as const;
const CONFIG: CoManagementConfig = {
  clientSizeBytes: 1,
  workloads: ['client-apps', 'compliance-policies', 'device-configuration'],
  taskSequenceApps: [
    { name: 'Antivirus', sizeBytes: 1 },
    { name: 'VPN/Client', sizeBytes: 1 },
  ],
};
const INSTALL_MS = 60 * SECOND_MS;
const SIDECAR = 'D/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated';

class CoManaged {
  readonly setup: Setup;
  readonly fake: FakeDevice;

  constructor(
    options: { config?: Partial<CoManagementConfig>; win32?: boolean; services?: FakeOptions['services'] } = {},
  ) {
    const coManagement = { ...CONFIG, ...options.config };
    const device = { ...NO_CONTENT, win32Apps: options.win32 === false ? [] : [WIN32] };
    this.setup = new Setup([group('a', { device, user: NO_CONTENT }, { coManagement })]);
    const installs = { app: constant(INSTALL_MS), update: constant(0), qualityUpdate: constant(0) };
    this.fake = prepared(fakeDevice({ cohort: { installs }, services: options.services ?? {} }));
    this.fake.device.state.managed = this.setup.device;
  }

  /** The first session of the page; the client's MSI ends so. */
  async enrolled(outcome: 'succeeded' | 'failed' = 'succeeded'): Promise<this> {
    const { device } = this.setup;
    beginPhase(device, 'device');
    await this.setup.session({ bootstrapSync: 'device' });
    const job = device.takeJobs().find(isConfigManagerClient)!;
    device.finishJob(job, outcome);
    if (outcome === 'succeeded') configManagerInstalled(device);
    return this;
  }

  read(key: string): string | undefined {
    return this.setup.device.tree.read(key);
  }

  /** Does the next piece of a client's work; undefined where there is none that takes time. */
  async piece(client: ReturnType<typeof configManagerClient>): Promise<number | undefined> {
    const begun = await settled(this.fake.clock, client.begin());
    if (!begun.ok) throw new Error(begun.error.code);
    await begun.value?.finish();
    return begun.value?.deviceMs;
  }

  async work(phase: 'device-esp' | 'desktop' = 'device-esp'): Promise<(number | undefined)[]> {
    const client = configManagerClient(this.fake.device, phase);
    const pieces: (number | undefined)[] = [];
    while (client.hasWork()) pieces.push(await this.piece(client));
    return pieces;
  }
}

describe('co-management', () => {
  it('brings the setting, the provider and ccmsetup.msi with the first session', async () => {
    const { setup } = new CoManaged();
    await setup.session({ bootstrapSync: 'device' });
    // A new device has no such setting yet: the server's question is answered 404, all else is taken.
    expect(setup.statuses.filter((code) => code >= 300)).toEqual([404]);
    expect(setup.device.tree.read(CLIENT_KEYS.workloads)).toBe('1,65,67,75');
    expect(setup.device.tree.read(CLIENT_KEYS.provider)).toBe('1');
    const jobs = setup.device.takeJobs();
    expect(jobs.map((job) => [isConfigManagerClient(job), job.contentUrl?.split('/').at(-1)])).toEqual([
      [false, 'IntuneWindowsAgent.msi'],
      [true, 'ccmsetup.msi'],
    ]);
  });

  it('passes one workload after the other before the provider is complete, and the server follows', async () => {
    const devices = await new CoManaged().enrolled();
    const { setup } = devices;
    expect(devices.read(CLIENT_KEYS.flags)).toBe('1');
    const client = configManagerClient(devices.fake.device, 'device-esp');
    const seen: [string | undefined, string | undefined][] = [];
    for (let i = 0; i < 3; i++) {
      await devices.piece(client);
      seen.push([devices.read(CLIENT_KEYS.flags), devices.read(CLIENT_KEYS.provider)]);
      await setup.session({ bootstrapSync: 'device' });
      expect(setup.bodies.at(-2)).toContain(`<Data>${seen.at(-1)![0]}</Data>`);
    }
    expect(seen).toEqual([
      ['65', '1'],
      ['67', '1'],
      ['75', '1'],
    ]);
    await devices.piece(client);
    expect(devices.read(CLIENT_KEYS.provider)).toBe('3');
    expect(setup.service.counts()).toMatchObject({ coManaged: 1 });
  });

  it('tracks the apps of the task sequence, which the page waits for', async () => {
    const devices = await new CoManaged().enrolled();
    const { device } = devices.setup;
    device.tree.write(SIDECAR, 'true');
    device.tree.write(
      'D/Vendor/MSFT/EnrollmentStatusTracking/DevicePreparation/PolicyProviders/Sidecar/InstallationState',
      '3',
    );
    const client = configManagerClient(devices.fake.device, 'device-esp');
    for (let i = 0; i < 4; i++) await devices.piece(client);
    expect(devices.read(CLIENT_KEYS.trackingPoliciesCreated)).toBe('true');
    expect(trackPhase(device, 'device').trackers.apps).toEqual({ expected: 2, completed: 0, failed: 0 });
    expect(await devices.piece(client)).toBe(INSTALL_MS);
    expect(devices.read(trackedAppKey('Antivirus', 'InstallationState'))).toBe('3');
    expect(trackPhase(device, 'device').trackers.apps.completed).toBe(1);
    expect(await devices.piece(client)).toBe(INSTALL_MS);
    expect(client.hasWork()).toBe(false);
    expect(trackPhase(device, 'device').state).toBe('ready');
    expect(devices.fake.calls).toEqual(['downloadContent', 'downloadContent']);
    await devices.setup.session({ bootstrapSync: 'device' });
    expect(devices.setup.bodies.at(-2)).toContain('<Data>Antivirus/VPN%2FClient</Data>');
  });

  it('keeps the page identifying where only Configuration Manager tracks, whatever it reports', async () => {
    const devices = await new CoManaged({ win32: false }).enrolled();
    await devices.work();
    expect(devices.read(CLIENT_KEYS.trackingPoliciesCreated)).toBe('true');
    const { device } = devices.setup;
    expect(trackPhase(device, 'device')).toMatchObject({ state: 'identifying', preparation: { completed: 1 } });
    expect(trackPhase(device, 'device').trackers.apps.expected).toBe(-1);
  });

  it('reports a client that could not be installed as an error of its provider', async () => {
    const devices = await new CoManaged().enrolled('failed');
    expect(await devices.work()).toEqual([undefined]);
    expect(devices.read(CLIENT_KEYS.provider)).toBe('4');
    expect(trackPhase(devices.setup.device, 'device').state).toBe('failed');
    await devices.setup.session({ bootstrapSync: 'device' });
    expect(devices.setup.service.counts()).toMatchObject({ coManaged: 0 });
  });

  it('goes on after a restart with what is not done', async () => {
    const devices = await new CoManaged().enrolled();
    const before = configManagerClient(devices.fake.device, 'device-esp');
    for (let i = 0; i < 4; i++) await devices.piece(before);
    // The restart comes while the first app installs.
    await settled(devices.fake.clock, before.begin());
    before.release();
    expect(devices.read(trackedAppKey('Antivirus', 'InstallationState'))).toBe('2');
    expect(await devices.work()).toEqual([INSTALL_MS, INSTALL_MS]);
  });

  it('fails an app of the task sequence whose content cannot be had, and goes on with the next', async () => {
    let downloads = 0;
    const downloadContent = async () =>
      downloads++ === 0 ? stepFailure('0x87d1041c', 'the content does not match its hash') : ok({ bytes: 1 });
    const devices = await new CoManaged({ services: { downloadContent } }).enrolled();
    const client = configManagerClient(devices.fake.device, 'device-esp');
    while (client.hasWork()) await devices.piece(client);
    expect(devices.read(trackedAppKey('Antivirus', 'InstallationState'))).toBe('4');
    expect(devices.read(trackedAppKey('VPN/Client', 'InstallationState'))).toBe('3');
    expect(client.failure()).toMatchObject({ code: '0x87d1041c' });
  });

  it('has no work on a device without the setting, and none before the client is there', async () => {
    const plain = prepared(fakeDevice());
    expect(configManagerClient(plain.device, 'device-esp').hasWork()).toBe(false);
    const devices = new CoManaged({ config: { workloads: [], taskSequenceApps: [] } });
    await devices.setup.session({ bootstrapSync: 'device' });
    expect(configManagerClient(devices.fake.device, 'desktop').hasWork()).toBe(false);
    configManagerInstalled(devices.setup.device);
    expect(await devices.work('desktop')).toEqual([undefined]);
    expect(devices.read(CLIENT_KEYS.flags)).toBe('1');
  });
});
