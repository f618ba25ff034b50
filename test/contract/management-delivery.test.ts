// What the server delivers beyond apps, seen in a device's tree: agents as providers, certificates of the device's own, what is not
// listed, what comes again, what never comes; and what the server learns of it.
import { describe, expect, it } from 'vitest';
import { beginPhase, finishPhase, trackPhase } from '../../agent/management/esp-tracking.ts';
import { NO_CONTENT, type PhaseContent } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { group, Setup } from './management-setup.ts';

const WIN32 = { name: 'Editor', sizeBytes: 1, blocking: true, dependsOn: [], restart: 'by-exit-code' } as const;
const TRACKING = 'D/Vendor/MSFT/EnrollmentStatusTracking';
const CERTIFICATES = 'D/Vendor/MSFT/ClientCertificateInstall';

function only(device: Partial<PhaseContent>, more: Partial<GroupConfig> = {}, user: Partial<PhaseContent> = {}): Setup {
  return new Setup([group('a', { device: { ...NO_CONTENT, ...device }, user: { ...NO_CONTENT, ...user } }, more)]);
}

describe('what a device is sent', () => {
  it('registers the management extension and reads back how it does', async () => {
    const setup = only({ win32Apps: [WIN32] });
    const { device } = setup;
    beginPhase(device, 'device');
    await setup.session({ bootstrapSync: 'device' });
    expect(setup.statuses.every((code) => code < 300)).toBe(true);
    expect(device.tree.read(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/Timeout`)).toBe('15');
    expect(device.tree.read(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`)).toBe('1');
    const [job, ...rest] = device.takeJobs();
    expect(job?.contentUrl).toMatch(/\/IntuneWindowsAgent\.msi$/);
    expect(rest).toEqual([]);
    // Its MSI prepares the page and is no app of it.
    expect(trackPhase(device, 'device')).toMatchObject({ preparation: { expected: 1, completed: 0 } });
    expect(trackPhase(device, 'device').trackers.apps.expected).toBe(-1);

    device.finishJob(job!, 'succeeded');
    device.tree.write(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`, '3');
    device.tree.write(`${TRACKING}/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated`, 'true');
    expect(trackPhase(device, 'device').state).toBe('ready');
    await setup.session({ bootstrapSync: 'device' });
    const answered = setup.bodies.at(-2)!;
    expect(answered).toContain('PolicyProviders/Sidecar/InstallationState');
    expect(answered).toContain('Sidecar/TrackingPoliciesCreated');
    // All has ended but the page: from now on that alone is asked.
    await setup.session({ bootstrapSync: 'device' });
    expect(setup.bodies.at(-2)).toContain('IsSyncDone');
    expect(setup.bodies.at(-2)).not.toContain('Sidecar');
  });

  it('puts the device, its user and the secrets of certificates where they belong', async () => {
    const setup = only({ scepCertificates: 2, pfxCertificates: 1 }, {}, { scepCertificates: 1 });
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    const scep = (number: number, name: string): string | undefined =>
      device.tree.read(`${CERTIFICATES}/SCEP/Flotilla-device-${number}/Install/${name}`);
    expect(scep(2, 'Challenge')).toBe('challenge m-1 device 2');
    expect(scep(1, 'SubjectName')).toBe('CN=entra-1');
    expect(scep(1, 'KeyUsage')).toBe('160');
    expect(device.takeJobs().map(({ id }) => id)).toEqual(['Flotilla-device-1', 'Flotilla-device-2']);
    const sent = setup.bodies.find((body) => body.includes('PFXCertBlob'));
    expect(sent).toContain(`<Data>${Buffer.from('pfx m-1 device 1').toString('base64')}</Data>`);
    expect(sent).toContain('<Data>&lt;password&gt; 1</Data>');
    expect(trackPhase(device, 'device').trackers.certificates).toMatchObject({ expected: 2 });

    beginPhase(device, 'user');
    await setup.session({ bootstrapSync: 'user', loginStatus: 'user' }, true);
    const user = 'U/Vendor/MSFT/ClientCertificateInstall/SCEP/Flotilla-user-1/Install';
    expect(device.tree.read(`${user}/SubjectName`)).toBe('CN=user0@fleet.example');
    expect(device.tree.read(`${user}/Challenge`)).toBe('challenge m-1 user 1');
  });

  it('lets settings ask for a restart, Windows Hello and quality updates', async () => {
    const quality = { kind: 'none', sizeBytes: 0, quality: { sizeBytes: 1, restart: false } } as const;
    const setup = only({ policies: 3, restartPolicies: 1 }, { windowsHello: true, updates: quality });
    await setup.session({ bootstrapSync: 'device' });
    expect(setup.statuses.every((code) => code < 300)).toBe(true);
    const { tree } = setup.device;
    expect(tree.restartPending).toBe(true);
    const tenant = 'D/Vendor/MSFT/PassportForWork/22222222-2222-4222-8222-222222222222';
    expect(tree.read(`${tenant}/Policies/UsePassportForWork`)).toBe('true');
    expect(tree.read('D/Vendor/MSFT/Policy/Config/Update/SimulatedQualityUpdatesAfterOobe')).toBe('1');
  });

  it('is the page and nothing else where the user has no licence, so that it identifies for ever', async () => {
    const setup = only({ policies: 4, win32Apps: [WIN32], scepCertificates: 1 });
    setup.licensed = false;
    const { device } = setup;
    beginPhase(device, 'device');
    for (let i = 0; i < 5; i++) expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true });
    expect(trackPhase(device, 'device').state).toBe('identifying');
    expect(device.takeJobs()).toEqual([]);
    finishPhase(device, 'device', false);
    await setup.session({ bootstrapSync: 'device' });
    expect(setup.service.counts()).toMatchObject({ deviceSetupSucceeded: 0, deviceSetupFailed: 1 });
  });
});

describe('what the server makes of answers', () => {
  const FAILED = '16';

  it('orders a certificate that failed again, three times and no more', async () => {
    const setup = only({ scepCertificates: 2 });
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    let orders = 0;
    for (let i = 0; i < 6; i++) {
      const jobs = device.takeJobs();
      orders += jobs.length;
      for (const job of jobs) device.finishJob(job, job.id.endsWith('1') ? 'failed' : 'succeeded');
      expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true });
    }
    expect(orders).toBe(2 + 3);
    expect(device.tree.read(`${CERTIFICATES}/SCEP/Flotilla-device-1/Status`)).toBe(FAILED);
    expect(setup.statuses.every((code) => code < 300)).toBe(true);
  });

  it('is content with a certificate that succeeds the second time', async () => {
    const setup = only({ scepCertificates: 1 });
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    for (const outcome of ['failed', 'succeeded'] as const) {
      const [job] = device.takeJobs();
      device.finishJob(job!, outcome);
      await setup.session({ bootstrapSync: 'device' });
    }
    expect(trackPhase(device, 'device').state).toBe('ready');
    expect(device.takeJobs()).toEqual([]);
  });

  it('does not order an MSI again that failed', async () => {
    const setup = only({ msiApps: [{ name: 'Reader', sizeBytes: 1 }] });
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    device.finishJob(device.takeJobs()[0]!, 'failed');
    for (let i = 0; i < 3; i++) await setup.session({ bootstrapSync: 'device' });
    expect(device.takeJobs()).toEqual([]);
  });

  it('keeps the result of each phase, once', async () => {
    const setup = only({ policies: 1 }, {}, { policies: 1 });
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    finishPhase(device, 'device', true);
    for (let i = 0; i < 2; i++) await setup.session({ bootstrapSync: 'device' });
    beginPhase(device, 'user');
    await setup.session({ bootstrapSync: 'user', loginStatus: 'user' }, true);
    finishPhase(device, 'user', false);
    for (let i = 0; i < 2; i++) await setup.session({ bootstrapSync: 'user', loginStatus: 'user' }, true);
    expect(setup.service.counts()).toMatchObject({
      deviceSetupSucceeded: 1,
      deviceSetupFailed: 0,
      accountSetupSucceeded: 0,
      accountSetupFailed: 1,
    });
  });

  it('only polls a device without a page when all has ended', async () => {
    const setup = new Setup([
      group('a', {
        shown: false,
        device: { ...NO_CONTENT, msiApps: [{ name: 'Reader', sizeBytes: 1 }] },
        user: { ...NO_CONTENT, policies: 2 },
      }),
    ]);
    const { device } = setup;
    await setup.session();
    await setup.session();
    expect(setup.bodies.at(-2)).toContain('MSI/');
    device.finishJob(device.takeJobs()[0]!, 'succeeded');
    device.tree.userContext = true;
    // The background brings the user's part as well, with the user's token.
    await setup.session({ loginStatus: 'user' }, true);
    expect(device.tree.read('U/Vendor/MSFT/Policy/Config/Simulated0/Setting1')).toBe('1');
    await setup.session({ loginStatus: 'user' }, true);
    await setup.session();
    expect(setup.bodies.at(-2)).not.toContain('MSI/');
    expect(setup.bodies.at(-3)).toContain('./DevDetail/SwV');
  });
});
