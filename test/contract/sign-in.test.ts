// The person at the sign-in pages: what is asked for, what is typed, and what a device remembers of it over a restart.
import { describe, expect, it } from 'vitest';
import { takeHelloToken, takeUserToken } from '../../agent/steps/user-token.ts';
import type { DeviceServices } from '../../agent/steps/services.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { CohortPlan } from '../../scenarios/language/plan.ts';
import { fakeDevice, people, PROFILE, prepared, run, settled, SIGN_IN } from './fake-device.ts';
import type { FakeDevice, FakeOptions, StepRun } from './fake-device.ts';
import { askForHello } from './hello-policy.ts';

const FLAWLESS: CohortPlan['mistakes'] = {
  mistypedKey: 0,
  mistypedPassword: 0,
  otherUser: 0,
  declinedTerms: 0,
  closedTerms: 0,
};
const PAGE = { fixedUserName: undefined } as never;
const CHALLENGES = {
  password: { kind: 'new-password', form: { id: '', action: '', fields: [] } },
  multifactor: { kind: 'multifactor', form: { id: '', action: '', fields: [] }, beginUrl: '', pollUrl: '' },
} as const;

interface Typed {
  readonly userName: string;
  readonly password: string;
}

/** A device at its sign-in, and what was typed there. */
function atSignIn(options: FakeOptions & { readonly assigned?: string } = {}): { fake: FakeDevice; typed: Typed[] } {
  const typed: Typed[] = [];
  const submit = options.services?.submitCredentials ?? (async () => ok('code'));
  const submitCredentials: DeviceServices['submitCredentials'] = (network, page, person) => {
    typed.push(person);
    return submit(network, page, person);
  };
  const fake = fakeDevice({
    ...options,
    cohort: {
      people: people(10 * SECOND_MS, 'user-name', 'password', 'new-password', 'multifactor'),
      ...options.cohort,
    },
    services: { openSignInPage: async () => ok(PAGE), ...options.services, submitCredentials },
  });
  const { plan } = fake.device.shard;
  // With one user only there would be nobody else; a right password ends in a way that no mistyped one does.
  const tenant = { ...plan.tenant, users: 5, password: 'Password-x' };
  Object.assign(fake.device.shard, { plan: { ...plan, tenant } });
  fake.device.state.profile = { ...PROFILE, CloudAssignedTenantUpn: options.assigned ?? '' };
  fake.device.state.profile = { ...fake.device.state.profile, CloudAssignedTenantDomain: tenant.domain };
  return { fake, typed };
}

function signIn(fake: FakeDevice): Promise<StepRun> {
  fake.device.step = 'sign-in';
  return settled(fake.clock, run(fake, 'sign-in'));
}

describe('the name at the sign-in page', () => {
  const other = { mistakes: { ...FLAWLESS, otherUser: 1 } };

  it.each([
    ['is typed where nobody is assigned', {}, 'user0@fleet.example', 20],
    ['is there where somebody is', { assigned: 'user0@fleet.example' }, 'user0@fleet.example', 10],
    [
      'is changed by somebody else where the page lets them',
      { assigned: 'user0@fleet.example', cohort: other },
      undefined,
      20,
    ],
    ['is nobody else where nobody is assigned', { cohort: other }, 'user0@fleet.example', 20],
  ] as const)('%s', async (_title, options, name, seconds) => {
    const { fake, typed } = atSignIn(options);
    const { result, times } = await signIn(fake);
    expect([result.ok, times.partsMs.person]).toEqual([true, seconds * SECOND_MS]);
    expect(typed).toEqual([
      { userName: name ?? 'user1@fleet.example', password: fake.device.shard.plan.tenant.password },
    ]);
    expect(fake.device.state.person).toEqual(typed[0]);
  });

  it('that is fixed is the assigned one, whoever sits there', async () => {
    const services = { openSignInPage: async () => ok({ fixedUserName: 'user0@fleet.example' } as never) };
    const { fake, typed } = atSignIn({ assigned: 'user0@fleet.example', cohort: other, services });
    const { times } = await signIn(fake);
    expect([typed[0]?.userName, times.partsMs.person]).toEqual(['user0@fleet.example', 10 * SECOND_MS]);
  });
});

describe('the password', () => {
  const wrong = async () => stepFailure('50126', 'no');

  it('is typed again when it was mistyped, each try noted', async () => {
    const { fake, typed } = atSignIn({
      cohort: { mistakes: { ...FLAWLESS, mistypedPassword: 0.7 } },
      services: {
        submitCredentials: async (_network, _page, { password }) => (password.endsWith('x') ? ok('code') : wrong()),
      },
    });
    const { result, times } = await signIn(fake);
    expect(result.ok).toBe(true);
    expect(typed.length).toBeGreaterThan(1);
    expect(times.partsMs.person).toBe((1 + typed.length) * 10 * SECOND_MS);
    expect(new Set(typed.map(({ password }) => password)).size).toBe(typed.length);
    const soft = fake.recorder
      .takeFrame()
      .counters.find(({ metric }) => metric === 'flotilla_step_soft_failures_total');
    expect([soft?.labels[1], soft?.value]).toEqual(['50126', typed.length - 1]);
  });

  it('is given up in the end, and at once where it was typed as it should be', async () => {
    const hopeless = atSignIn({
      cohort: { mistakes: { ...FLAWLESS, mistypedPassword: 1 } },
      services: { submitCredentials: wrong },
    });
    expect((await signIn(hopeless.fake)).result).toMatchObject({ error: { code: '50126' } });
    expect(hopeless.typed).toHaveLength(LIMITS.passwordTriesMax);
    const refused = atSignIn({ services: { submitCredentials: wrong } });
    expect((await signIn(refused.fake)).result).toMatchObject({ error: { code: '50126' } });
    expect(refused.typed).toHaveLength(1);
  });

  it('that expired is replaced once, and the person remembers the new one', async () => {
    const { fake } = atSignIn({ services: { submitCredentials: async () => ok(CHALLENGES.password) } });
    const { result, times } = await signIn(fake);
    expect([result.ok, times.partsMs.person]).toEqual([true, 30 * SECOND_MS]);
    const { password } = fake.device.shard.plan.tenant;
    expect(fake.device.state.person?.password).toBe(`${password}-renewed`);
    const again = atSignIn({
      services: {
        submitCredentials: async () => ok(CHALLENGES.password),
        submitNewPassword: async () => ok(CHALLENGES.password),
      },
    });
    expect((await signIn(again.fake)).result).toMatchObject({ error: { code: '50055' } });
  });
});

describe('the second factor', () => {
  it('costs the person time, and is polled for until there is an answer', async () => {
    const polls = ['pending', 'pending', 'pending', 'approved'] as const;
    let asked = 0;
    const { fake } = atSignIn({
      services: {
        submitCredentials: async () => ok(CHALLENGES.multifactor),
        pollMultifactor: async () => ok(polls[asked++] ?? 'approved'),
      },
    });
    const { result, times } = await signIn(fake);
    expect([result.ok, asked, times.partsMs.person]).toEqual([true, 4, 30 * SECOND_MS]);
  });

  it('that nobody gives is a failure', async () => {
    const { fake } = atSignIn({
      services: {
        submitCredentials: async () => ok(CHALLENGES.multifactor),
        pollMultifactor: async () => ok('pending'),
      },
    });
    expect((await signIn(fake)).result).toMatchObject({ error: { code: '500121' } });
    const endless = atSignIn({
      services: {
        submitCredentials: async () => ok(CHALLENGES.multifactor),
        completeMultifactor: async () => ok(CHALLENGES.multifactor),
      },
    });
    expect((await signIn(endless.fake)).result).toMatchObject({ error: { code: 'reply-unexpected' } });
  });
});

describe('after a restart', () => {
  const cohort = { people: people(15 * SECOND_MS, 'windows-sign-in', 'multifactor') };

  function restarted(options: FakeOptions = {}): FakeDevice {
    const fake = prepared(fakeDevice({ cohort, ...options }));
    fake.device.state.loseMemory();
    return fake;
  }

  it('the person signs in to Windows with what they remember, and tokens come from that session', async () => {
    const typed: Typed[] = [];
    const session = { ...SIGN_IN.session, refreshToken: 'primary' };
    const fake = restarted({
      services: {
        signInToWindows: async (_network, { userName, password }) => {
          typed.push({ userName, password });
          return ok({ ...SIGN_IN, session });
        },
        refreshAccessToken: async (_network, from, audience) => ok(`${from.refreshToken} ${audience}`),
      },
    });
    const { times } = await settled(fake.clock, run(fake, 'windows-sign-in'));
    expect(times.partsMs.person).toBe(15 * SECOND_MS);
    expect(typed).toEqual([{ userName: SIGN_IN.claims.upn, password: 'password' }]);
    expect(await settled(fake.clock, takeUserToken(fake.device))).toEqual(ok('primary management-user'));
    expect(fake.device.state.signIn).toBeNull();
  });

  it('a token without a session signs in again', async () => {
    const fake = restarted();
    expect(await settled(fake.clock, takeUserToken(fake.device))).toEqual(ok('token'));
    expect(fake.calls).toEqual(['signInToWindows', 'refreshAccessToken']);
  });

  it('what Windows refuses is the failure of the step', async () => {
    const fake = restarted({ services: { signInToWindows: async () => stepFailure('50155', 'no') } });
    expect((await settled(fake.clock, run(fake, 'windows-sign-in'))).result).toMatchObject({
      error: { code: '50155' },
    });
  });
});

describe('the token for Windows Hello', () => {
  it('keeps the session until it was taken, and asks for a second factor only where it must', async () => {
    const old = async () => stepFailure('50076', 'old');
    for (const young of [true, false]) {
      const fake = prepared(
        fakeDevice({
          cohort: { people: people(15 * SECOND_MS, 'multifactor') },
          services: {
            refreshAccessToken: (_network, _session, audience) =>
              audience === 'windows-hello' && !young ? old() : Promise.resolve(ok('refreshed')),
            openMultifactorPage: async () => ok({ authorization: {} as never, answer: CHALLENGES.multifactor }),
            pollMultifactor: async () => ok('approved'),
            redeemCode: async () => ok({ ...SIGN_IN, accessToken: 'approved' }),
          },
        }),
      );
      askForHello(fake.device);
      await settled(fake.clock, takeUserToken(fake.device));
      expect(fake.device.state.signIn).not.toBeNull();
      const token = await settled(fake.clock, takeHelloToken(fake.device));
      expect(token).toEqual(ok(young ? 'refreshed' : 'approved'));
      expect(fake.calls.includes('beginMultifactor')).toBe(!young);
    }
  });
});
