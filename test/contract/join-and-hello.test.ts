// What the steps of join, MDM enrollment and Windows Hello do with what services answer and people want.
import { describe, expect, it } from 'vitest';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import { constant, fakeDevice, people, prepared, PROFILE, run, settled, SIGN_IN } from './fake-device.ts';
import type { FakeDevice, FakeOptions, StepRun } from './fake-device.ts';
import { showEsp } from './fake-server.ts';
import { askForHello, setHelloPolicy } from './hello-policy.ts';

const CERTIFICATE = Uint8Array.of(1, 2, 3);

function softFailures({ recorder }: FakeDevice): Record<string, number> {
  const series = recorder.takeFrame().counters;
  const soft = series.filter(({ metric }) => metric === 'flotilla_step_soft_failures_total');
  return Object.fromEntries(soft.map(({ labels, value }) => [labels.join(' '), value]));
}

function settledRun(fake: FakeDevice, step: 'entra-join' | 'mdm-enroll' | 'windows-hello'): Promise<StepRun> {
  fake.device.step = step;
  return settled(fake.clock, run(fake, step));
}

describe('the join', () => {
  it('keeps a copy of the certificate, and where keys go', async () => {
    const reply = new Uint8Array(100);
    reply.set(CERTIFICATE, 50);
    const certificate = reply.subarray(50, 53);
    const fake = prepared(
      fakeDevice({ services: { registerDevice: async () => ok({ certificate, deviceId: 'd', addedSids: [] }) } }),
    );
    await settledRun(fake, 'entra-join');
    const { deviceCertificate, keyService, deviceToken } = fake.device.state;
    expect(deviceCertificate).toEqual(CERTIFICATE);
    expect(deviceCertificate?.buffer.byteLength).toBe(3);
    expect([keyService, deviceToken]).toEqual(['https://localhost/key', null]);
  });

  it.each([
    ['tid', '0x801c0013'],
    ['sid', '0x801c0014'],
  ])('without the claim %s ends with %s, before any request', async (claim, code) => {
    const fake = prepared(fakeDevice());
    fake.device.state.signIn = { ...SIGN_IN, claims: { ...SIGN_IN.claims, [claim]: '' } };
    expect((await settledRun(fake, 'entra-join')).result).toMatchObject({ error: { code } });
    expect(fake.calls).toEqual([]);
  });

  it('asks people about the terms of use as often as the scenario says', async () => {
    const answers: string[] = [];
    const mistakes = { mistypedKey: 0, mistypedPassword: 0, otherUser: 0, declinedTerms: 0, closedTerms: 0 };
    const answering = async (changes: Partial<typeof mistakes>): Promise<void> => {
      const fake = prepared(
        fakeDevice({
          cohort: { mistakes: { ...mistakes, ...changes } },
          services: {
            answerTermsOfUse: async (_network, _url, { answer }) => {
              answers.push(answer);
              return ok('blob');
            },
          },
        }),
      );
      const claims = { ...SIGN_IN.claims, mdmTermsOfUseUrl: 'https://localhost/terms' };
      fake.device.state.signIn = { ...SIGN_IN, claims };
      await settledRun(fake, 'entra-join');
    };
    await answering({});
    await answering({ declinedTerms: 1 });
    await answering({ closedTerms: 1 });
    expect(answers).toEqual(['accept', 'decline', 'close']);
  });
});

describe('MDM enrollment that fails', () => {
  function enrolling(options: FakeOptions = {}, forced = 1): FakeDevice {
    const refused = { enrollDevice: async () => stepFailure('0x80180014', 'test') };
    const fake = prepared(fakeDevice({ ...options, services: { ...refused, ...options.services } }));
    const { state } = fake.device;
    state.profile = { ...PROFILE, CloudAssignedForcedEnrollment: forced };
    state.deviceCertificate = CERTIFICATE;
    return fake;
  }

  it('undoes the join where it is mandatory', async () => {
    const left: unknown[] = [];
    const fake = enrolling({
      services: {
        unregisterDevice: async (_network, { deviceId, certificate }) => {
          left.push(deviceId, certificate);
          return ok(undefined);
        },
      },
    });
    expect((await settledRun(fake, 'mdm-enroll')).result).toMatchObject({ error: { code: '0x80180014' } });
    expect(left).toEqual(['33333333-3333-4333-8333-333333333333', CERTIFICATE]);
    expect([fake.device.state.deviceId, fake.device.state.deviceCertificate]).toEqual([null, null]);
  });

  it('leaves the device joined where it is not', async () => {
    const fake = enrolling({}, 0);
    await settledRun(fake, 'mdm-enroll');
    expect(fake.calls).not.toContain('unregisterDevice');
    expect(fake.device.state.deviceId).not.toBeNull();
  });

  it('keeps its code when the undoing fails, too', async () => {
    const fake = enrolling({ services: { unregisterDevice: async () => stepFailure('connection-reset', 'test') } });
    expect((await settledRun(fake, 'mdm-enroll')).result).toMatchObject({ error: { code: '0x80180014' } });
    expect(softFailures(fake)).toEqual({ 'mdm-enroll connection-reset': 1 });
    expect(fake.device.state.deviceId).not.toBeNull();
  });

  it.each([
    [undefined, '0x8018002b'],
    ['https://one.example/d https://two.example/d', '0xc1036501'],
  ])('with %s for an MDM it ends with %s, and leaves', async (mdmEnrollmentUrl, code) => {
    const fake = enrolling();
    const { mdmEnrollmentUrl: _one, ...claims } = SIGN_IN.claims;
    fake.device.state.signIn = { ...SIGN_IN, claims: { ...claims, ...(mdmEnrollmentUrl && { mdmEnrollmentUrl }) } };
    expect((await settledRun(fake, 'mdm-enroll')).result).toMatchObject({ error: { code } });
    expect(fake.calls).toEqual(['unregisterDevice']);
  });
});

describe('Windows Hello', () => {
  const person = { people: people(25 * SECOND_MS, 'windows-hello'), sessionPause: constant(0) };

  it('costs nothing without the policy', async () => {
    const fake = prepared(fakeDevice({ cohort: person }));
    fake.device.state.keyService = 'https://localhost/key';
    const { result, endedMs } = await settledRun(fake, 'windows-hello');
    expect([result.ok, endedMs, fake.calls]).toEqual([true, 0, []]);
    expect(fake.device.state.signIn).not.toBeNull();
  });

  it.each(['device', 'user'] as const)('is a PIN, a token and a key, where the %s policy asks', async (scope) => {
    const fake = prepared(fakeDevice({ cohort: person }));
    askForHello(fake.device, scope);
    const { result, times } = await settledRun(fake, 'windows-hello');
    expect([result.ok, times.partsMs.person]).toEqual([true, 25 * SECOND_MS]);
    expect(fake.calls).toEqual(['refreshAccessToken', 'registerHelloKey']);
    expect(softFailures(fake)).toEqual({});
  });

  it('is left to a later time where policy says so', async () => {
    const fake = prepared(fakeDevice({ cohort: person }));
    askForHello(fake.device);
    setHelloPolicy(fake.device, 'device', 'DisablePostLogonProvisioning', 'true');
    await settledRun(fake, 'windows-hello');
    expect(fake.calls).toEqual([]);
  });

  it.each(['refreshAccessToken', 'registerHelloKey'] as const)('fails softly with %s', async (name) => {
    const fake = prepared(fakeDevice({ services: { [name]: async () => stepFailure('0x801c03ed', 'test') } }));
    askForHello(fake.device);
    expect((await settledRun(fake, 'windows-hello')).result.ok).toBe(true);
    expect(softFailures(fake)).toEqual({ 'windows-hello 0x801c03ed': 1 });
  });

  it('is the last use of the session after a page, and comes once', async () => {
    const fake = prepared(fakeDevice());
    showEsp(fake.device);
    askForHello(fake.device);
    await settledRun(fake, 'windows-hello');
    expect(fake.device.state.signIn).toBeNull();
    await settledRun(fake, 'windows-hello');
    expect(fake.calls).toHaveLength(2);
  });
});
