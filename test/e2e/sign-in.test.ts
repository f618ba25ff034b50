// Sign-in with every kind of account (mission.md, rows 5, 9 and 29): whole devices against the embedded backend, over real sockets.
import { describe, expect, it } from 'vitest';
import type { StepName } from '../../catalog/steps.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import type { TraceEntry } from '../../telemetry/messages.ts';
import { counted, managedFleet } from './managed-fleet.ts';

function operations(exchanges: readonly TraceEntry[], ...services: readonly string[]): readonly string[] {
  return exchanges
    .filter(({ service }) => services.includes(service))
    .map(({ service, operation }) => `${service} ${operation}`);
}

function personMs(record: DeviceRecord | undefined, step: StepName): number {
  return record?.steps.find((times) => times.step === step)?.partsMs.person ?? NaN;
}

/** How the devices of each cohort ended, in the order of the cohorts. */
function ends(records: readonly DeviceRecord[]): readonly string[] {
  return records
    .toSorted((a, b) => a.cohort - b.cohort || a.index - b.index)
    .map(({ outcome, code, step }) => (code === null ? outcome : `${step} ${code}`));
}

/** Whose device the first one became. */
function joinedBy(exchanges: readonly TraceEntry[]): string | undefined {
  const joined = exchanges.find(({ operation }) => operation === 'register');
  return /"Upn":"([^"@]+)@/.exec(joined?.replyBody ?? '')?.[1];
}

describe('row 5: sign-in page, name and password', () => {
  it('is the six exchanges that it always was with a managed account', async () => {
    const { records, exchanges } = await managedFleet('  - { name: plain, count: 1 }');
    expect(ends(records)).toEqual(['succeeded']);
    // The last two are tokens for MDM enrollment and for the user's sessions.
    expect(operations(exchanges, 'login', 'federation')).toEqual([
      'login openid-configuration',
      'login authorize',
      'login logo',
      'login realm',
      'login sign-in',
      'login token',
      'login token',
      'login token',
    ]);
  });

  it('is a redirect to AD FS and back where it has a page', async () => {
    const { records, exchanges } = await managedFleet('  - { name: adfs, count: 1, accounts: { kind: passive } }');
    expect(ends(records)).toEqual(['succeeded']);
    expect(operations(exchanges, 'login', 'federation').slice(3, 9)).toEqual([
      'login realm',
      'login realm',
      'federation sign-in-page',
      'federation sign-in',
      'login federated-return',
      'login token',
    ]);
  });

  it('is an assertion of AD FS by WS-Trust where it has none', async () => {
    const { records, exchanges } = await managedFleet('  - { name: adfs, count: 1, accounts: { kind: ws-trust } }');
    expect(ends(records)).toEqual(['succeeded']);
    expect(operations(exchanges, 'login', 'federation').slice(3, 8)).toEqual([
      'login realm',
      'login realm',
      'federation metadata',
      'federation ws-trust',
      'login token',
    ]);
  });

  it('asks for a second factor, managed or federated, and takes no for an answer', async () => {
    const { exchanges } = await managedFleet('  - { name: approved, count: 1, accounts: { multifactor: true } }');
    const { records } = await managedFleet(`
  - { name: approved, count: 1, accounts: { multifactor: true }, people: { multifactor: 40 s } }
  - { name: federated, count: 1, accounts: { kind: passive, multifactor: true }, people: { multifactor: 40 s } }
  - { name: denied, count: 1, accounts: { multifactor: true, traits: { multifactor-denied: 100% } } }
  - { name: no-page, count: 1, accounts: { kind: ws-trust, multifactor: true } }`);
    expect(ends(records)).toEqual(['succeeded', 'succeeded', 'sign-in 500121', 'sign-in 50076']);
    expect(operations(exchanges, 'login').slice(4, 10)).toEqual([
      'login sign-in',
      'login multifactor',
      'login multifactor',
      'login multifactor',
      'login multifactor',
      'login token',
    ]);
    expect(
      personMs(
        records.find(({ cohort }) => cohort === 0),
        'sign-in',
      ),
    ).toBe(42 * SECOND_MS);
  });

  it('has the number that an administrator would see for what is wrong with an account', async () => {
    const trait = (name: string, kind = 'managed'): string =>
      `\n  - { name: ${name}-${kind}, count: 1, accounts: { kind: ${kind}, traits: { ${name}: 100% } } }`;
    const { records } = await managedFleet(
      trait('locked') +
        trait('disabled') +
        trait('blocked') +
        trait('locked', 'passive') +
        trait('disabled', 'ws-trust') +
        trait('blocked', 'passive') +
        trait('blocked', 'ws-trust') +
        trait('not-in-mdm-scope'),
      { tenant: '{ mdm: { scope: selected } }' },
    );
    expect(ends(records)).toEqual([
      'sign-in 50053',
      'sign-in 50057',
      'sign-in 53003',
      // AD FS does not say why.
      'sign-in 50126',
      'sign-in 50126',
      'sign-in 53003',
      'sign-in 53003',
      expect.stringMatching(/^(entra-join|mdm-enroll) /),
    ]);
  });

  it('takes a new password for an expired one', async () => {
    const { records, exchanges } = await managedFleet(
      '  - { name: old, count: 1, accounts: { traits: { password-expired: 100% } }, people: { new-password: 70 s } }',
    );
    expect(ends(records)).toEqual(['succeeded']);
    expect(personMs(records[0], 'sign-in')).toBe(72 * SECOND_MS);
    expect(operations(exchanges, 'login').filter((name) => name === 'login sign-in')).toHaveLength(2);
    expect(JSON.stringify(exchanges).includes('-renewed')).toBe(false);
  });

  it('is tried again by who mistypes the password, until the account is locked', async () => {
    const { records, frame } = await managedFleet(`
  - { name: clumsy, count: 12, mistakes: { mistypedPassword: 40% } }
  - { name: hopeless, count: 1, mistakes: { mistypedPassword: 100% } }`);
    expect(ends(records)).toEqual([...Array.from({ length: 12 }, () => 'succeeded'), 'sign-in 50053']);
    const soft = counted(frame, 'flotilla_step_soft_failures_total')['sign-in 50126'];
    expect(soft).toBeGreaterThan(10);
    const hopeless = records.find(({ outcome }) => outcome === 'failed');
    expect(personMs(hopeless, 'sign-in')).toBe(12 * SECOND_MS);
  });

  it('cannot be reached where AD FS is not there', async () => {
    const { records } = await managedFleet(
      `
  - { name: redirected, count: 1, accounts: { kind: passive } }
  - { name: trusting, count: 1, accounts: { kind: ws-trust } }`,
      { faults: '[{ fault: unavailable, service: federation }]' },
    );
    expect(ends(records)).toEqual(['sign-in OOBEIDPS', 'sign-in OOBEIDPS']);
  });
});

describe('row 9: signed in to Windows', () => {
  const RESTARTED = 'esp: { device: { policies: 3, restartPolicies: 1 }, user: { policies: 2 } }, restart: 1 min';

  it('with the credentials given before, or asked again after a restart: a primary refresh token', async () => {
    for (const [kind, wanted] of [
      ['managed', ['login realm', 'login nonce', 'login token', 'login token']],
      [
        'ws-trust',
        ['login realm', 'federation metadata', 'federation ws-trust', 'login nonce', 'login token', 'login token'],
      ],
      [
        'passive',
        ['login realm', 'federation metadata', 'federation ws-trust', 'login nonce', 'login token', 'login token'],
      ],
    ] as const) {
      const { records, exchanges } = await managedFleet(
        `  - { name: again, count: 1, accounts: { kind: ${kind} }, people: { windows-sign-in: 50 s }, ${RESTARTED} }`,
      );
      expect(ends(records), kind).toEqual(['succeeded']);
      expect(personMs(records[0], 'windows-sign-in')).toBe(50 * SECOND_MS);
      const joined = exchanges.findIndex(({ operation }) => operation === 'request-security-token');
      expect(operations(exchanges.slice(joined), 'login', 'federation'), kind).toEqual(wanted);
    }
    const { records, exchanges } = await managedFleet(
      '  - { name: kept, count: 1, esp: { device: { policies: 3 }, user: { policies: 2 } } }',
    );
    expect(personMs(records[0], 'windows-sign-in')).toBe(0);
    expect(operations(exchanges, 'login')).not.toContain('login nonce');
  });

  it('with the new password of a user whose old one had expired, mistyped or not', async () => {
    const { records } = await managedFleet(
      `  - { name: renewed, count: 4, accounts: { traits: { password-expired: 100% } }, mistakes: { mistypedPassword: 30% }, ${RESTARTED} }`,
    );
    expect(ends(records)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  });

  it('and Windows Hello asks for a second factor unless the one of the sign-in is young', async () => {
    const hello = 'windowsHello: true, esp: { device: { policies: 3 }, user: { policies: 2 } }';
    for (const [accounts, restarted, asked] of [
      ['{}', false, true],
      ['{ multifactor: true }', false, false],
      ['{ kind: ws-trust }', true, true],
    ] as const) {
      const esp = restarted ? hello.replace('policies: 3', 'policies: 3, restartPolicies: 1') : hello;
      const { records, frame, exchanges } = await managedFleet(
        `  - { name: hello, count: 1, accounts: ${accounts}, people: { multifactor: 20 s }, ${esp} }`,
      );
      expect(ends(records)).toEqual(['succeeded']);
      expect(counted(frame, 'flotilla_step_soft_failures_total'), accounts).toEqual({});
      expect(operations(exchanges, 'join'), accounts).toContain('join key');
      expect(personMs(records[0], 'windows-hello') > 20 * SECOND_MS, accounts).toBe(asked);
    }
  });

  it('keeps secrets out of the trace of all this', async () => {
    const { exchanges } = await managedFleet(
      `  - { name: traced, count: 1, accounts: { kind: ws-trust, traits: {} }, windowsHello: true, ${RESTARTED} }`,
    );
    const text = JSON.stringify(exchanges);
    // The tenant's password, tokens, what AD FS signed, and the key of the session.
    const secrets = [/Simulated-[0-9a-f]/, /eyJ[\w-]{20,}\./, /SignatureValue/, /session_key_jwe[\\":]+[^\\":*]/];
    expect(secrets.filter((secret) => secret.test(text))).toEqual([]);
    expect(text).toContain('grant_type=srv_challenge');
  });
});

describe('row 29: the assigned user', () => {
  const assigned = (name: string, kind: string): string =>
    `\n  - { name: ${name}, count: 2, registration: { assignUser: true }, accounts: { kind: ${kind} }, mistakes: { otherUser: 100% } }`;

  it('is held to with a managed account, where only the password is asked for', async () => {
    const { records, exchanges } = await managedFleet(assigned('managed', 'managed'));
    expect(ends(records)).toEqual(['succeeded', 'succeeded']);
    expect(
      personMs(
        records.find(({ cohort }) => cohort === 0),
        'sign-in',
      ),
    ).toBe(1 * SECOND_MS);
    const authorize = exchanges.find(({ operation }) => operation === 'authorize');
    expect(authorize?.url).toContain('login_hint=user0%40');
    expect(authorize?.url).toContain('ztd_tenant=');
    expect(joinedBy(exchanges)).toBe('user0');
  });

  it.each(['passive', 'ws-trust'])('is not with AD FS (%s): somebody else signs in', async (kind) => {
    const { records, exchanges } = await managedFleet(assigned('adfs', kind));
    expect(ends(records)).toEqual(['succeeded', 'succeeded']);
    expect(
      personMs(
        records.find(({ cohort }) => cohort === 0),
        'sign-in',
      ),
    ).toBe(2 * SECOND_MS);
    expect(joinedBy(exchanges)).toBe('user1');
  });
});
