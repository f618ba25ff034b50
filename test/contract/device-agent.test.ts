// The whole of one device without sockets: the order of its steps, its one record, its metrics, and that nothing which goes
// wrong inside it gets out.
import { describe, expect, it } from 'vitest';
import { runDevice } from '../../agent/device-agent.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { constant, fakeDevice, people, PROFILE, settled, type FakeDevice, type FakeOptions } from './fake-device.ts';

const START = { intendedStartMs: 500, latenessMs: 0 };

async function runToEnd(options: FakeOptions = {}, before?: (fake: FakeDevice) => void) {
  const fake = fakeDevice(options);
  before?.(fake);
  const records: DeviceRecord[] = [];
  await settled(
    fake.clock,
    runDevice(fake.device, 0, START, (record) => records.push(record)).then(() => true),
  );
  return { ...fake, records, frame: fake.recorder.takeFrame() };
}

function names(record: DeviceRecord | undefined): string[] {
  return record?.steps.map(({ step, outcome }) => (outcome === 'succeeded' ? step : `${step} ${outcome}`)) ?? [];
}

describe('a device', () => {
  it('succeeds once, at the desktop, with times that add up', async () => {
    const { records, frame, errors } = await runToEnd({ cohort: { pollSessions: 1 } });
    expect(errors).toEqual([]);
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({ outcome: 'succeeded', code: null, step: null, intendedStartMs: 500 });
    expect(names(record)).not.toContain('polling');
    const wholeMs = record!.steps.flatMap((step) => Object.values(step.partsMs)).reduce((sum, ms) => sum + ms, 0);
    expect(record!.deploymentMs).toBeCloseTo(wholeMs, 6);
    const fromEnrollment = record!.steps.slice(names(record).indexOf('mdm-enroll'));
    const setupMs = fromEnrollment.flatMap((step) => Object.values(step.partsMs)).reduce((sum, ms) => sum + ms, 0);
    expect(record!.setupMs).toBeCloseTo(setupMs, 6);
    expect(frame.gauges.map(({ value }) => value)).toEqual(frame.gauges.map(() => 0));
    const polled = frame.histograms.filter(({ labels }) => labels[0] === 'polling');
    expect(polled.map(({ delta }) => delta.count)).toEqual([1, 1]);
  });

  it('restarted by an update connects and asks for its profile again', async () => {
    const update = { id: 'u', title: '', url: '', sizeBytes: 1, sha256: undefined, restart: true };
    const { records, calls } = await runToEnd({ services: { checkUpdates: async () => ok([update]) } });
    expect(names(records[0]).slice(3, 6)).toEqual(['oobe-updates', 'network-connect', 'profile-download']);
    expect(calls.filter((call) => call === 'checkUpdates')).toHaveLength(1);
    expect(calls.filter((call) => call === 'downloadProfile')).toHaveLength(2);
  });

  it('fails once, with the code and the step, and goes no further', async () => {
    const { records, calls, frame } = await runToEnd({
      services: { enrollDevice: async () => stepFailure('0x80180014', 'test') },
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'failed',
      code: '0x80180014',
      step: 'mdm-enroll',
      deploymentMs: null,
      setupMs: null,
    });
    expect(names(records[0]).at(-1)).toBe('mdm-enroll failed');
    // Windows undoes the join of a device that must be managed and is not.
    expect(calls.slice(-2)).toEqual(['enrollDevice', 'unregisterDevice']);
    const counters = Object.fromEntries(
      frame.counters.map(({ metric, labels, value }) => [`${metric} ${labels.join(' ')}`, value]),
    );
    expect(counters['flotilla_step_failures_total mdm-enroll 0x80180014']).toBe(1);
    expect(counters['flotilla_soap_faults_total DeviceNotSupported']).toBe(1);
  });

  it('whose tenant is not the profile’s fails at the sign-in', async () => {
    const foreign = { ...PROFILE, CloudAssignedTenantId: '99999999-9999-4999-8999-999999999999' };
    const { records } = await runToEnd({ services: { downloadProfile: async () => ok(foreign) } });
    expect(records[0]).toMatchObject({ outcome: 'failed', code: 'tenant-mismatch', step: 'sign-in' });
  });

  it('with an error that no step should throw ends as agent-error, and says so', async () => {
    const { records, errors, closed } = await runToEnd({
      services: {
        discoverRealm: () => {
          throw new Error('boom');
        },
      },
    });
    expect(records[0]).toMatchObject({ outcome: 'failed', code: 'agent-error', step: 'sign-in' });
    expect(errors).toEqual(['sign-in: boom']);
    expect(closed.at(-1)).toBe('all');
  });

  it('that polls in vain has succeeded all the same', async () => {
    let sessions = 0;
    const { records, frame } = await runToEnd({
      cohort: { pollSessions: 3 },
      services: {
        runSession: async () =>
          ++sessions > 1 ? stepFailure('connect-refused', 'test') : ok({ messages: 1, commands: 0 }),
      },
    });
    expect(records).toHaveLength(1);
    expect(records[0]?.outcome).toBe('succeeded');
    const failures = frame.counters.filter(({ metric }) => metric === 'flotilla_step_failures_total');
    expect(failures.map(({ labels }) => labels)).toEqual([['polling', 'connect-refused']]);
  });

  it('is abandoned where the run ends first, and has a record', async () => {
    const { records } = await runToEnd({}, ({ clock, stop }) => {
      clock.after(20, () => stop.stop());
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ outcome: 'abandoned', code: 'abandoned' });
    expect(names(records[0]).at(-1)).toMatch(/abandoned$/);
  });

  it('closes its connections before a wait that they would not outlive', async () => {
    const { closed } = await runToEnd({ cohort: { people: people(20 * MINUTE_MS, 'password') } });
    expect(closed.filter((service) => service === 'all').length).toBeGreaterThan(1);
    const quick = await runToEnd({ cohort: { people: people(SECOND_MS, 'password'), sessionPause: constant(0) } });
    expect(quick.closed.filter((service) => service === 'all')).toEqual(['all']);
  });

  it('spends no time on pages that its profile hides', async () => {
    const hiding = {
      ...PROFILE,
      CloudAssignedOobeConfig: 4 + 8 + 16 + 1024,
      CloudAssignedLanguage: 'os-default',
      CloudAssignedRegion: 'en-GB',
    };
    const options: FakeOptions = {
      cohort: {
        people: people(
          SECOND_MS,
          'language',
          'region',
          'keyboard',
          'second-keyboard',
          'licence',
          'privacy',
          'oem-registration',
        ),
        languages: 3,
      },
    };
    const personMs = (record: DeviceRecord | undefined) =>
      record!.steps.reduce((sum, { partsMs }) => sum + partsMs.person, 0);
    const hidden = await runToEnd({ ...options, services: { downloadProfile: async () => ok(hiding) } });
    expect(personMs(hidden.records[0])).toBe(0);
    const shown = await runToEnd(options);
    expect(personMs(shown.records[0])).toBe(7 * SECOND_MS);
    // On Wi-Fi language, region and keyboards come before a profile that would hide them.
    const wireless = await runToEnd({
      ...options,
      wired: false,
      services: { downloadProfile: async () => ok(hiding) },
    });
    expect(personMs(wireless.records[0])).toBe(4 * SECOND_MS);
  });

  it('takes its lateness into the deployment', async () => {
    const [punctual, late] = [await runToEnd(), await runToEnd({ latenessMs: 250 })];
    expect(late.records[0]!.deploymentMs! - punctual.records[0]!.deploymentMs!).toBeCloseTo(250, 6);
  });
});
