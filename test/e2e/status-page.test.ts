// Updates, the status page with its restarts and failures, and what comes after it, against the embedded backend over real sockets.
// Tests are named after the rows of what user-driven mode is (docs/simulation.md).
import { describe, expect, it } from 'vitest';
import type { StepName } from '../../catalog/steps.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { counted, managedFleet, managementMessages, type ManagedFleet } from './managed-fleet.ts';

/** Devices of one run by cohort, each of which has one. */
function byCohort({ records }: ManagedFleet): DeviceRecord[] {
  return [...records].sort((a, b) => a.cohort - b.cohort);
}

function partsOf(record: DeviceRecord | undefined, step: StepName) {
  const times = record?.steps.findLast((candidate) => candidate.step === step);
  return times?.partsMs ?? { person: NaN, service: NaN, install: NaN, restart: NaN, poll: NaN };
}

function stepsOf(record: DeviceRecord | undefined): StepName[] {
  return record?.steps.map(({ step }) => step) ?? [];
}

function wholeOf(record: DeviceRecord): number {
  return record.steps.flatMap(({ partsMs }) => Object.values(partsMs)).reduce((sum, ms) => sum + ms, 0);
}

describe('row 4: critical updates of OOBE', () => {
  it('are fetched in full over the link, restart the device, and it connects and asks for its profile again', async () => {
    const fleet = await managedFleet(`
  - name: tablets
    count: 1
    networks: { office-wifi: 1 }
    restart: 90 s
    updates: { kind: restart, size: 3 MB }
    esp: { shown: false }`);
    const [record] = fleet.records;
    expect(record).toMatchObject({ outcome: 'succeeded' });
    expect(stepsOf(record).slice(2, 7)).toEqual([
      'profile-download',
      'oobe-updates',
      'network-connect',
      'profile-download',
      'sign-in',
    ]);
    const updates = partsOf(record, 'oobe-updates');
    expect([updates.install, updates.restart]).toEqual([10 * SECOND_MS, 90 * SECOND_MS]);
    // The network is known: nobody types its key again.
    expect(partsOf(record, 'network-connect').person).toBe(0);
    expect(counted(fleet.frame, 'flotilla_content_bytes_total')['main']).toBe(3 * 1024 * 1024);
    // 3 MB take their time on the link, whatever the speed of the run.
    expect(updates.service).toBeGreaterThan(100);
  });
});

describe('row 8: the device phase of the status page', () => {
  it('prepares the device, applies policies, certificates and networks, and installs apps of every kind', async () => {
    const fleet = await managedFleet(`
  - name: office
    count: 1
    sessionPause: 10 s
    esp:
      device:
        policies: 8
        certificates: 1
        pkcsCertificates: 1
        networkProfiles: 1
        apps:
          - { name: Suite, kind: msi, size: 30 KB }
          - { name: Runtime, kind: win32, size: 20 KB }
          - { name: Editor, kind: win32, size: 20 KB, dependsOn: [Runtime] }
      user: { policies: 2 }`);
    const [record] = fleet.records;
    expect(record).toMatchObject({ outcome: 'succeeded', code: null });
    expect(fleet.counts).toMatchObject({ deviceSetupSucceeded: 1, deviceSetupFailed: 0 });
    expect(wholeOf(record!) + record!.latenessMs).toBeCloseTo(record!.deploymentMs!, 3);
    // The extension's package, Suite, Runtime and Editor, one after the other.
    expect(partsOf(record, 'device-esp').install).toBeGreaterThan(60 * SECOND_MS);
    const critical = fleet.frame.histograms.filter(({ metric }) => metric === 'flotilla_esp_blocking_apps_seconds');
    expect(critical.map(({ labels, delta }) => [labels, delta.count])).toEqual([[['device-esp'], 1]]);
    expect(critical[0]?.delta.sum).toBeGreaterThanOrEqual(60);
    expect(critical[0]?.delta.sum).toBeLessThan(80);
    const apps = counted(fleet.frame, 'flotilla_app_installs_total');
    expect(apps).toMatchObject({ 'Runtime installed': 1, 'Editor installed': 1 });
    const messages = managementMessages(fleet.exchanges).join('\n');
    for (const seen of ['PolicyProviders/Sidecar/InstallationState', 'TrackingPoliciesCreated', 'ExpectedSCEPCerts']) {
      expect(messages).toContain(seen);
    }
  });

  it('is not there where it is not configured: the desktop comes at once', async () => {
    const { records, counts } = await managedFleet(`
  - name: quiet
    count: 1
    esp: { shown: false, device: { policies: 3, apps: [{ name: Suite, size: 20 KB }] } }`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded', sessions: 1 });
    expect(partsOf(records[0], 'device-esp').install).toBe(0);
    expect(counts['deviceSetupSucceeded']).toBe(0);
  });

  it('restarts once for settings that need it, and at once for an app that cannot wait', async () => {
    const fleet = await managedFleet(`
  - name: coalesced
    count: 1
    restart: 2 min
    sessionPause: 10 s
    esp: { device: { policies: 3, restartPolicies: 4 }, user: { restartPolicies: 2 } }
  - name: hard
    count: 1
    restart: 2 min
    sessionPause: 10 s
    esp:
      device:
        apps:
          - { name: Drivers, kind: win32, size: 10 KB, installer: { exitCodes: { 1641: 1 } } }
          - { name: Agent, kind: win32, size: 10 KB, installer: { exitCodes: { 3010: 1 } } }
          - { name: Editor, kind: win32, size: 10 KB }`);
    const [coalesced, hard] = byCohort(fleet);
    expect([coalesced?.outcome, hard?.outcome]).toEqual(['succeeded', 'succeeded']);
    expect(partsOf(coalesced, 'device-esp').restart).toBe(2 * MINUTE_MS);
    expect(partsOf(coalesced, 'user-esp').restart).toBe(0);
    // One at once after the drivers, one at the end for the agent.
    expect(partsOf(hard, 'device-esp').restart).toBe(4 * MINUTE_MS);
    expect(counted(fleet.frame, 'flotilla_restarts_total')).toEqual({ 'device-esp': 3 });
    expect(fleet.counts).toMatchObject({ deviceSetupSucceeded: 2, deviceSetupFailed: 0 });
  });

  it('fails with what failed; the person tries again, goes on anyway or resets, as the page allows', async () => {
    const app = '{ name: Broken, kind: win32, size: 10 KB, installer: { exitCodes: { 1603: 1 } } }';
    const esp = (buttons: string, person: string): string =>
      `esp: { onFailure: [${buttons}], person: { ${person} }, device: { apps: [${app}] } }`;
    const fleet = await managedFleet(`
  - { name: gives-up, count: 1, sessionPause: 10 s, ${esp('', 'tryAgain: 1, atLast: continue-anyway')} }
  - { name: goes-on, count: 1, sessionPause: 10 s, ${esp('try-again, continue-anyway', 'tryAgain: 1, atLast: continue-anyway')} }
  - { name: resets, count: 1, sessionPause: 10 s, ${esp('reset', 'atLast: reset')} }`);
    const [givesUp, goesOn, resets] = byCohort(fleet);
    const failed = { outcome: 'failed', code: '0x80070643', step: 'device-esp' };
    expect(givesUp).toMatchObject(failed);
    expect(resets).toMatchObject(failed);
    expect(goesOn).toMatchObject({ outcome: 'succeeded', code: null });
    expect([givesUp, goesOn, resets].map((record) => partsOf(record, 'device-esp').person)).toEqual([0, 2000, 1000]);
    // Tried again, and left: the page failed twice before the device went on.
    const soft = counted(fleet.frame, 'flotilla_step_soft_failures_total');
    expect(soft['device-esp 0x80070643']).toBe(2);
    expect(fleet.counts).toMatchObject({ deviceSetupSucceeded: 0, deviceSetupFailed: 3 });
  });

  it('times out in device time, even in the middle of an install', async () => {
    const { records, counts } = await managedFleet(`
  - name: slow
    count: 1
    sessionPause: 30 s
    esp:
      timeout: 10 min
      device: { apps: [{ name: Suite, kind: win32, size: 10 KB, installer: { time: 3 h } }] }`);
    expect(records[0]).toMatchObject({ outcome: 'failed', code: '0x800705b4', step: 'device-esp' });
    const wholeMs = Object.values(partsOf(records[0], 'device-esp')).reduce((sum, ms) => sum + ms, 0);
    expect(wholeMs).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(wholeMs).toBeLessThan(10 * MINUTE_MS + 5 * SECOND_MS);
    expect(counts).toMatchObject({ deviceSetupFailed: 1 });
  });
});

describe('row 9: the first sign-in to Windows', () => {
  it('takes the credentials that were given before, and asks for them again after a restart', async () => {
    const fleet = await managedFleet(`
  - { name: kept, count: 1, esp: { device: { policies: 2 }, user: { policies: 2 } } }
  - { name: lost, count: 1, esp: { device: { restartPolicies: 1 }, user: { policies: 2 } } }`);
    const [kept, lost] = byCohort(fleet);
    expect([kept?.outcome, lost?.outcome]).toEqual(['succeeded', 'succeeded']);
    expect(partsOf(kept, 'windows-sign-in').person).toBe(0);
    expect(partsOf(lost, 'windows-sign-in').person).toBeGreaterThan(0);
  });
});

describe('row 10: the user phase of the status page', () => {
  it('runs as the user, over nodes that were not there before', async () => {
    const fleet = await managedFleet(`
  - name: office
    count: 1
    sessionPause: 10 s
    esp:
      device: { policies: 2 }
      user:
        policies: 4
        certificates: 1
        apps: [{ name: Chat, kind: win32, size: 20 KB }, { name: Notes, kind: modern, size: 20 KB }]`);
    const [record] = fleet.records;
    expect(record).toMatchObject({ outcome: 'succeeded' });
    expect(partsOf(record, 'user-esp').install).toBeGreaterThan(30 * SECOND_MS);
    expect(fleet.counts).toMatchObject({ deviceSetupSucceeded: 1, accountSetupSucceeded: 1 });
    const messages = managementMessages(fleet.exchanges);
    const firstUserNode = messages.findIndex((message) => message.includes('./User/'));
    const accountPhase = messages.findIndex((message) => /BootstrapSync<\/Type><\/Meta><Data>user/.test(message));
    expect(accountPhase).toBeGreaterThan(0);
    expect(firstUserNode).toBeGreaterThan(accountPhase);
  });

  it('identifies for ever where the user has no licence', async () => {
    const { records } = await managedFleet(`
  - name: unlicensed
    count: 1
    sessionPause: 60 s
    accounts: { traits: { unlicensed: 100% } }
    esp: { timeout: 20 min, device: { policies: 2 }, user: { policies: 2 } }`);
    expect(records[0]).toMatchObject({ outcome: 'failed', code: '0x800705b4' });
  });
});

describe('row 11: after the desktop', () => {
  it('apps that the page did not wait for go on installing, and then the device polls', async () => {
    const fleet = await managedFleet(`
  - name: office
    count: 1
    sessionPause: 10 s
    polling: { sessions: 2 }
    esp:
      device:
        apps:
          - { name: Editor, kind: win32, size: 10 KB }
          - { name: Toolbox, kind: win32, size: 10 KB, blocking: false }
      user: { policies: 1 }`);
    const [record] = fleet.records;
    expect(record).toMatchObject({ outcome: 'succeeded' });
    expect(counted(fleet.frame, 'flotilla_app_installs_total')).toMatchObject({
      'Editor installed': 1,
      'Toolbox installed': 1,
    });
    // The record was made at the desktop: what came later is no part of it.
    expect(stepsOf(record)).not.toContain('polling');
    const parts = counted(fleet.frame, 'flotilla_step_part_seconds_total');
    expect(parts['polling install']).toBeGreaterThan(0);
    expect(counted(fleet.frame, 'flotilla_management_sessions_total')['poll']).toBe(2);
  });

  it('quality updates have come before it, with a restart and another sign-in', async () => {
    const fleet = await managedFleet(`
  - name: office
    count: 1
    restart: 2 min
    updates: { quality: { size: 1 MB } }
    esp: { device: { policies: 2 }, user: { policies: 2 } }`);
    const [record] = fleet.records;
    expect(record).toMatchObject({ outcome: 'succeeded' });
    const { install, restart, person } = partsOf(record, 'quality-updates');
    expect([install, restart]).toEqual([30 * SECOND_MS, 2 * MINUTE_MS]);
    expect(person).toBeGreaterThan(0);
    expect(counted(fleet.frame, 'flotilla_content_bytes_total')['main']).toBe(1024 * 1024);
  });
});
