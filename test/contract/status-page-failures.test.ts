// How a status page fails, with what an administrator would see, and what the person may do then.
import { describe, expect, it } from 'vitest';
import type { ManagedDevice } from '../../agent/management/managed-device.ts';
import type { CertificateAnswer } from '../../agent/services/certificates.ts';
import { managedOf } from '../../agent/steps/manage.ts';
import { wholeMs } from '../../agent/time-ledger.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { FailedPagePlan } from '../../scenarios/language/plan.ts';
import {
  constant,
  fakeDevice,
  people,
  prepared,
  run,
  settled,
  type FakeDevice,
  type FakeOptions,
} from './fake-device.ts';
import {
  allowButtons,
  orderMsi,
  readFirstSync,
  registerProvider,
  setFirstSync,
  setProviderState,
  showEsp,
  trackApp,
} from './fake-server.ts';

/** A device whose server does this in its first device session and has then sent everything. */
function pageOf(setUp: (managed: ManagedDevice) => void, options: FakeOptions = {}): FakeDevice {
  let sessions = 0;
  const runSession = async (managed: ManagedDevice) => {
    if (sessions++ === 0) {
      setUp(managed);
      setFirstSync(managed, 'device', 'ServerHasFinishedProvisioning', 'true');
    }
    return ok({ messages: 1, commands: 1 });
  };
  const fake = prepared(fakeDevice({ ...options, services: { runSession, ...options.services } }));
  fake.device.step = 'device-esp';
  showEsp(fake.device);
  return fake;
}

function softFailures({ recorder }: FakeDevice): string[][] {
  const { counters } = recorder.takeFrame();
  return counters
    .filter(({ metric }) => metric === 'flotilla_step_soft_failures_total')
    .map(({ labels, value }) => [...labels, String(value)]);
}

describe('a page that waits for what never comes', () => {
  it('fails as it shows it at its time-out', async () => {
    const fake = pageOf((managed) => {
      orderMsi(managed, 'device', ['{a}']);
      setFirstSync(managed, 'device', 'ExpectedSCEPCerts', './Vendor/MSFT/ClientCertificateInstall/SCEP/one');
    });
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({
      ok: false,
      error: { code: '0x800705b4', detail: 'Certificates (0 of 1 applied)' },
    });
    expect(wholeMs(times)).toBeLessThan(HOUR_MS + SECOND_MS);
  });

  it('has its own time, as the server set it', async () => {
    const fake = pageOf((managed) => {
      setFirstSync(managed, 'device', 'ExpectedNetworkProfiles', './Vendor/MSFT/WiFi/Profile/Office/WlanXml');
      setFirstSync(managed, 'device', 'TimeOutUntilSyncFailure', '90');
    });
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: '0x800705b4', detail: 'Network connections (0 of 1 added)' } });
    expect(wholeMs(times)).toBeGreaterThanOrEqual(90 * MINUTE_MS);
  });

  it('does not fill its time with sessions that bring nothing, even without a pause between them', async () => {
    const fake = pageOf((managed) => setFirstSync(managed, 'device', 'ExpectedPFXCerts', './Vendor/Never'), {
      cohort: { sessionPause: constant(0) },
    });
    await settled(fake.clock, run(fake, 'device-esp'));
    expect(fake.device.state.sessions).toBeGreaterThan(300);
    expect(fake.device.state.sessions).toBeLessThan(370);
  });

  it('stays identifying where Configuration Manager alone tracks apps, whatever it reports', async () => {
    const fake = pageOf((managed) => {
      registerProvider(managed, 'ConfigMgr');
      setProviderState(managed, 'ConfigMgr', '3');
      trackApp(managed, 'ConfigMgr', '3');
    });
    const { result } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: '0x800705b4', detail: 'Apps (Identifying)' } });
  });

  it('breaks off a session, or a download, that is under way at the deadline', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    let sessions = 0;
    const hangs: NonNullable<FakeOptions['services']> = {
      runSession: async () => (++sessions === 2 ? never() : ok({ messages: 1, commands: 1 })),
    };
    const stuck = pageOf(() => {}, { services: hangs });
    const session = await settled(stuck.clock, run(stuck, 'device-esp'));
    const loading = pageOf((managed) => orderMsi(managed, 'device', ['{a}']), {
      services: { downloadContent: never },
    });
    const download = await settled(loading.clock, run(loading, 'device-esp'));
    for (const { result, times } of [session, download]) {
      expect(result).toMatchObject({ error: { code: '0x800705b4' } });
      expect(wholeMs(times)).toBeGreaterThanOrEqual(HOUR_MS);
      expect(wholeMs(times)).toBeLessThan(HOUR_MS + SECOND_MS);
    }
    expect(stuck.closed).toContain('management');
    expect(loading.closed).toContain('all');
  });
});

describe('a certificate that is pending', () => {
  it('is asked for in device time, and not beyond the page', async () => {
    const scep = './Device/Vendor/MSFT/ClientCertificateInstall/SCEP/one';
    const install: Record<string, string> = {
      ServerURL: 'http://localhost/scep',
      Challenge: 'secret',
      CAThumbprint: 'AB'.repeat(20),
      SubjectName: 'CN=device',
      KeyUsage: '160',
      EKUMapping: '1.3.6.1.5.5.7.3.2',
      RetryCount: '30',
      RetryDelay: '7',
    };
    const pending: CertificateAnswer = { kind: 'pending', poll: async () => ok(pending) };
    const fake = pageOf(
      (managed) => {
        const { tree } = managed;
        setFirstSync(managed, 'device', 'ExpectedSCEPCerts', scep);
        for (const [name, data] of Object.entries(install))
          tree.add(`${scep}/Install/${name}`, { data, format: undefined });
        expect(tree.execute(`${scep}/Install/Enroll`, '').status).toBe(200);
      },
      { services: { requestCertificate: async () => ok(pending) } },
    );
    const { result, times, endedMs } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: '0x800705b4', detail: 'Certificates (0 of 1 applied)' } });
    expect(wholeMs(times)).toBeGreaterThanOrEqual(HOUR_MS);
    expect(wholeMs(times)).toBeLessThan(HOUR_MS + SECOND_MS);
    expect(times.partsMs.poll / fake.clock.speed + times.partsMs.service).toBeCloseTo(endedMs, 6);
  });
});

describe('policy providers', () => {
  it('that are installed or not required let the page go on', async () => {
    const fake = pageOf((managed) => {
      registerProvider(managed, 'Sidecar');
      registerProvider(managed, 'ConfigMgr');
      setProviderState(managed, 'Sidecar', '3');
      setProviderState(managed, 'ConfigMgr', '2');
      trackApp(managed, 'Sidecar', '3');
      trackApp(managed, 'ConfigMgr', '3');
    });
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(wholeMs(times)).toBeLessThan(MINUTE_MS);
  });

  it.each([15, 4])('time out after their %i minutes, not the page’s', async (minutes) => {
    const fake = pageOf((managed) => registerProvider(managed, 'Sidecar', minutes));
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: '0x800705b4' } });
    expect(result).toMatchObject({ error: { detail: expect.stringContaining('(0 of 1 ready)') as string } });
    expect(wholeMs(times)).toBeGreaterThanOrEqual(minutes * MINUTE_MS);
    expect(wholeMs(times)).toBeLessThan(minutes * MINUTE_MS + SECOND_MS);
  });

  it('in error fail the page at once', async () => {
    const fake = pageOf((managed) => {
      registerProvider(managed, 'ConfigMgr');
      setProviderState(managed, 'ConfigMgr', '4');
    });
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: 'policy-provider-failed' } });
    expect(wholeMs(times)).toBeLessThan(MINUTE_MS);
  });
});

describe('the person at a failed page', () => {
  const READING_MS = 3 * MINUTE_MS;
  const cohort = (failedPage: FailedPagePlan): NonNullable<FakeOptions['cohort']> => ({
    failedPage,
    people: people(READING_MS, 'failed-page'),
  });
  /** Content that can be had only from the n-th request on. */
  function contentFrom(first: number): NonNullable<FakeOptions['services']> {
    let asked = 0;
    return {
      downloadContent: async () =>
        ++asked < first ? stepFailure('connection-reset', 'test') : ok({ bytes: 1_000_000 }),
    };
  }
  const twoApps = (managed: ManagedDevice): void => orderMsi(managed, 'device', ['{a}', '{b}']);

  it('sees how far the page had come', async () => {
    const fake = pageOf(twoApps, { services: contentFrom(2) });
    const { result } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({
      error: { code: 'connection-reset', detail: 'Apps (0 of 2 installed): test' },
    });
    expect(readFirstSync(managedOf(fake.device), 'device', 'WasDeviceSuccessfullyProvisioned')).toBe('0');
    expect(readFirstSync(managedOf(fake.device), 'device', 'IsSyncDone')).toBe('true');
  });

  it('tries again: what failed is installed, the rest is not lost', async () => {
    const fake = pageOf(twoApps, {
      services: contentFrom(3),
      cohort: cohort({ tryAgain: 2, atLast: 'give-up' }),
    });
    allowButtons(fake.device, 'try-again');
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(times.partsMs.person).toBe(READING_MS);
    expect(softFailures(fake)).toEqual([['device-esp', 'connection-reset', '1']]);
    expect(fake.calls.filter((call) => call === 'downloadContent')).toHaveLength(4);
    expect(readFirstSync(managedOf(fake.device), 'device', 'WasDeviceSuccessfullyProvisioned')).toBe('1');
  });

  it('tries again as often as people do, each time with the page’s whole time', async () => {
    const fake = pageOf(
      (managed) => setFirstSync(managed, 'device', 'ExpectedPolicies', './Vendor/MSFT/Policy/Config/Never/Comes'),
      { cohort: cohort({ tryAgain: 2, atLast: 'give-up' }) },
    );
    allowButtons(fake.device, 'try-again');
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ error: { code: '0x800705b4', detail: 'Security policies (0 of 1 applied)' } });
    expect(wholeMs(times)).toBeGreaterThanOrEqual(3 * HOUR_MS + 2 * READING_MS);
    expect(wholeMs(times)).toBeLessThan(3 * HOUR_MS + 2 * READING_MS + 3 * SECOND_MS);
  });

  it('goes on anyway: a soft failure, no user phase, and the rest arrives after the desktop', async () => {
    const fake = pageOf(twoApps, {
      services: contentFrom(2),
      cohort: { ...cohort({ tryAgain: 0, atLast: 'continue-anyway' }), pollSessions: 0 },
    });
    allowButtons(fake.device, 'continue', 'reset');
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(times.partsMs.person).toBe(READING_MS);
    expect(softFailures(fake)).toEqual([['device-esp', 'connection-reset', '1']]);
    expect(readFirstSync(managedOf(fake.device), 'device', 'WasDeviceSuccessfullyProvisioned')).toBe('0');
    const sessionsBefore = fake.device.state.sessions;
    const user = await settled(fake.clock, run(fake, 'user-esp'));
    expect([user.result, fake.device.state.sessions]).toEqual([{ ok: true, value: 'done' }, sessionsBefore]);
    const after = await settled(fake.clock, run(fake, 'polling'));
    expect(after.result).toEqual({ ok: true, value: 'done' });
    // One failed, one was broken off; both come again.
    expect(fake.calls.filter((call) => call === 'downloadContent')).toHaveLength(4);
  });

  it.each<[string, FailedPagePlan, Parameters<typeof allowButtons>[1][], number]>([
    ['resets the device, which ends with what failed', { tryAgain: 0, atLast: 'reset' }, ['reset'], READING_MS],
    ['finds no button to press', { tryAgain: 3, atLast: 'continue-anyway' }, ['reset'], 0],
    ['may not reset', { tryAgain: 0, atLast: 'reset' }, ['try-again', 'continue'], 0],
    ['gives up', { tryAgain: 0, atLast: 'give-up' }, ['reset', 'try-again', 'continue'], 0],
  ])('%s', async (_name, failedPage, buttons, personMs) => {
    const fake = pageOf(twoApps, { services: contentFrom(9), cohort: cohort(failedPage) });
    allowButtons(fake.device, ...buttons);
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ ok: false, error: { code: 'connection-reset' } });
    expect(times.partsMs.person).toBe(personMs);
    expect(softFailures(fake)).toEqual([]);
  });
});
