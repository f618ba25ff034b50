import { describe, expect, it } from 'vitest';
import { readSoap } from '../../protocol/enrollment/soap.ts';
import { assertionOf, parseTrustMetadata, writeTrustRequest } from '../../protocol/sign-in/ws-trust.ts';
import { AUTHORIZATION, accountsTenant, Browser, hiddenFields, shows, textOf } from '../fixtures/browser.ts';
import type { Reply } from '../http/message.ts';

const LOGIN = 'user3@federated.flotilla.example';
const PASSWORD = 'Correct-Horse-9';
const FEDERATION = 'https://federation.test';

function ask(
  browser: Browser,
  userName: string,
  password: string,
  appliesTo = 'urn:federation:MicrosoftOnline',
): Reply {
  const times = { created: '2026-01-01T00:00:00.000Z', expires: '2026-01-01T00:05:00.000Z' };
  const to = `${FEDERATION}/adfs/services/trust/13/usernamemixed`;
  const request = writeTrustRequest({ userName, password, appliesTo, ...times }, { messageId: 'urn:uuid:1', to });
  return browser.post(to, request, 'application/soap+xml; charset=utf-8');
}

function json(reply: Reply): Record<string, unknown> {
  return JSON.parse(textOf(reply)) as Record<string, unknown>;
}

describe('realm discovery', () => {
  it('says where a federated account signs in, and whether there is a page for it', () => {
    for (const kind of ['passive', 'ws-trust'] as const) {
      const browser = new Browser(accountsTenant({ kind }).tenant);
      const realm = json(browser.get(`/common/UserRealm/${LOGIN}?api-version=1.0`));
      expect(realm).toMatchObject({
        account_type: 'Federated',
        domain_name: 'federated.flotilla.example',
        federation_protocol: 'WSTrust',
        federation_metadata_url: `${FEDERATION}/adfs/services/trust/mex`,
        federation_active_auth_url: `${FEDERATION}/adfs/services/trust/13/usernamemixed`,
      });
      expect(json(browser.get(`/common/UserRealm/${LOGIN}?api-version=2.1`))).toMatchObject({
        NameSpaceType: 'Federated',
      });
      const asked = JSON.stringify({ Username: LOGIN, originalRequest: 'ctx' });
      const type = json(browser.post('/common/GetCredentialType', asked, 'application/json'));
      expect(type).toMatchObject({ IfExistsResult: 0, EstsProperties: { DomainType: 4 } });
      const { FederationRedirectUrl: url } = type['Credentials'] as { FederationRedirectUrl?: string };
      expect(url?.startsWith(`${FEDERATION}/adfs/ls/?`) ?? false).toBe(kind === 'passive');
      const wctx = url === undefined ? null : new URL(url).searchParams.get('wctx');
      expect(wctx).toBe(kind === 'passive' ? 'estsredirect=2&estsrequest=ctx' : null);
    }
  });
});

describe('WS-Trust', () => {
  const browser = new Browser(accountsTenant({ kind: 'ws-trust' }).tenant);

  it('gives an assertion for name and password, and the token endpoint tokens for it', () => {
    const metadata = parseTrustMetadata(textOf(browser.get(`${FEDERATION}/adfs/services/trust/mex`)));
    expect(metadata).toEqual({ ok: true, value: `${FEDERATION}/adfs/services/trust/13/usernamemixed` });
    const text = textOf(ask(browser, LOGIN, PASSWORD));
    const message = readSoap(text);
    const assertion = message.ok ? assertionOf(text, message.value.body) : undefined;
    const { client_id, resource } = AUTHORIZATION;
    const grant = (saml: string): Record<string, unknown> =>
      json(
        browser.post(
          '/common/oauth2/token',
          new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer',
            assertion: Buffer.from(saml).toString('base64url'),
            client_id,
            resource,
          }).toString(),
        ),
      );
    const { access_token } = grant(assertion!) as { access_token: string };
    const claims: unknown = JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ upn: LOGIN, amr: ['fed'] });
    expect(grant(assertion!.replaceAll('user3@', 'user4@'))).toMatchObject({ error_codes: [50013] });
  });

  it('tells nobody why there is none', () => {
    for (const reply of [ask(browser, LOGIN, 'wrong'), ask(browser, 'nobody@federated.flotilla.example', PASSWORD)]) {
      expect(reply.status).toBe(500);
      expect(reply.body).toContain('o:FailedAuthentication');
    }
    expect(ask(browser, LOGIN, PASSWORD, 'urn:other').status).toBe(500);
    expect(
      browser.post(`${FEDERATION}/adfs/services/trust/13/usernamemixed`, '<x/>', 'application/soap+xml').status,
    ).toBe(400);
  });
});

describe('the passive sign-in', () => {
  const { tenant } = accountsTenant({ kind: 'passive' });
  const browser = new Browser(tenant);
  const context = hiddenFields(browser.authorize())['ctx']!;
  const asked = JSON.stringify({ Username: LOGIN, originalRequest: context });
  const type = json(browser.post('/common/GetCredentialType', asked, 'application/json'));
  const page = browser.get((type['Credentials'] as { FederationRedirectUrl: string }).FederationRedirectUrl);

  function submitAt(form: Reply, userName: string, password: string): Reply {
    const action = /action="([^"]+)"/.exec(textOf(form))![1]!.replaceAll('&amp;', '&');
    return browser.post(
      `${FEDERATION}${action}`,
      new URLSearchParams({ UserName: userName, Password: password }).toString(),
    );
  }

  it('leads over the page of AD FS back to the code, whoever signs in there', () => {
    expect(textOf(page)).toContain(`name="UserName" autocomplete="username" value="${LOGIN}"`);
    const other = submitAt(page, 'user4@federated.flotilla.example', PASSWORD);
    expect(shows(other)).toBe('federated-return');
    expect(shows(browser.submit(other))).toBe('code');
    expect(tenant.sessions.find('0')).toMatchObject({ userIndex: 4, federated: true });
  });

  it('shows the form again for a wrong password', () => {
    const again = submitAt(page, LOGIN, 'wrong');
    expect(textOf(again)).toContain('id="errorText"');
    expect(shows(again)).toBe('loginForm');
    expect(shows(submitAt(again, LOGIN, PASSWORD))).toBe('federated-return');
  });

  it('does not lead back with an answer that was changed or is none', () => {
    const answer = submitAt(page, LOGIN, PASSWORD);
    const { wresult } = hiddenFields(answer);
    expect(shows(browser.submit(answer, { wresult: wresult!.replaceAll('user3@', 'user4@') }))).toBe('50013');
    expect(shows(browser.submit(answer, { wresult: '<x/>' }))).toBe('50008');
    expect(shows(browser.submit(answer, { wctx: 'estsrequest=x' }))).toBe('900144');
  });

  it('refuses other realms', () => {
    expect(browser.get(`${FEDERATION}/adfs/ls/?wa=wsignin1.0&wtrealm=urn:other`).status).toBe(400);
    expect(browser.get(`${FEDERATION}/adfs/ls/`).status).toBe(400);
  });
});
