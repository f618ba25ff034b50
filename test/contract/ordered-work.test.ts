// Packages that the server ordered over OMA-DM, through the Status that the server reads: from the order to its end, with retries.
import { describe, expect, it } from 'vitest';
import type { ManagedDevice } from '../../agent/management/managed-device.ts';
import { managedOf } from '../../agent/steps/manage.ts';
import { OrderedWork } from '../../agent/steps/ordered-work.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/units.ts';
import { writeMsiJob } from '../../protocol/management/msi-job.ts';
import { constant, fakeDevice, prepared, settled, type FakeDevice, type FakeOptions } from './fake-device.ts';

const NODE = './Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7Ba%7D';

/** A device that was told to install {a}: ten minutes at most, twice more, five minutes apart. */
function ordered(options: FakeOptions = {}): { fake: FakeDevice; managed: ManagedDevice; source: OrderedWork } {
  const fake = prepared(fakeDevice(options));
  fake.device.step = 'device-esp';
  const managed = managedOf(fake.device);
  expect(order(managed)).toBe(202);
  return { fake, managed, source: new OrderedWork(fake.device, 'device-esp') };
}

function order({ tree }: ManagedDevice, version = '1.0'): number {
  tree.add(`${NODE}/DownloadInstall`, { data: '', format: undefined });
  const job = writeMsiJob({
    id: '{a}',
    version,
    contentUrls: ['http://localhost/a.msi'],
    fileHash: 'AB',
    commandLine: '/quiet',
    timeoutMinutes: 10,
    retryCount: 2,
    retryIntervalMinutes: 5,
  });
  return tree.execute(`${NODE}/DownloadInstall`, job).status;
}

function status({ tree }: ManagedDevice): string | undefined {
  return tree.get(`${NODE}/Status`).value;
}

/** Begins the next piece; its Status meanwhile, and the work if it takes time. */
async function begin(fake: FakeDevice, managed: ManagedDevice, source: OrderedWork) {
  const beginning = source.begin();
  const during = status(managed);
  const begun = await settled(fake.clock, beginning);
  return { during, begun: begun.ok ? begun.value : undefined, after: status(managed) };
}

describe('an MSI package', () => {
  it('is initialized, downloaded, enforced and done; ordered again it is not installed again', async () => {
    const { fake, managed, source } = ordered();
    expect([status(managed), source.hasWork()]).toEqual(['10', true]);
    const { during, begun, after } = await begin(fake, managed, source);
    expect([during, after, begun?.deviceMs]).toEqual(['20', '50', MINUTE_MS]);
    expect(begun?.finish()).toBe('done');
    expect([status(managed), managed.tree.get(`${NODE}/LastError`).value]).toEqual(['70', '0']);
    expect(order(managed)).toBe(202);
    expect(source.hasWork()).toBe(false);
    // A newer version is another install.
    expect(order(managed, '2.0')).toBe(202);
    expect(source.hasWork()).toBe(true);
  });

  it('whose content cannot be had waits and is tried again, then has failed', async () => {
    const downloadContent = async () => stepFailure('connect-refused', 'test');
    const { fake, managed, source } = ordered({ services: { downloadContent } });
    for (const retry of [1, 2]) {
      const { begun, after } = await begin(fake, managed, source);
      expect([retry, begun, after]).toEqual([retry, undefined, '25']);
      expect([source.hasWork(), source.failure()]).toEqual([false, undefined]);
      const waitMs = source.dueMs()! - fake.device.ledger.deviceMs;
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(5 * MINUTE_MS);
      await settled(fake.clock, fake.device.wait('poll', waitMs));
      expect(source.hasWork()).toBe(true);
    }
    expect((await begin(fake, managed, source)).after).toBe('30');
    expect([source.hasWork(), source.dueMs()]).toEqual([false, undefined]);
    expect(managed.takeAlerts()).toMatchObject([{ code: 1226, mark: 'error', data: '-2147023293' }]);
  });

  it('whose installer takes longer than it may is tried again, then has failed', async () => {
    const installs = { app: constant(HOUR_MS), update: constant(0), qualityUpdate: constant(0) };
    const { fake, managed, source } = ordered({ cohort: { installs } });
    for (const after of ['55', '55', '60']) {
      const { begun } = await begin(fake, managed, source);
      expect(begun?.deviceMs).toBe(10 * MINUTE_MS);
      expect([begun?.finish(), status(managed)]).toEqual(['done', after]);
      const dueMs = source.dueMs();
      if (dueMs !== undefined) await settled(fake.clock, fake.device.wait('poll', dueMs - fake.device.ledger.deviceMs));
    }
    expect(managed.tree.get(`${NODE}/LastError`).value).toBe('-2147023436');
  });

  it('that was broken off is ordered as before', async () => {
    const downloadContent = async () => {
      await fake.clock.waitReal(HOUR_MS);
      return stepFailure('connection-reset', 'test');
    };
    const { fake, managed, source } = ordered({ services: { downloadContent } });
    source.hasWork();
    const beginning = source.begin();
    await fake.clock.advance(MINUTE_MS);
    source.release(false);
    source.release(false);
    expect(await settled(fake.clock, beginning)).toEqual(ok(undefined));
    // What came of the download afterwards changes nothing.
    expect([status(managed), managed.takeJobs().map(({ id }) => id)]).toEqual(['20', ['{a}']]);
  });

  it('that the page does not wait for fails softly', async () => {
    const downloadContent = async () => stepFailure('0x87d1041c', 'test');
    const { fake, managed, source } = ordered({ services: { downloadContent } });
    for (let attempt = 0; attempt < 3; attempt++) {
      await begin(fake, managed, source);
      await settled(fake.clock, fake.device.wait('poll', 5 * MINUTE_MS));
      source.hasWork();
    }
    const soft = fake.recorder.takeFrame().counters.find(({ metric }) => metric.includes('soft'));
    expect(soft).toMatchObject({ labels: ['device-esp', '0x87d1041c'], value: 1 });
    source.release(true);
    expect(managed.takeJobs()).toHaveLength(1);
  });
});
