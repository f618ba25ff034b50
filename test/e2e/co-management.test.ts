// Co-management over the wire with whole devices (mission.md 17): the client comes with enrollment, workloads pass in order, its task
// sequence is part of the page, and alone it keeps the page identifying.
import { describe, expect, it } from 'vitest';
import { managedFleet, managementMessages } from './managed-fleet.ts';

/** What the server read of the client's flags, each value once, in order. */
function flagsSeen(messages: readonly string[]): string[] {
  const seen = messages.flatMap((message) => {
    const [, value] =
      /CoManagementFlags%22\/SettingValue<\/LocURI><\/Source>.*?<Data>(\d+)<\/Data>/.exec(message) ?? [];
    return value === undefined ? [] : [value];
  });
  return seen.filter((value, i) => value !== seen[i - 1]);
}

describe('co-management', () => {
  it('row 17: the client is installed, workloads pass one after the other, and its task sequence is on the page', async () => {
    const { records, exchanges, counts } = await managedFleet(`
  - name: co-managed
    count: 1
    sessionPause: 10 s
    coManagement:
      clientSize: 20 KB
      workloads: [device-configuration, compliance-policies]
      taskSequence: [{ name: Antivirus, size: 10 KB }, { name: Agent, size: 5 KB }]
    esp:
      device: { policies: 3, apps: [{ name: Editor, kind: win32, size: 10 KB }] }
      user: { policies: 1 }`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded', code: null });
    expect(counts).toMatchObject({ coManaged: 1, deviceSetupSucceeded: 1 });
    const messages = managementMessages(exchanges);
    expect(messages.join('\n')).toContain('1,9,11');
    expect(flagsSeen(messages)).toEqual(['1', '9', '11']);
    expect(messages.join('\n')).toContain('<Data>Antivirus/Agent</Data>');
    const content = exchanges.filter(({ operation }) => operation === 'content').map(({ url }) => url);
    expect(content.some((url) => url.endsWith('/ccmsetup.msi'))).toBe(true);
    // The management extension, the client, one app of each.
    expect(content).toHaveLength(5);
  });

  it('row 17: a page on which only Configuration Manager tracks apps stays at "Identifying" until it times out', async () => {
    const { records, exchanges, counts } = await managedFleet(`
  - name: parked
    count: 1
    sessionPause: 30 s
    coManagement: { clientSize: 20 KB, workloads: [client-apps] }
    esp: { timeout: 20 min, device: { policies: 3 } }`);
    expect(records[0]).toMatchObject({ outcome: 'failed', code: '0x800705b4', step: 'device-esp' });
    expect(counts).toMatchObject({ coManaged: 1, deviceSetupFailed: 1 });
    // The client itself had done all that it could.
    const messages = managementMessages(exchanges);
    expect(flagsSeen(messages).at(-1)).toBe('65');
    expect(messages.join('\n')).toMatch(
      /ConfigMgr\/TrackingPoliciesCreated<\/LocURI><\/Source>[^]*?<Data>true<\/Data>/,
    );
  });

  it('row 17: without a page the client comes after the desktop, and polls tell how far authority has passed', async () => {
    const { records, exchanges, counts } = await managedFleet(`
  - name: background
    count: 1
    sessionPause: 20 s
    coManagement: { clientSize: 20 KB, workloads: [windows-update, office-apps] }
    polling: { sessions: 1 }`);
    expect(records[0]).toMatchObject({ outcome: 'succeeded' });
    expect(counts).toMatchObject({ coManaged: 1, deviceSetupFailed: 0 });
    expect(flagsSeen(managementMessages(exchanges)).at(-1)).toBe('145');
  });
});
