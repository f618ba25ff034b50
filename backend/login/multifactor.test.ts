import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import { AUTHORIZATION, accountsTenant, Browser, hiddenFields, shows, textOf } from '../fixtures/browser.ts';
import type { Reply } from '../http/message.ts';

const LOGIN = 'user3@flotilla.example';
const PASSWORD = 'Correct-Horse-9';

/** One call of the page's script; the flow token goes from answer to answer. */
function step(browser: Browser, page: Reply, method: 'BeginAuth' | 'EndAuth', token: string): Record<string, unknown> {
  const body = {
    Method: method,
    AuthMethodId: 'PhoneAppNotification',
    Ctx: hiddenFields(page)['request'],
    FlowToken: token,
  };
  const reply = browser.post(`/common/SAS/${method}`, JSON.stringify(body), 'application/json');
  return { status: reply.status, ...(JSON.parse(textOf(reply)) as Record<string, unknown>) };
}

function approved(browser: Browser, page: Reply): string {
  let token = hiddenFields(page)['flowToken']!;
  for (const method of ['BeginAuth', 'EndAuth', 'EndAuth'] as const) {
    token = String(step(browser, page, method, token)['FlowToken']);
  }
  return token;
}

function tokens(browser: Browser, fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const form = new URLSearchParams({ client_id: AUTHORIZATION.client_id, ...fields });
  return JSON.parse(textOf(browser.post('/common/oauth2/token', form.toString()))) as Record<string, unknown>;
}

function codeOf(reply: Reply): string {
  return new URL(reply.headers?.['location'] ?? 'none:').searchParams.get('code') ?? '';
}

function methods(token: unknown): unknown {
  return (JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString()) as { amr: unknown }).amr;
}

describe('the second factor', () => {
  it('is begun, polled and then let in, and the tokens say so', () => {
    const browser = new Browser(accountsTenant({ multifactor: true }).tenant);
    const page = browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD });
    expect(shows(page)).toBe('multifactor');
    const begun = step(browser, page, 'BeginAuth', hiddenFields(page)['flowToken']!);
    expect(begun).toMatchObject({ status: 200, Success: true, ResultValue: 'Success' });
    const first = step(browser, page, 'EndAuth', String(begun['FlowToken']));
    expect(first).toMatchObject({ Success: false, ResultValue: 'AuthenticationPending', Retry: true });
    const second = step(browser, page, 'EndAuth', String(first['FlowToken']));
    expect(second).toMatchObject({ Success: true, ErrCode: 0 });
    const done = browser.submit(page, { flowToken: String(second['FlowToken']) });
    expect(shows(done)).toBe('code');
    const redeemed = tokens(browser, {
      grant_type: 'authorization_code',
      code: codeOf(done),
      redirect_uri: AUTHORIZATION.redirect_uri,
    });
    expect(methods(redeemed['access_token'])).toEqual(['pwd', 'mfa']);
  });

  it('cannot be left out or taken from another sign-in', async () => {
    const { tenant, clock } = accountsTenant({ multifactor: true });
    const browser = new Browser(tenant);
    const page = browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD });
    expect(shows(browser.submit(page))).toBe('500121');
    const begun = step(browser, page, 'BeginAuth', hiddenFields(page)['flowToken']!);
    expect(shows(browser.submit(page, { flowToken: String(begun['FlowToken']) }))).toBe('500121');
    expect(step(browser, page, 'BeginAuth', String(begun['FlowToken']))).toMatchObject({ status: 400 });
    expect(step(browser, page, 'EndAuth', hiddenFields(page)['flowToken']!)).toMatchObject({ status: 400 });
    const token = approved(browser, page);
    const other = browser.submit(browser.authorize({ state: 'other' }), { login: LOGIN, passwd: PASSWORD });
    expect(shows(browser.submit(other, { flowToken: token }))).toBe('500121');
    await clock.advance(15 * MINUTE_MS);
    expect(shows(browser.submit(page, { flowToken: token }))).toBe('500121');
  });

  it('may be denied', () => {
    const browser = new Browser(accountsTenant({ multifactor: true, traits: { 'multifactor-denied': 1 } }).tenant);
    const page = browser.submit(browser.authorize(), { login: LOGIN, passwd: PASSWORD });
    let token = hiddenFields(page)['flowToken']!;
    let last: Record<string, unknown> = {};
    for (const method of ['BeginAuth', 'EndAuth', 'EndAuth'] as const) {
      last = step(browser, page, method, token);
      token = String(last['FlowToken']);
    }
    expect(last).toMatchObject({ Success: false, ResultValue: 'PhoneAppDenied', Retry: false, ErrCode: 500121 });
    expect(shows(browser.submit(page, { flowToken: token }))).toBe('500121');
  });

  it('is not given without a page', () => {
    const browser = new Browser(accountsTenant({ multifactor: true }).tenant);
    const { resource } = AUTHORIZATION;
    const refused = tokens(browser, { grant_type: 'password', username: LOGIN, password: PASSWORD, resource });
    expect(refused).toMatchObject({ error: 'interaction_required', error_codes: [50076] });
  });
});

describe('a token for the key of Windows Hello', () => {
  const HELLO = { amr_values: 'ngcmfa' };

  it('needs a second factor of the last ten minutes, which a page asks for alone', async () => {
    const { tenant, clock } = accountsTenant({});
    const browser = new Browser(tenant);
    const { resource, redirect_uri } = AUTHORIZATION;
    const first = tokens(browser, { grant_type: 'password', username: LOGIN, password: PASSWORD, resource });
    const refreshToken = String(first['refresh_token']);
    tenant.sessions.bindDevice('0', 'device-1');
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken, resource, ...HELLO };
    expect(tokens(browser, refresh)).toMatchObject({ error_codes: [50076] });

    const page = browser.authorize(HELLO, { 'x-ms-refreshtokencredential': refreshToken });
    expect(shows(page)).toBe('multifactor');
    const done = browser.submit(page, { flowToken: approved(browser, page) });
    const redeem = { grant_type: 'authorization_code', code: codeOf(done), redirect_uri, ...HELLO };
    const redeemed = tokens(browser, redeem);
    expect(methods(redeemed['access_token'])).toEqual(['pwd', 'mfa', 'ngcmfa']);
    const claims = Buffer.from(String(redeemed['access_token']).split('.')[1]!, 'base64url').toString();
    expect(claims).toContain('"deviceid":"device-1"');

    const again = { ...refresh, refresh_token: String(redeemed['refresh_token']) };
    await clock.advance(10 * MINUTE_MS - 1);
    expect(methods(tokens(browser, again)['access_token'])).toEqual(['pwd', 'mfa', 'ngcmfa']);
    await clock.advance(1);
    expect(tokens(browser, again)).toMatchObject({ error_codes: [50076] });
    // For anything else it is as good as ever.
    expect(methods(tokens(browser, { ...again, amr_values: '' })['access_token'])).toEqual(['pwd', 'mfa']);
  });

  it('is not given for a credential that nobody has', () => {
    const browser = new Browser(accountsTenant({}).tenant);
    expect(shows(browser.authorize(HELLO, { 'x-ms-refreshtokencredential': 'x.y' }))).toBe('sign-in');
  });
});
