// Both sides of device management against each other, without a socket: what the agent's session says, the backend's service answers,
// through the phases of the Enrollment Status Page.
import { describe, expect, it } from 'vitest';
import { beginPhase, espSettings, finishPhase, trackPhase } from '../../agent/management/esp-tracking.ts';
import type { InstallJob } from '../../agent/management/jobs.ts';
import { ManagedDevice } from '../../agent/management/managed-device.ts';
import { runSession } from '../../agent/management/session.ts';
import type { SessionOptions } from '../../agent/management/session.ts';
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import type { AppFile, ContentSource } from '../../backend/management/content-source.ts';
import { ManagementService } from '../../backend/management/management-service.ts';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { NO_CONTENT, type EspConfig, type PhaseContent } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { MDM_PROVIDER_ID } from '../../catalog/tenant.ts';
import { ok } from '../../kernel/result.ts';
import { parseSyncml, writeSyncml } from '../../protocol/syncml.ts';
import type { Command, SyncmlMessage } from '../../protocol/syncml.ts';

const SERVER = 'https://manage.flotilla.example/omadm';
const DEVICE_CONTENT: PhaseContent = {
  ...NO_CONTENT,
  policies: 40,
  scepCertificates: 1,
  networkProfiles: 2,
  msiApps: [
    { name: 'Reader', sizeBytes: 1000 },
    { name: 'Office', sizeBytes: 2000 },
  ],
  modernApps: [{ name: 'Notes', sizeBytes: 500 }],
};
const USER_CONTENT: PhaseContent = { ...NO_CONTENT, policies: 5, msiApps: [{ name: 'Chat', sizeBytes: 100 }] };

function group(tag: string, esp: Partial<EspConfig> = {}, more: Partial<GroupConfig> = {}): GroupConfig {
  return {
    tag,
    windowsHello: false,
    updates: { kind: 'none', sizeBytes: 0, quality: null },
    coManagement: null,
    ...more,
    esp: {
      shown: true,
      timeoutMinutes: 90,
      allowReset: true,
      allowTryAgain: false,
      allowContinueAnyway: true,
      assignedTo: 'devices',
      blocks: 'all',
      providerTimeoutMinutes: 15,
      device: DEVICE_CONTENT,
      user: USER_CONTENT,
      ...esp,
    },
  } as GroupConfig;
}

/** Where files are, and certificates whose secrets tell whose they are. */
const SOURCE: ContentSource = {
  managementUrl: SERVER,
  tenantId: '22222222-2222-4222-8222-222222222222',
  certificates: {
    scepUrl: 'http://scep.flotilla.example/certsrv/mscep/mscep.dll',
    scepThumbprint: 'AB'.repeat(20),
    scepChallenge: ({ managedDeviceId, scope, number }) => `challenge ${managedDeviceId} ${scope} ${number}`,
    pfx: ({ managedDeviceId, scope, number }) => ({
      blob: Buffer.from(`pfx ${managedDeviceId} ${scope} ${number}`),
      password: `<password> ${number}`,
    }),
  },
  app: ({ name }) => file(`${name}.bin`),
  extensionInstaller: () => file('IntuneWindowsAgent.msi'),
  configManagerInstaller: () => file('ccmsetup.msi'),
};

function file(name: string): AppFile {
  const id = `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`;
  return { id, url: `http://content.flotilla.example/content/${id}/${name}`, sha256: 'ab'.repeat(32) };
}

class Setup {
  readonly service: ManagementService;
  readonly device: ManagedDevice;
  readonly tag: string | undefined;
  licensed = true;
  /** Bodies of both sides in order. */
  readonly bodies: string[] = [];
  readonly statuses: number[] = [];
  messages = 0;

  constructor(groups: readonly GroupConfig[] = [group('a')], tag: string | undefined = 'a') {
    this.tag = tag;
    this.service = new ManagementService({ tenant: { groups }, ...SOURCE });
    this.device = new ManagedDevice({
      deviceId: 'device-1',
      providerId: MDM_PROVIDER_ID,
      upn: 'user0@fleet.example',
      entraDeviceId: 'entra-1',
      identity: () => deviceIdentity('seed', 1, DEVICE_MODELS['simbook-13'], 0),
      hardwareHash: () => 'T0EA',
    });
  }

  post(body: string, userToken = false): { status: number; body: string } {
    return this.service.handle({
      managedDeviceId: 'm-1',
      describe: () => ({
        managedDeviceId: 'm-1',
        entraDeviceId: 'entra-1',
        upn: 'user0@fleet.example',
        licensed: this.licensed,
        groupTag: this.tag,
      }),
      userToken,
      body,
    });
  }

  session(options: Partial<SessionOptions> = {}, userToken = false): ReturnType<typeof runSession> {
    const exchange = (body: string): Promise<{ ok: true; value: string }> => {
      const reply = this.post(body, userToken);
      expect(reply.status).toBe(200);
      this.bodies.push(body, reply.body);
      return Promise.resolve(ok(reply.body));
    };
    return runSession(this.device, exchange, {
      serverUri: SERVER,
      trigger: 'client',
      loginStatus: 'others',
      onMessage: () => this.messages++,
      onStatus: (code) => this.statuses.push(code),
      ...options,
    });
  }

  finish(jobs: readonly InstallJob[]): void {
    for (const job of jobs) this.device.finishJob(job, 'succeeded');
  }
}

describe('management sessions through the phases', () => {
  it('brings the device phase to its end', async () => {
    const setup = new Setup();
    const { device } = setup;
    beginPhase(device, 'device');
    expect(trackPhase(device, 'device').state).toBe('identifying');

    expect(await setup.session({ bootstrapSync: 'device' })).toEqual({
      ok: true,
      value: { messages: 13, commands: 92 },
    });
    expect(new Set(setup.statuses)).toEqual(new Set([200, 202]));
    expect(setup.messages).toBe(13);
    expect(espSettings(device)).toEqual({
      deviceShown: true,
      userShown: true,
      timeoutMs: 90 * 60_000,
      allowReset: true,
      allowTryAgain: false,
      allowContinueAnyway: true,
    });
    expect(device.tree.get('./Device/Vendor/MSFT/Policy/Config/Simulated3/Setting38')).toMatchObject({ value: '1' });

    const jobs = device.takeJobs();
    expect(jobs.map(({ kind }) => kind)).toEqual(['scep', 'msi', 'msi', 'modern-app']);
    expect(jobs[1]?.contentUrl).toContain('http://content.flotilla.example/content/');
    expect(trackPhase(device, 'device')).toMatchObject({
      state: 'working',
      trackers: {
        securityPolicies: { expected: 1, completed: 1 },
        certificates: { expected: 1, completed: 0 },
        networkConnections: { expected: 2, completed: 2 },
        apps: { expected: 3, completed: 0 },
      },
    });

    setup.finish(jobs.slice(0, 3));
    expect(trackPhase(device, 'device')).toMatchObject({ state: 'working', trackers: { apps: { completed: 2 } } });
    expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true, value: { messages: 2 } });
    expect(setup.bodies.at(-4)).toContain('com.microsoft.mdm.win32csp_install');
    setup.finish(jobs.slice(3));
    expect(trackPhase(device, 'device').state).toBe('ready');

    finishPhase(device, 'device', true);
    await setup.session({ bootstrapSync: 'device' });
    expect(setup.bodies.at(-2)).toContain('FirstSyncStatus/IsSyncDone');
    // The server has learnt that the phase is over, and only polls from now on.
    await setup.session();
    expect(setup.bodies.at(-3)).toContain('./DevDetail/SwV');
    expect(setup.service.counts()).toEqual({
      devices: 1,
      openSessions: 0,
      sessions: 4,
      messages: 19,
      refused: 0,
      deviceSetupSucceeded: 1,
      deviceSetupFailed: 0,
      accountSetupSucceeded: 0,
      accountSetupFailed: 0,
      coManaged: 0,
    });
  });

  it('answers user nodes by 405 until the account phase begins, and the server sends them again', async () => {
    const setup = new Setup();
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    setup.finish(device.takeJobs());
    finishPhase(device, 'device', true);

    await setup.session({ loginStatus: 'user' }, true);
    expect(setup.statuses.filter((code) => code === 405).length).toBe(2);
    expect(device.tree.read('U/Vendor/MSFT/Policy/Config/Simulated0/Setting0')).toBeUndefined();

    beginPhase(device, 'user');
    await setup.session({ loginStatus: 'user', bootstrapSync: 'user' }, true);
    expect(setup.statuses.filter((code) => code === 405).length).toBe(2);
    expect(trackPhase(device, 'user')).toMatchObject({
      state: 'working',
      trackers: { apps: { expected: 1, completed: 0 } },
    });
    const jobs = device.takeJobs();
    expect(jobs.map(({ scope }) => scope)).toEqual(['user']);
    setup.finish(jobs);
    expect(trackPhase(device, 'user').state).toBe('ready');
    finishPhase(device, 'user', true);
    await setup.session({ loginStatus: 'user', bootstrapSync: 'user' }, true);
    expect(setup.bodies.at(-2)).toContain('./User/Vendor/MSFT/DMClient');
  });

  it('orders nothing twice when the answer to an order was lost', async () => {
    const setup = new Setup([group('a', { device: { ...NO_CONTENT, msiApps: DEVICE_CONTENT.msiApps } })]);
    let lost = 0;
    const exchange = (body: string): ReturnType<Parameters<typeof runSession>[1]> => {
      // The orders were taken (202), and the server never hears of it.
      if (body.includes('<Data>202</Data>') && lost++ === 0) {
        return Promise.resolve({ ok: false, error: { kind: 'failure', code: 'connection-reset', detail: '' } });
      }
      return Promise.resolve(ok(setup.post(body).body));
    };
    const options = { serverUri: SERVER, trigger: 'client', loginStatus: 'others', bootstrapSync: 'device' } as const;
    expect((await runSession(setup.device, exchange, options)).ok).toBe(false);
    expect((await runSession(setup.device, exchange, options)).ok).toBe(true);
    expect(lost).toBe(2);
    expect(setup.device.takeJobs().length).toBe(2);
  });

  it('never becomes ready while an app does not complete, and fails when it fails', async () => {
    const setup = new Setup();
    const { device } = setup;
    await setup.session({ bootstrapSync: 'device' });
    const [scep, ...apps] = device.takeJobs();
    setup.finish([scep!, ...apps.slice(1)]);
    device.jobReached(apps[0]!, 'installing');
    for (let i = 0; i < 5; i++) {
      expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true });
      expect(trackPhase(device, 'device')).toMatchObject({
        state: 'working',
        trackers: { apps: { expected: 3, completed: 2 } },
      });
    }
    device.finishJob(apps[0]!, 'failed');
    expect(trackPhase(device, 'device')).toMatchObject({ state: 'failed', failure: { code: '0x87d1041c' } });
  });

  it('shows no page where the group has none, and still sends content', async () => {
    const setup = new Setup(
      [group('a'), group('plain', { shown: false, device: { ...NO_CONTENT, policies: 3 } })],
      'plain',
    );
    expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true, value: { messages: 6 } });
    expect(espSettings(setup.device)).toMatchObject({ deviceShown: false, userShown: false, timeoutMs: 3_600_000 });
    expect(setup.device.takeJobs()).toEqual([]);
    expect(trackPhase(setup.device, 'device').state).toBe('ready');
  });

  it('goes on where a session broke off', async () => {
    const setup = new Setup();
    let left = 4;
    const exchange = (body: string): ReturnType<Parameters<typeof runSession>[1]> => {
      if (left-- === 0)
        return Promise.resolve({ ok: false, error: { kind: 'failure', code: 'connection-reset', detail: '' } });
      return Promise.resolve(ok(setup.post(body).body));
    };
    const options = { serverUri: SERVER, trigger: 'client', loginStatus: 'others', bootstrapSync: 'device' } as const;
    expect(await runSession(setup.device, exchange, options)).toMatchObject({ error: { code: 'connection-reset' } });
    expect(await setup.session({ bootstrapSync: 'device' })).toMatchObject({ ok: true, value: { messages: 10 } });
    // The round whose answer was lost comes again: its nodes are there already.
    expect(setup.statuses.filter((code) => code === 418).length).toBe(5);
    expect(setup.device.takeJobs().length).toBe(4);
  });
});

describe('the service refuses by the documented Status', () => {
  function headerStatus(setup: Setup, message: SyncmlMessage, userToken = false): number | undefined {
    const reply = parseSyncml(setup.post(writeSyncml(message), userToken).body);
    if (!reply.ok) return undefined;
    const first = reply.value.commands[0];
    return first?.kind === 'status' && first.cmdRef === '0' ? first.code : undefined;
  }
  const first: readonly Command[] = [
    { kind: 'alert', cmdId: '2', code: 1201, items: [] },
    { kind: 'replace', cmdId: '3', items: [{ source: './DevInfo/DevId', data: 'device-1' }] },
  ];
  function message(
    msgId: number,
    commands: readonly Command[],
    more: Partial<SyncmlMessage['header']> = {},
  ): SyncmlMessage {
    return {
      header: { sessionId: '9', msgId, targetUri: SERVER, sourceUri: 'device-1', ...more },
      commands,
      final: true,
    };
  }
  const answers = (opening: string): Command[] => {
    const reply = parseSyncml(opening);
    expect(reply.ok).toBe(true);
    const asked = reply.ok ? reply.value.commands : [];
    return asked.flatMap((command, i): Command[] =>
      command.kind === 'status' || command.kind === 'results'
        ? []
        : [{ kind: 'status', cmdId: String(i + 1), msgRef: 1, cmdRef: command.cmdId, cmd: 'Get', code: 200 }],
    );
  };

  it('takes a session that goes by the book', () => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    expect(headerStatus(setup, message(2, answers(opening)))).toBe(200);
  });

  it.each([
    ['a session that begins in the middle', message(2, first), 400],
    ['a first package without an alert', message(1, first.slice(1)), 400],
    ['a first package without DevInfo', message(1, first.slice(0, 1)), 400],
    ['another server as target', message(1, first, { targetUri: 'https://other.example/' }), 404],
    [
      'the account phase without a user token',
      message(1, [
        ...first,
        { kind: 'alert', cmdId: '4', code: 1224, items: [{ type: 'com.microsoft/MDM/BootstrapSync', data: 'user' }] },
      ]),
      401,
    ],
  ])('%s', (_name, wrong, code) => {
    expect(headerStatus(new Setup(), wrong)).toBe(code);
  });

  it.each([
    ['a message left out', 3, (all: Command[]) => all, {}, 400],
    ['a command without its Status', 2, (all: Command[]) => all.slice(1), {}, 400],
    [
      'a Status for what was never sent',
      2,
      (all: Command[]) => [...all, { ...all[0]!, cmdRef: '77' } as Command],
      {},
      400,
    ],
    ['another source in the same session', 2, (all: Command[]) => all, { sourceUri: 'device-2' }, 403],
    ['another session', 2, (all: Command[]) => all, { sessionId: '10' }, 400],
  ])('%s', (_name, msgId, change, header, code) => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    expect(headerStatus(setup, message(msgId, change(answers(opening)), header))).toBe(code);
    expect(setup.service.counts().openSessions).toBe(0);
  });

  it('answers a command that is not for a device to give by 406, one without CmdID by 400', () => {
    const setup = new Setup();
    const odd: Command[] = [
      { kind: 'get', cmdId: '4', items: [{ target: './x' }] },
      { kind: 'alert', cmdId: '', code: 1224, items: [] },
    ];
    const reply = parseSyncml(setup.post(writeSyncml(message(1, [...first, ...odd]))).body);
    const codes = reply.ok ? reply.value.commands.flatMap((c) => (c.kind === 'status' ? [c.code] : [])) : [];
    expect(codes).toEqual([200, 200, 200, 406, 400]);
  });

  it('repeats its reply to a message that comes again, and refuses what is no SyncML', () => {
    const setup = new Setup();
    const body = writeSyncml(message(1, first));
    expect(setup.post(body).body).toBe(setup.post(body).body);
    expect(setup.post('<SyncML')).toEqual({ status: 400, body: '' });
    expect(setup.service.counts().sessions).toBe(1);
  });

  it('asks for the rest of a package that comes in several messages', () => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    const all = answers(opening);
    const partial = { ...message(2, all.slice(0, 1)), final: false };
    const more = parseSyncml(setup.post(writeSyncml(partial)).body);
    expect(more.ok && more.value.commands.map((c) => [c.kind, 'code' in c ? c.code : 0])).toEqual([
      ['status', 200],
      ['alert', 1222],
    ]);
    const alert: Command = { kind: 'status', cmdId: '9', msgRef: 2, cmdRef: '1', cmd: 'Alert', code: 200 };
    expect(headerStatus(setup, message(3, [...all.slice(1), alert]))).toBe(200);
  });
});
