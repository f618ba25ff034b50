// Win32 apps through the management extension, over real sockets: from the extension's own MSI over gateway and content origin to what
// the status page, the gateway and the metrics say; and the ways in which it goes wrong.
import { beforeAll, describe, expect, it } from 'vitest';
import { counted, managedFleet, type ManagedFleet } from './managed-fleet.ts';

/** One device of a cohort, with an ESP whose device phase has these apps; `more` is indented by four. */
function cohort(name: string, apps: string, more = ''): string {
  return `
  - name: ${name}
    count: 1
    esp:
      device:
        apps: ${apps}${more}`;
}

describe('a device whose page waits for Win32 apps', () => {
  let fleet: ManagedFleet;

  beforeAll(async () => {
    const more = `
      user:
        apps:
          - { name: Personal, kind: win32, size: 50 KB }`;
    const apps = `
          - { name: Office, kind: win32, size: 3 MB, dependsOn: [Runtime] }
          - { name: Runtime, kind: win32, size: 100 KB, blocking: false }
          - { name: Later, kind: win32, size: 60 KB, blocking: false }`;
    fleet = await managedFleet(cohort('office', apps, more));
  });

  it('gets there, with each app installed once', () => {
    expect(fleet.records).toMatchObject([{ outcome: 'succeeded', code: null }]);
    expect(counted(fleet.frame, 'flotilla_app_installs_total')).toEqual({
      'Runtime installed': 1,
      'Office installed': 1,
      'Personal installed': 1,
      'Later installed': 1,
    });
  });

  it('asks in the order of the real extension, and for nothing twice', () => {
    const asked = fleet.exchanges.filter(({ service }) => service === 'gateway' || service === 'apps');
    const [installer, ...rest] = asked.map(({ operation, url }) => `${operation} ${url.split('/').at(-1) ?? ''}`);
    expect(installer).toBe('content IntuneWindowsAgent.msi');
    const checkIn = ['service-addresses', 'selected-apps'];
    const app = ['content-info', 'content', 'app-status'];
    expect(rest.map((text) => text.split(' ')[0])).toEqual([
      ...checkIn,
      ...app,
      ...app,
      ...checkIn,
      ...app,
      ...checkIn,
      ...app,
    ]);
    expect(asked.every(({ status }) => status === '200')).toBe(true);
    const urls = asked.filter(({ operation }) => operation === 'content').map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
  });

  it('checks in for the page twice, and after the desktop for everything', () => {
    const requests = fleet.exchanges
      .filter(({ operation }) => operation === 'selected-apps')
      .map(({ requestBody }) => JSON.parse(requestBody) as Record<string, string>);
    expect(requests.map((request) => [request['RequestContentType'], request['CheckinReason']])).toEqual([
      ['GetSelectedApp', 'ESP'],
      ['GetSelectedApp', 'ESP'],
      ['RequestApplication', 'UserLogOn'],
    ]);
  });

  it('takes real bytes: packages of the sizes that the scenario says, and the MSI', () => {
    const { main } = counted(fleet.frame, 'flotilla_content_bytes_total');
    const packages = 3 * 1024 * 1024 + (100 + 50 + 60) * 1024;
    expect(main).toBeGreaterThan(packages + 2 * 1024 * 1024 - 100);
    expect(main).toBeLessThanOrEqual(packages + 2 * 1024 * 1024);
    const received = counted(fleet.frame, 'flotilla_bytes_total')['apps received']!;
    expect(received).toBeGreaterThan(main!);
  });

  it('holds at most one mutual connection a check-in, and reports each app to the gateway', () => {
    expect(counted(fleet.frame, 'flotilla_tls_handshakes_total')['gateway mutual']).toBeLessThanOrEqual(3);
    expect(fleet.counts['appReports']).toBe(4);
  });

  it('shows no key of content in its trace', () => {
    const replies = fleet.exchanges.filter(({ operation }) => operation === 'content-info');
    expect(replies).toHaveLength(4);
    for (const { replyBody } of replies) expect(replyBody).toMatch(/<EncryptedContent>\*\*\*<\/EncryptedContent>/);
  });
});

describe('devices whose apps go wrong', () => {
  let fleet: ManagedFleet;
  const NAMES = ['fails', 'undetected', 'skipped', 'soft', 'hard', 'left', 'second-wave'];

  beforeAll(async () => {
    const retries = '\n      timeout: 2 h';
    fleet = await managedFleet(
      [
        cohort(
          'fails',
          '[{ name: Fails, kind: win32, size: 10 KB, installer: { exitCodes: { 1603: 100% } } }]',
          retries,
        ),
        cohort('undetected', '[{ name: Undetected, kind: win32, size: 10 KB, installer: { detected: 0% } }]', retries),
        cohort(
          'skipped',
          '[{ name: Parent, kind: win32, size: 10 KB, dependsOn: [Child] }, { name: Child, kind: win32, size: 10 KB, blocking: false, installer: { exitCodes: { 112: 100% } } }]',
          retries,
        ),
        cohort('soft', '[{ name: Soft, kind: win32, size: 10 KB, installer: { exitCodes: { 3010: 100% } } }]'),
        cohort(
          'hard',
          '[{ name: Hard, kind: win32, size: 10 KB, installer: { exitCodes: { 1641: 100% } } }, { name: After, kind: win32, size: 10 KB }]',
        ),
        cohort(
          'left',
          '[{ name: Left, kind: win32, size: 10 KB, installer: { exitCodes: { 1603: 100% } } }]',
          `${retries}\n      onFailure: [continue-anyway]\n      person: { atLast: continue-anyway }`,
        ),
        cohort(
          'second-wave',
          '[{ name: Wave, kind: win32, size: 10 KB, blocking: false, installer: { exitCodes: { 5: 100% } } }]',
        ),
      ].join(''),
    );
  });

  function recordOf(name: string) {
    return fleet.records.find(({ cohort }) => NAMES[cohort] === name)!;
  }

  it.each([
    ['fails', '0x80070643'],
    ['undetected', '0x87d1041c'],
    ['skipped', '0x80070070'],
  ])('%s at the page with %s', (name, code) => {
    expect(recordOf(name)).toMatchObject({ outcome: 'failed', code, step: 'device-esp' });
  });

  it.each(['soft', 'hard', 'left', 'second-wave'])('%s gets to the desktop', (name) => {
    expect(recordOf(name)).toMatchObject({ outcome: 'succeeded', code: null });
  });

  it('restarts once for each exit code that asks for it, and goes on with the next app', () => {
    expect(counted(fleet.frame, 'flotilla_restarts_total')).toEqual({ 'device-esp': 2 });
    expect(counted(fleet.frame, 'flotilla_app_installs_total')).toMatchObject({
      'Soft installed': 1,
      'Hard installed': 1,
      'After installed': 1,
      'Parent skipped': 1,
      'Wave failed': 1,
    });
  });

  it('makes three attempts of each app that fails', () => {
    const { histograms } = fleet.frame;
    const minutes = histograms
      .filter(({ metric, labels }) => metric === 'flotilla_app_duration_seconds' && labels[0] === 'Fails')
      .map(({ delta }) => Math.floor(delta.sum / 60));
    // Three installs of 20 s, five minutes between them.
    expect(minutes).toEqual([11]);
  });
});

describe('apps that no page waits for', () => {
  it('are installed after the desktop: no page is shown, or it is for users and the apps are for devices', async () => {
    const app = (name: string) => `[{ name: ${name}, kind: win32, size: 10 KB, restart: force }]`;
    const fleet = await managedFleet(
      [
        cohort('hidden', app('Hidden'), '\n      shown: false'),
        cohort('for-users', app('Device'), `\n      assignedTo: users\n      user:\n        apps: ${app('User')}`),
      ].join(''),
    );
    expect(fleet.records.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(counted(fleet.frame, 'flotilla_app_installs_total')).toEqual({
      'Hidden installed': 1,
      'Device installed': 1,
      'User installed': 1,
    });
    // Restarts belong to the device phase; what asks for one later is not obeyed.
    expect(counted(fleet.frame, 'flotilla_restarts_total')).toEqual({});
    const waited = fleet.frame.histograms.filter(({ metric }) => metric === 'flotilla_esp_blocking_apps_seconds');
    expect(waited.flatMap(({ labels }) => labels)).not.toContain('device-esp');
  });
});

describe('a content origin that breaks off', () => {
  it('is asked for the rest of what came', async () => {
    const fleet = await managedFleet(cohort('broken', '[{ name: Big, kind: win32, size: 5 MB }]'), {
      faults: '[{ fault: truncated, service: apps, rate: 60% }]',
    });
    const content = fleet.exchanges.filter(({ operation, service }) => service === 'apps' && operation === 'content');
    const statuses = content.map(({ status }) => status);
    expect(fleet.records).toMatchObject([{ outcome: 'succeeded' }]);
    expect(statuses).toContain('206');
    expect(statuses).toContain('reply-truncated');
    expect(counted(fleet.frame, 'flotilla_content_bytes_total')['main']).toBeGreaterThan(7 * 1024 * 1024 - 100);
  });
});
