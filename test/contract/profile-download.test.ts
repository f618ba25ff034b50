// A device that finds no profile: who restarts it, how often, and what that costs. The cache of a blank profile is as old as the
// device's start, so the service is asked once for each.
import { describe, expect, it } from 'vitest';
import { PROFILE_WAIT_MS } from '../../agent/steps/profile-download.ts';
import { stepFailure } from '../../catalog/failures.ts';
import type { FailureCode } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import type { ProfileRequest } from '../../protocol/autopilot/autopilot-profile.ts';
import { fakeDevice, people, PROFILE, run, settled, type FakeDevice } from './fake-device.ts';

const RESTARTS = { restartsWithoutProfile: 2, people: people(5 * MINUTE_MS, 'restart-device') };

/** A device whose service answers so, each time it is asked: nothing is a blank profile. */
function answered(...answers: readonly (FailureCode | null | 'profile')[]): {
  fake: FakeDevice;
  shown: ProfileRequest[];
} {
  const shown: ProfileRequest[] = [];
  const fake = fakeDevice({
    cohort: RESTARTS,
    services: {
      downloadProfile: async (_network, _token, request) => {
        shown.push({ ...request });
        const answer = answers[shown.length - 1] ?? null;
        if (answer === null) return ok(null);
        return answer === 'profile' ? ok(PROFILE) : stepFailure(answer, 'test');
      },
    },
  });
  return { fake, shown };
}

function softFailures({ recorder }: FakeDevice): Record<string, number> {
  const { counters } = recorder.takeFrame();
  const series = counters.filter(({ metric }) => metric === 'flotilla_step_soft_failures_total');
  return Object.fromEntries(series.map(({ labels, value }) => [labels.join(' '), value]));
}

describe('a device without a profile', () => {
  it('is restarted after a while and asks again, until it has been restarted often enough: 815', async () => {
    const { fake, shown } = answered();
    fake.device.step = 'profile-download';
    for (let start = 0; start < 2; start++) {
      const { result, times } = await settled(fake.clock, run(fake, 'profile-download'));
      expect(result).toEqual({ ok: true, value: 'restarted' });
      expect([times.partsMs.person, times.partsMs.restart]).toEqual([5 * MINUTE_MS, 2 * MINUTE_MS]);
      expect(shown.length).toBe(start + 1);
    }
    const { result, times } = await settled(fake.clock, run(fake, 'profile-download'));
    expect(result).toMatchObject({ ok: false, error: { code: '815' } });
    expect([times.partsMs.person, times.partsMs.restart, shown.length]).toEqual([0, 0, 3]);
    expect(softFailures(fake)).toEqual({ 'profile-download 815': 2 });
  });

  it('goes on once its profile has come, and shows its hardware with each request', async () => {
    const { fake, shown } = answered('815', 'profile');
    await settled(fake.clock, run(fake, 'profile-download'));
    const { result } = await settled(fake.clock, run(fake, 'profile-download'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(fake.device.state.profile?.ZtdRegistrationId).toBe(PROFILE.ZtdRegistrationId);
    const { serialNumber, productKeyId } = fake.device.identity();
    expect(shown).toEqual([
      { serialNumber, productKeyId },
      { serialNumber, productKeyId },
    ]);
  });

  it.each(['807', '809', '908'] as const)('is not helped by a restart where the verdict is %s', async (code) => {
    const { fake, shown } = answered(code);
    const { result } = await settled(fake.clock, run(fake, 'profile-download'));
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(shown.length).toBe(1);
  });

  it('waits 36 seconds each time it asks', async () => {
    const fake = fakeDevice({ cohort: RESTARTS, services: { getDeviceToken: () => new Promise(() => {}) } });
    for (const value of ['restarted', 'restarted', undefined]) {
      const beganMs = fake.clock.nowMs();
      const { result, endedMs } = await settled(fake.clock, run(fake, 'profile-download'));
      expect(result).toMatchObject(value === undefined ? { error: { code: 'profile-timeout' } } : { value });
      const restartedMs = value === undefined ? 0 : (7 * MINUTE_MS) / fake.clock.speed;
      expect(endedMs - beganMs).toBeCloseTo(PROFILE_WAIT_MS + restartedMs, 6);
    }
  });
});
