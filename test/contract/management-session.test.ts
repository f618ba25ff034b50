// Both sides of device management against each other, without a socket: what the agent's session says, the backend's service answers,
// through the phases of the Enrollment Status Page.
import { describe, expect, it } from 'vitest';
import { beginPhase, espSettings, finishPhase, trackPhase } from '../../agent/management/esp-tracking.ts';
import { runSession } from '../../agent/management/session.ts';
import { NO_CONTENT } from '../../catalog/content.ts';
import { ok } from '../../kernel/result.ts';
import { DEVICE_CONTENT, group, SERVER, Setup } from './management-setup.ts';

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
