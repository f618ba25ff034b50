import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import { AUTHORIZATION, accountsTenant, Browser, hiddenFields, shows, textOf } from '../fixtures/browser.ts';

const LOGIN = 'user3@flotilla.example';
const PASSWORD = 'Correct-Horse-9';
const AUTOPILOT = { ztd_tenant: 'flotilla.example' };

describe('the assigned user', () => {
  it('is filled in and held to, where an Autopilot device names tenant and user', () => {
    const browser = new Browser(accountsTenant({}).tenant);
    const page = browser.authorize({ ...AUTOPILOT, login_hint: LOGIN });
    expect(textOf(page)).toContain(`value="${LOGIN}" readonly>`);
    expect(shows(browser.submit(page, { login: 'user4@flotilla.example', passwd: PASSWORD }))).toBe('50020');
    expect(shows(browser.submit(page, { login: LOGIN.toUpperCase(), passwd: PASSWORD }))).toBe('code');
  });

  it('is only a hint to anybody else, and with AD FS', () => {
    const browser = new Browser(accountsTenant({}).tenant);
    const page = browser.authorize({ login_hint: LOGIN });
    expect(textOf(page)).toContain(`value="${LOGIN}">`);
    expect(shows(browser.submit(page, { login: 'user4@flotilla.example', passwd: PASSWORD }))).toBe('code');
    const federated = new Browser(accountsTenant({ kind: 'passive' }).tenant);
    const hinted = federated.authorize({ ...AUTOPILOT, login_hint: 'user3@federated.flotilla.example' });
    expect(textOf(hinted)).not.toContain('readonly');
    const other = federated.submit(hinted, { login: 'user4@federated.flotilla.example', passwd: 'x' });
    expect(shows(other)).toBe('federation.test');
  });
});

describe('an expired password', () => {
  it('is asked for anew, and the new one leads on', () => {
    const { tenant } = accountsTenant({ traits: { 'password-expired': 1 } });
    const browser = new Browser(tenant);
    const page = browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD });
    expect([shows(page), textOf(page).includes('id="new-password"')]).toEqual(['50055', true]);
    const same = browser.submit(page, { newpasswd: PASSWORD, confirmnewpasswd: PASSWORD });
    expect(shows(same)).toBe('50055');
    expect(shows(browser.submit(page, { newpasswd: 'New-1', confirmnewpasswd: 'New-2' }))).toBe('50055');
    expect(shows(browser.submit(page, { newpasswd: 'New-1', confirmnewpasswd: 'New-1' }))).toBe('code');
    expect(shows(browser.submit(browser.authorize(), { login: LOGIN, passwd: 'New-1' }))).toBe('code');
  });

  it('needs the flow that the right password began, in time and for this request', async () => {
    const { tenant, clock } = accountsTenant({ traits: { 'password-expired': 1 } });
    const browser = new Browser(tenant);
    const page = browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD });
    const typed = { newpasswd: 'New-1', confirmnewpasswd: 'New-1' };
    expect(shows(browser.submit(page, { ...typed, flowToken: 'x' }))).toBe('16000');
    const other = browser.submit(browser.authorize({ state: 'other' }), { login: LOGIN, passwd: PASSWORD });
    expect(shows(browser.submit(page, { ...typed, ctx: hiddenFields(other)['ctx']! }))).toBe('16000');
    await clock.advance(15 * MINUTE_MS);
    expect(shows(browser.submit(page, typed))).toBe('16000');
  });
});

describe('conditional access', () => {
  it('refuses at every door', () => {
    const { tenant } = accountsTenant({ traits: { blocked: 1 } });
    const browser = new Browser(tenant);
    expect(shows(browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD }))).toBe('53003');
    const { client_id, resource } = AUTHORIZATION;
    const form = { grant_type: 'password', username: LOGIN, password: PASSWORD, client_id, resource };
    const reply = browser.post('/common/oauth2/token', new URLSearchParams(form).toString());
    expect(JSON.parse(textOf(reply))).toMatchObject({ error_codes: [53003] });
  });
});

it('tells nobody outside the scope of the MDM where it is', () => {
  for (const [scope, trait, told] of [
    ['all', true, true],
    ['selected', false, true],
    ['selected', true, false],
    ['none', false, false],
  ] as const) {
    const enrollment = { scope, minimumOsVersion: null };
    const { tenant } = accountsTenant({ traits: trait ? { 'not-in-mdm-scope': 1 } : {} }, { enrollment });
    const { client_id, resource } = AUTHORIZATION;
    const form = { grant_type: 'password', username: LOGIN, password: PASSWORD, client_id, resource };
    const reply = new Browser(tenant).post('/common/oauth2/token', new URLSearchParams(form).toString());
    const { id_token } = JSON.parse(textOf(reply)) as { id_token: string };
    const claims = Buffer.from(id_token.split('.')[1]!, 'base64url').toString();
    expect(claims.includes('mdm_enrollment_url'), scope).toBe(told);
  }
});
