// The management server over the wire with whole devices (mission.md 8 and 11, server side): what it delivers in each phase arrives,
// what it reads back it counts, and a user without a licence is kept waiting. Counts are those of /healthz.
import { describe, expect, it } from 'vitest';
import { counted, managedFleet, managementMessages } from './managed-fleet.ts';

describe('the management server', () => {
  it('row 8: delivers policies, certificates, networks and apps, and learns how both phases ended', async () => {
    const { records, exchanges, counts, frame } = await managedFleet(`
  - name: whole
    count: 2
    sessionPause: 10 s
    esp:
      timeout: 45 min
      onFailure: [reset, try-again]
      device:
        policies: 30
        certificates: 2
        pkcsCertificates: 1
        networkProfiles: 2
        apps: [{ name: Office, size: 20 KB }, { name: Notes, kind: modern, size: 5 KB }]
      user: { policies: 4, certificates: 1, networkProfiles: 1, apps: [{ name: Chat, size: 5 KB }] }`);
    expect(records.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['succeeded', null],
      ['succeeded', null],
    ]);
    expect(counts).toMatchObject({
      managed: 2,
      deviceSetupSucceeded: 2,
      deviceSetupFailed: 0,
      accountSetupSucceeded: 2,
      accountSetupFailed: 0,
      coManaged: 0,
      // Enrolled by SCEP: two for each device, one for its user.
      certificates: 6,
    });
    const messages = managementMessages(exchanges);
    const sent = messages.filter((_, i) => i % 2 === 1).join('\n');
    for (const text of [
      'FirstSyncStatus/AllowCollectLogsButton',
      'FirstSyncStatus/CustomErrorText',
      'Policy/Config/Simulated2/Setting29',
      'SCEP/Flotilla-device-2/Install/CAThumbprint',
      'PFXCertInstall/Flotilla-device-1/PFXCertBlob',
      'VPNv2/Flotilla%20VPN%202/ProfileXML',
      './User/Vendor/MSFT/WiFi/Profile/Flotilla%20Wi-Fi%201/WlanXml',
      'SCEP/Flotilla-user-1/Install/SubjectName',
    ]) {
      expect(sent).toContain(text);
    }
    expect(Math.max(...messages.map((message) => message.length))).toBeLessThan(512 * 1024);
    // All that was commanded was taken.
    const refused = Object.entries(counted(frame, 'flotilla_management_status_total')).filter(
      ([code, times]) => times > 0 && !['200', '202'].includes(code),
    );
    expect(refused).toEqual([]);
  });

  it('row 8: settings that need a restart cause one, at the end of the device phase, and not in the user phase', async () => {
    const { records, frame } = await managedFleet(`
  - name: restarted
    count: 1
    restart: 1 min
    esp: { device: { policies: 5, restartPolicies: 2 }, user: { policies: 2, restartPolicies: 1 } }`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded' });
    expect(counted(frame, 'flotilla_restarts_total')).toEqual({ 'device-esp': 1 });
  });

  it('row 8: a certificate that could not be had is ordered again', async () => {
    const { records, exchanges, counts } = await managedFleet(
      `
  - name: patient
    count: 1
    sessionPause: 20 min
    esp: { timeout: 12 h, device: { certificates: 1 } }`,
      // Two seconds are between two sessions: the first certificate fails, one of three more does not.
      { faults: '[{ fault: server-error, service: certificates, until: 4 s }]' },
    );
    expect(records[0]).toMatchObject({ outcome: 'succeeded' });
    expect(counts).toMatchObject({ certificates: 1, deviceSetupSucceeded: 1 });
    const orders = managementMessages(exchanges).filter((message) => message.includes('<Exec>'));
    expect(orders.length).toBeGreaterThan(1);
    expect(orders.slice(1).every((message) => message.includes('<Delete>'))).toBe(true);
  });

  it('row 8: an unlicensed user sits at "Identifying" until the page times out', async () => {
    const { records, counts, exchanges } = await managedFleet(`
  - name: unlicensed
    count: 1
    sessionPause: 30 s
    accounts: { traits: { unlicensed: 100% } }
    esp: { timeout: 5 min, device: { policies: 5, apps: [{ name: Office, size: 20 KB }] } }`);
    expect(records[0]).toMatchObject({ outcome: 'failed', code: '0x800705b4', step: 'device-esp' });
    expect(counts).toMatchObject({ deviceSetupSucceeded: 0, deviceSetupFailed: 1 });
    const messages = managementMessages(exchanges).join('\n');
    expect(messages).toContain('SkipDeviceStatusPage');
    expect(messages).not.toContain('ServerHasFinishedProvisioning');
    expect(messages).not.toContain('Policy/Config');
  });

  it('row 8: the apps of a page that is assigned to users hold nobody up in the device phase', async () => {
    const cohort = (name: string, assignedTo: string): string => `
  - name: ${name}
    count: 1
    installs: { app: 10 min, update: 10 s, qualityUpdate: 10 s }
    sessionPause: 10 s
    esp: { assignedTo: ${assignedTo}, device: { policies: 1, apps: [{ name: Office, size: 5 KB }] } }`;
    const { records } = await managedFleet(cohort('waiting', 'devices') + cohort('passing', 'users'));
    expect(records.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    const installs = records
      .toSorted((a, b) => a.cohort - b.cohort)
      .map(({ steps }) => steps.find(({ step }) => step === 'device-esp')?.partsMs.install ?? NaN);
    expect(installs[0]).toBeGreaterThan(9.5 * 60_000);
    expect(installs[1]).toBeLessThan(60_000);
  });

  it('row 11: without a page everything comes after the desktop, in the background', async () => {
    const { records, counts, exchanges, frame } = await managedFleet(`
  - name: hidden
    count: 1
    sessionPause: 10 s
    esp:
      shown: false
      device: { policies: 5, certificates: 1, pkcsCertificates: 1, apps: [{ name: Office, size: 20 KB }] }
      user: { policies: 3 }
    polling: { sessions: 1 }`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded' });
    expect(counts).toMatchObject({ deviceSetupSucceeded: 0, deviceSetupFailed: 0, accountSetupSucceeded: 0 });
    expect(counted(frame, 'flotilla_management_sessions_total')).toMatchObject({ poll: 1 });
    const messages = managementMessages(exchanges);
    expect(messages.join('\n')).not.toContain('SkipDeviceStatusPage');
    expect(messages.join('\n')).toContain('./User/Vendor/MSFT/Policy/Config/Simulated0/Setting2');
    // The poll asks how the device is: everything that was ordered has ended.
    expect(messages.at(-3)).toContain('ChangedNodes');
  });
});
