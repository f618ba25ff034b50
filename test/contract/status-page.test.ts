// The Enrollment Status Page as a step: what the server ordered is installed one after the other while sessions go on, results
// are written back, failures and restarts are what Windows makes of them, and nothing is shown that is not configured.
import { describe, expect, it } from 'vitest';
import type { ManagedDevice } from '../../agent/management/managed-device.ts';
import type { SessionOptions } from '../../agent/management/session.ts';
import { managedOf } from '../../agent/steps/manage.ts';
import { wholeMs } from '../../agent/time-ledger.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../kernel/units.ts';
import { constant, fakeDevice, prepared, run, SERVICE_MS, settled, type FakeOptions } from './fake-device.ts';
import { orderMsi, readFirstSync, setFirstSync, showEsp } from './fake-server.ts';

interface Session {
  readonly options: SessionOptions;
  readonly alerts: number;
}

/** A server that orders these packages in its first session and has then sent everything. */
function serverOf(ids: readonly string[], scope: 'device' | 'user' = 'device') {
  const sessions: Session[] = [];
  const runSession = async (managed: ManagedDevice, _exchange: unknown, options: SessionOptions) => {
    if (sessions.length === 0) {
      orderMsi(managed, scope, ids);
      setFirstSync(managed, scope, 'ServerHasFinishedProvisioning', 'true');
    }
    sessions.push({ options, alerts: managed.takeAlerts().length });
    return ok({ messages: 2, commands: 3 });
  };
  return { sessions, services: { runSession } satisfies FakeOptions['services'] };
}

describe('status page, device phase', () => {
  it('installs one package after the other, with sessions going on, and writes its results back', async () => {
    const server = serverOf(['{a}', '{b}', '{c}']);
    const fake = prepared(fakeDevice({ services: server.services }));
    showEsp(fake.device);
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    // Three installations of a minute, noticed by sessions ten seconds apart; what a session takes passes for an installation too.
    expect(wholeMs(times)).toBeGreaterThanOrEqual(3 * 60 * SECOND_MS);
    expect(wholeMs(times)).toBeLessThan(3 * 60 * SECOND_MS + 10 * SECOND_MS);
    expect(times.partsMs.install).toBeGreaterThan(3 * 60 * SECOND_MS - server.sessions.length * SERVICE_MS);
    expect(server.sessions.length).toBeGreaterThanOrEqual(18);
    expect(server.sessions.every(({ options }) => options.bootstrapSync === 'device')).toBe(true);
    expect(server.sessions.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(3);
    expect(fake.calls.filter((call) => call === 'downloadContent')).toHaveLength(3);
    const managed = managedOf(fake.device);
    expect(readFirstSync(managed, 'device', 'WasDeviceSuccessfullyProvisioned')).toBe('1');
    expect(readFirstSync(managed, 'device', 'IsSyncDone')).toBe('true');
    expect(fake.device.state.sessions).toBe(server.sessions.length);
  });

  it('makes one session for each installation where there is no pause', async () => {
    const server = serverOf(['{a}', '{b}']);
    const fake = prepared(fakeDevice({ services: server.services, cohort: { sessionPause: constant(0) } }));
    showEsp(fake.device);
    const { times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(times.partsMs.install).toBeCloseTo(2 * 60 * SECOND_MS, 6);
    // The first, and one after each package; the last of them shows the results.
    expect(server.sessions).toHaveLength(3);
  });

  it('installs several packages within one long pause', async () => {
    const server = serverOf(['{a}', '{b}']);
    const fake = prepared(
      fakeDevice({ services: server.services, cohort: { sessionPause: constant(300 * SECOND_MS) } }),
    );
    showEsp(fake.device);
    const { times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(server.sessions).toHaveLength(2);
    expect(times.partsMs.install).toBeCloseTo(120 * SECOND_MS, 6);
    // Downloads take part of the pause.
    expect(times.partsMs.poll).toBeCloseTo(180 * SECOND_MS - 2 * SERVICE_MS, 6);
  });

  it('times out while a package installs that takes longer than the page waits, pause or not', async () => {
    for (const pauseMs of [0, 10 * SECOND_MS]) {
      const server = serverOf(['{a}']);
      const cohort = {
        sessionPause: constant(pauseMs),
        installs: { app: constant(DAY_MS), update: constant(0), qualityUpdate: constant(0) },
      };
      const fake = prepared(fakeDevice({ services: server.services, cohort }));
      showEsp(fake.device);
      const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
      expect(result).toMatchObject({ ok: false, error: { code: '0x800705b4' } });
      expect(wholeMs(times)).toBeGreaterThanOrEqual(HOUR_MS);
      expect(wholeMs(times)).toBeLessThan(HOUR_MS + SECOND_MS);
    }
  });

  it('fails with 0x87d1041c where content is not what the server announced, and tells the server', async () => {
    const server = serverOf(['{a}']);
    const downloadContent = async () => stepFailure('0x87d1041c', 'the content does not match its hash');
    const fake = prepared(fakeDevice({ services: { ...server.services, downloadContent } }));
    showEsp(fake.device);
    const { result } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ ok: false, error: { code: '0x87d1041c' } });
    expect(readFirstSync(managedOf(fake.device), 'device', 'WasDeviceSuccessfullyProvisioned')).toBe('0');
    expect(server.sessions).toHaveLength(2);
  });

  it('fails with the code of the transport where content cannot be had', async () => {
    const downloadContent = async () => stepFailure('connect-refused', 'test');
    const fake = prepared(fakeDevice({ services: { ...serverOf(['{a}']).services, downloadContent } }));
    showEsp(fake.device);
    const { result } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toMatchObject({ ok: false, error: { code: 'connect-refused' } });
  });

  it('is one session where it is not configured', async () => {
    const server = serverOf([]);
    const fake = prepared(fakeDevice({ services: server.services }));
    fake.device.state.credentialsKept = true;
    const { result, times } = await settled(fake.clock, run(fake, 'device-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(wholeMs(times)).toBe(SERVICE_MS);
    expect(server.sessions).toHaveLength(1);
    expect(readFirstSync(managedOf(fake.device), 'device', 'IsSyncDone')).toBe('false');
  });

  it('restarts once where an app asks for it, and the person signs in again', async () => {
    const server = serverOf([]);
    const fake = prepared(fakeDevice({ services: server.services }));
    showEsp(fake.device);
    fake.device.state.credentialsKept = true;
    const app = 'D/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/Tracking/Sidecar/App';
    const { tree } = managedOf(fake.device);
    for (const above of [app.slice(0, app.lastIndexOf('/')), app]) tree.write(above, '');
    tree.write(`${app}/InstallationState`, '3');
    tree.write(`${app}/RebootRequired`, '2');
    const esp = await settled(fake.clock, run(fake, 'device-esp'));
    expect(esp.times.partsMs.restart).toBe(120 * SECOND_MS);
    const signIn = await settled(fake.clock, run(fake, 'windows-sign-in'));
    expect(signIn.times.partsMs.person).toBe(30 * SECOND_MS);
  });
});

describe('status page, user phase', () => {
  it('runs with a token of the user, and drops the login session', async () => {
    const server = serverOf(['{u}'], 'user');
    const fake = prepared(fakeDevice({ services: server.services }));
    showEsp(fake.device);
    const { result } = await settled(fake.clock, run(fake, 'user-esp'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(server.sessions.every(({ options }) => options.bootstrapSync === 'user')).toBe(true);
    expect(server.sessions.every(({ options }) => options.loginStatus === 'user')).toBe(true);
    expect(fake.device.state.signIn).toBeNull();
    expect(managedOf(fake.device).tree.userContext).toBe(true);
  });

  it('costs nothing where it is not configured', async () => {
    const fake = prepared(fakeDevice());
    const { times } = await settled(fake.clock, run(fake, 'user-esp'));
    expect(wholeMs(times)).toBe(0);
    expect(fake.calls).toEqual([]);
  });
});

describe('after the desktop', () => {
  it('brings content in the background where no page waited for it, then polls', async () => {
    const server = serverOf(['{a}', '{b}']);
    const fake = prepared(fakeDevice({ services: server.services, cohort: { pollSessions: 2 } }));
    const { result, times } = await settled(fake.clock, run(fake, 'polling'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(fake.calls.filter((call) => call === 'downloadContent')).toHaveLength(2);
    expect(times.partsMs.install + times.partsMs.service).toBeGreaterThanOrEqual(120 * SECOND_MS);
    // Two polls, three minutes apart.
    expect(times.partsMs.poll).toBeGreaterThanOrEqual(6 * 60 * SECOND_MS);
    expect(server.sessions.every(({ options }) => options.bootstrapSync === undefined)).toBe(true);
  });
});
