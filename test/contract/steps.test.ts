// What every step owes its runner, whichever it is: exactly one result, an end when the run stops (wherever it stands), an
// end by its deadline when nothing answers, and time that the ledger accounts for.
import { describe, expect, it } from 'vitest';
import { UPDATES_WATCHDOG_MS } from '../../agent/steps/install-updates.ts';
import { PROFILE_WAIT_MS } from '../../agent/steps/profile-download.ts';
import { wholeMs } from '../../agent/time-ledger.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { STEP_NAMES, type StepName } from '../../catalog/steps.ts';
import { ok } from '../../kernel/result.ts';
import { HOUR_MS, SECOND_MS } from '../../kernel/units.ts';
import {
  fakeDevice,
  people,
  prepared,
  run,
  SERVICE_MS,
  settled,
  type FakeDevice,
  type FakeOptions,
} from './fake-device.ts';
import { setFirstSync, showEsp, wantQualityUpdates } from './fake-server.ts';
import { askForHello } from './hello-policy.ts';

const ASKS_NOBODY: readonly StepName[] = ['oobe-locale', 'windows-sign-in'];
/** What fails in them is noted, and the device goes on. */
const GOES_ON: readonly StepName[] = ['windows-hello'];

/** A device before a step, with everything shown, so that no step is trivial. */
function before(step: StepName, options: FakeOptions = {}): FakeDevice {
  const cohort = { languages: 2, pollSessions: 2, ...options.cohort };
  const fake = prepared(fakeDevice({ wired: false, ...options, cohort }));
  if (step === 'oobe-locale') fake.device.state.profile = null;
  if (step === 'windows-hello') askForHello(fake.device);
  if (step === 'user-esp' || step === 'device-esp') showEsp(fake.device);
  if (step === 'quality-updates') wantQualityUpdates(fake.device);
  return fake;
}

/** A server that is done with both phases in its first session. */
const FINISHED: FakeOptions = {
  services: {
    runSession: async (managed) => {
      setFirstSync(managed, 'device', 'ServerHasFinishedProvisioning', 'true');
      setFirstSync(managed, 'user', 'ServerHasFinishedProvisioning', 'true');
      return ok({ messages: 1, commands: 1 });
    },
  },
};

describe.each(STEP_NAMES)('step %s', (step) => {
  it('succeeds with one result, and its parts are the time that passed', async () => {
    const fake = before(step, FINISHED);
    const { result, times, endedMs } = await settled(fake.clock, run(fake, step));
    expect(result).toEqual({ ok: true, value: 'done' });
    const { service, ...waits } = times.partsMs;
    const waitedMs = Object.values(waits).reduce((sum, part) => sum + part, 0);
    expect(service + waitedMs / fake.clock.speed).toBeCloseTo(endedMs, 6);
    expect(wholeMs(times)).toBeCloseTo(service + waitedMs, 6);
  });

  it('ends as soon as the run stops, wherever it stands', async () => {
    for (const afterMs of [0, 1, SERVICE_MS + 1, 100, 600, 5_000]) {
      const fake = before(step, FINISHED);
      const running = run(fake, step);
      await fake.clock.advance(afterMs);
      fake.stop.stop();
      const { result, endedMs } = await settled(fake.clock, running);
      if (!result.ok) expect(result.error.code, `stopped after ${afterMs} ms`).toBe('abandoned');
      expect(endedMs).toBeLessThanOrEqual(afterMs);
    }
  });

  it('passes on the failure of a service, with its code', async () => {
    const names = ['probeConnectivity', 'getDeviceToken', 'checkUpdates', 'openSignInPage', 'discoverJoin'] as const;
    const failing = [...names, 'refreshAccessToken', 'runSession'].map((name) => [
      name,
      async () => stepFailure('connection-reset', 'test'),
    ]);
    const fake = before(step, { services: Object.fromEntries(failing) });
    const { result } = await settled(fake.clock, run(fake, step));
    if (ASKS_NOBODY.includes(step) || GOES_ON.includes(step)) expect(result).toEqual({ ok: true, value: 'done' });
    else expect(result).toMatchObject({ ok: false, error: { code: 'connection-reset' } });
  });
});

describe('deadlines', () => {
  const UPDATE = { id: 'u', title: '', url: '', sizeBytes: 1, sha256: undefined, restart: false };
  const SILENT: FakeOptions = {
    cohort: { people: people(0) },
    serviceMs: 0,
    services: {
      getDeviceToken: () => new Promise(() => {}),
      checkUpdates: async () => ok([UPDATE]),
      downloadUpdate: () => new Promise(() => {}),
    },
  };

  it.each([
    ['profile-download', 'profile-timeout', PROFILE_WAIT_MS],
    ['oobe-updates', 'updates-watchdog', UPDATES_WATCHDOG_MS],
  ] as const)('%s ends with %s after %i ms when nobody answers', async (step, code, deadlineMs) => {
    const fake = fakeDevice(SILENT);
    const { result, times } = await settled(fake.clock, run(fake, step));
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(wholeMs(times)).toBeCloseTo(deadlineMs, 0);
  });

  it.each(['device-esp', 'user-esp'] as const)('%s times out in device time, not in real time', async (step) => {
    const fake = prepared(fakeDevice());
    showEsp(fake.device);
    const { result, times, endedMs } = await settled(fake.clock, run(fake, step));
    expect(result).toMatchObject({ ok: false, error: { code: '0x800705b4' } });
    expect(wholeMs(times)).toBeGreaterThanOrEqual(HOUR_MS);
    expect(wholeMs(times)).toBeLessThan(HOUR_MS + SECOND_MS);
    expect(endedMs).toBeLessThan(HOUR_MS / fake.clock.speed + 10 * SECOND_MS);
  });
});
