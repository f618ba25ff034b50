// Every service's client against scripted replies: what it sends, and which failure an administrator would see. Success on the wire
// is the end-to-end tests' business.
import { describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import { writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { deviceIdentity, registrationRow } from '../identity/device-identity.ts';
import { downloadContent } from './apps.ts';
import { probeConnectivity } from './connectivity.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import { discoverRealm, openSignInPage, redeemCode, refreshAccessToken, submitCredentials } from './login.ts';
import type { SignInPage } from './login.ts';
import { sendManagementMessage } from './management.ts';
import { downloadProfile, getDeviceToken } from './profile.ts';
import { importDevices } from './registration.ts';
import { checkUpdates, downloadUpdate } from './updates.ts';

const EPOCH_MS = 1_767_225_600_000;
const IDENTITY = deviceIdentity('services test', 0, DEVICE_MODELS['simbook-15'], EPOCH_MS);

describe('connectivity', () => {
  it('wants the exact text: a captive portal is no network', async () => {
    expect(codeOf(await probeConnectivity(scripted({ body: 'Microsoft Connect Test' }).network))).toBe('ok');
    expect(codeOf(await probeConnectivity(scripted({ body: '<html>Log in to our Wi-Fi' }).network))).toBe('no-network');
    expect(codeOf(await probeConnectivity(scripted({ status: 302 }).network))).toBe('no-network');
  });
});

describe('profile', () => {
  it('is refused a token where the credential is', async () => {
    const refused = '<DeviceAddResponse Success="false"><Error Code="dc"/></DeviceAddResponse>';
    expect(codeOf(await getDeviceToken(scripted({ body: refused }).network, IDENTITY))).toBe('device-token-refused');
    const added = '<DeviceAddResponse Success="true"><puid>0018</puid><HWDeviceID>x</HWDeviceID></DeviceAddResponse>';
    const fault = writeSoapFault({ subcode: 'Authentication', reason: 'no' });
    const { network, sent } = scripted({ body: added }, { status: 500, body: fault });
    expect(codeOf(await getDeviceToken(network, IDENTITY))).toBe('device-token-refused');
    expect(sent.map(({ operation }) => operation)).toEqual(['device-add', 'device-token']);
    expect(String(sent[0]?.body)).toContain(Buffer.from(IDENTITY.serialNumber).toString('base64'));
  });

  it.each([
    [404, '{"code":807,"name":"ZtdDeviceIsNotRegistered"}', '807'],
    [404, '{"code":809,"name":"ZtdDeviceHasNoAssignedProfile"}', '809'],
    [404, '{"code":815,"name":"ZtdDeviceHasNoAssignedProfile"}', '815'],
    [404, '{"code":908,"name":"SerialNumberMismatch"}', '908'],
    [404, '{"code":999,"name":"New"}', 'reply-unexpected'],
    [404, '<html>', 'reply-malformed'],
    [401, '', 'device-token-refused'],
    [500, '', 'reply-unexpected'],
    [200, '{"ZtdRegistrationId":1}', 'reply-malformed'],
    [200, '{}', 'ok'],
  ])('takes status %i with %s for %s', async (status, body, code) => {
    const { network, sent } = scripted({ status, body });
    expect(codeOf(await downloadProfile(network, 'ticket'))).toBe(code);
    expect(sent[0]?.headers?.['x-device-token']).toBe('ticket');
  });
});

describe('updates', () => {
  const CHECK = { kind: 'critical', deviceToken: 't', osVersion: '10.0.1.2' } as const;

  it('reads what there is to install', async () => {
    const body =
      '{"updates":[{"id":"1","title":"t","url":"https://u/1","sizeBytes":5,"sha256":"AB12","restart":true}]}';
    const found = await checkUpdates(scripted({ body }).network, CHECK);
    expect(found).toEqual(
      ok([{ id: '1', title: 't', url: 'https://u/1', sizeBytes: 5, sha256: 'AB12', restart: true }]),
    );
    const update = found.ok ? found.value[0]! : expect.unreachable();
    expect(codeOf(await downloadUpdate(scripted().network, update, () => {}))).toBe('ok');
    expect(codeOf(await downloadUpdate(scripted().network, { ...update, sha256: 'ff' }, () => {}))).toBe(
      'reply-malformed',
    );
  });

  it.each([['{"updates":{}}'], ['{"updates":[{"id":"1"}]}'], ['nonsense']])('refuses %s', async (body) => {
    const found = await checkUpdates(scripted({ body }).network, CHECK);
    expect(codeOf(found)).toBe('reply-malformed');
  });
});

describe('login', () => {
  const configuration = JSON.stringify({
    issuer: 'https://sts.example/t',
    authorization_endpoint: 'https://sts.example/t/authorize',
    token_endpoint: 'https://sts.example/t/token',
    jwks_uri: 'https://sts.example/t/keys',
  });
  const form =
    '<form action="/t/login"><input type="hidden" name="ctx" value="c"><input name="login"><input type="password" name="passwd"></form>';

  async function page(): Promise<SignInPage> {
    const html = `<img id="logo" src="/logo.svg"><h1 id="tenant-name">Example</h1>${form}<p id="sign-in-text">Hello</p>`;
    const { network } = scripted({ body: configuration }, { body: html }, {});
    const opened = await openSignInPage(network, { tenantDomain: 'example.test', stream: new RandomStream('page') });
    return opened.ok ? opened.value : expect.unreachable();
  }

  it('opens the page that discovery names, with the tenant and a PKCE challenge, and its logo', async () => {
    const html = `<img id="logo" src="/logo.svg"><h1 id="tenant-name">Example</h1>${form}<p id="sign-in-text">Hello</p>`;
    const { network, sent } = scripted({ body: configuration }, { body: html }, {});
    const opened = await openSignInPage(network, { tenantDomain: 'example.test', stream: new RandomStream('page') });
    expect(opened).toMatchObject({ ok: true, value: { tenantName: 'Example', text: 'Hello' } });
    expect(sent.map(({ target }) => target.split('?')[0])).toEqual([
      '/example.test/.well-known/openid-configuration',
      'https://sts.example/t/authorize',
      'https://sts.example/logo.svg',
    ]);
    const query = new URLSearchParams(sent[1]?.target.split('?')[1]);
    expect(query.get('ztd_tenant')).toBe('example.test');
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(sent[0]?.headers?.['client-request-id']).toBe(sent[0]?.headers?.['cxh-correlationId']);
  });

  it('knows an account that nobody has', async () => {
    const realm = (type: string) => scripted({ body: JSON.stringify({ ver: '1.0', account_type: type }) }).network;
    expect(await discoverRealm(realm('Managed'), 'u@x')).toEqual(ok('managed'));
    expect(codeOf(await discoverRealm(realm('Unknown'), 'u@x'))).toBe('50034');
  });

  it('fills in the form and takes the code only for its own state', async () => {
    const opened = await page();
    const redirect = (location: string) => scripted({ status: 302, headers: ['location', location] });
    const good = redirect(`ms-aadj-redir://auth/drs?code=abc&state=${opened.state}`);
    const person = { userName: 'u@x', password: 'p&w' };
    expect(await submitCredentials(good.network, opened, person)).toEqual(ok('abc'));
    expect(good.sent[0]).toMatchObject({
      target: 'https://sts.example/t/login',
      body: 'ctx=c&login=u%40x&passwd=p%26w',
    });
    const stale = redirect('ms-aadj-redir://auth/drs?code=abc&state=other');
    expect(codeOf(await submitCredentials(stale.network, opened, person))).toBe('0x80004005');
    const elsewhere = redirect('https://evil.example/?code=abc');
    expect(codeOf(await submitCredentials(elsewhere.network, opened, person))).toBe('reply-unexpected');
  });

  it.each([
    ['50126', '50126'],
    ['50034', '50034'],
    ['99999', 'reply-unexpected'],
  ])('takes a page with error %s for %s', async (number, code) => {
    const body = `${form}<div id="error" data-code="${number}">AADSTS${number}: no</div>`;
    const result = await submitCredentials(scripted({ body }).network, await page(), { userName: 'u', password: 'p' });
    expect(codeOf(result)).toBe(code);
  });

  const token = (claims: object): string =>
    `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const tokens = (more: object): string =>
    JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: 'a', ...more });
  const claims = { upn: 'u@x', sid: 'S-1', tid: 't', tenant_display_name: 'T' };

  it('wants an id_token of three parts with the four claims', async () => {
    const redeem = async (body: string) => redeemCode(scripted({ body }).network, await page(), 'code');
    const good = await redeem(
      tokens({ refresh_token: 'r', id_token: token({ ...claims, mdm_enrollment_url: 'https://m/' }) }),
    );
    expect(good).toMatchObject({
      ok: true,
      value: {
        accessToken: 'a',
        claims: { upn: 'u@x', tid: 't', tenantDisplayName: 'T', mdmEnrollmentUrl: 'https://m/' },
      },
    });
    expect(codeOf(await redeem(tokens({ refresh_token: 'r' })))).toBe('0x80004005');
    expect(codeOf(await redeem(tokens({ refresh_token: 'r', id_token: 'two.parts' })))).toBe('0x80004005');
    const { sid: _sid, ...incomplete } = claims;
    expect(codeOf(await redeem(tokens({ refresh_token: 'r', id_token: token(incomplete) })))).toBe('0x80004005');
  });

  it('takes the errors of the token endpoint by their numbers, and a new refresh token when there is one', async () => {
    const session = { tokenEndpoint: 'https://sts.example/t/token', refreshToken: 'old' };
    const refused = (error: object) => scripted({ status: 400, body: JSON.stringify(error) }).network;
    const expired = refused({ error: 'invalid_grant', error_description: 'AADSTS70000: no', error_codes: [70000] });
    expect(codeOf(await refreshAccessToken(expired, session, 'mdm'))).toBe('70000');
    expect(codeOf(await refreshAccessToken(refused({ error: 'invalid_grant' }), session, 'mdm'))).toBe('70000');
    expect(codeOf(await refreshAccessToken(refused({ error: 'server_error' }), session, 'mdm'))).toBe(
      'reply-unexpected',
    );
    const { network, sent } = scripted({ body: tokens({ refresh_token: 'new' }) });
    expect(await refreshAccessToken(network, session, 'mdm')).toEqual(ok('a'));
    expect(String(sent[0]?.body)).toContain('refresh_token=old');
    expect(session.refreshToken).toBe('new');
  });
});

describe('management', () => {
  const endpoint = { address: 'https://mdm.example/omadm', providerId: 'p' };

  it('sends SyncML to the address of the provisioning document, with the user when there is one', async () => {
    const { network, sent } = scripted({ body: '<SyncML/>' }, { body: '<SyncML/>' });
    expect(await sendManagementMessage(network, endpoint, '<x/>')).toEqual(ok('<SyncML/>'));
    await sendManagementMessage(network, endpoint, '<x/>', 'token');
    expect(sent[0]?.headers).not.toHaveProperty('Authorization');
    expect(sent[1]).toMatchObject({ target: endpoint.address, headers: { Authorization: 'Bearer token' } });
  });

  it.each([
    [403, 'management-refused'],
    [401, 'management-refused'],
    [500, 'reply-unexpected'],
  ])('takes status %i for %s', async (status, code) => {
    expect(codeOf(await sendManagementMessage(scripted({ status }).network, endpoint, '<x/>'))).toBe(code);
  });
});

describe('apps', () => {
  it('checks the hash of the content', async () => {
    expect(await downloadContent(scripted().network, 'http://a/', { sha256Hex: 'AB12' })).toEqual(ok({ bytes: 3 }));
    expect(codeOf(await downloadContent(scripted().network, 'http://a/', { sha256Hex: '00' }))).toBe('0x87d1041c');
  });
});

describe('registration', () => {
  it('sends batches of one tag each, and gathers what was refused', async () => {
    const row = (index: number, groupTag: string) =>
      registrationRow(deviceIdentity('services test', index, DEVICE_MODELS['simbook-15'], EPOCH_MS), { groupTag });
    const refusal =
      '{"imported":1,"failed":1,"rows":[{"row":1,"serialNumber":"s","errorCode":806,"errorName":"ZtdDeviceAlreadyAssigned"}]}';
    const { network, sent } = scripted({ body: '{"imported":2,"failed":0,"rows":[]}' }, { body: refusal });
    const result = await importDevices(network, { token: 't', rows: [row(0, 'a b'), row(1, 'c'), row(2, 'a b')] });
    expect(result).toEqual(
      ok({ imported: 3, rejected: [{ serialNumber: 's', errorCode: 806, errorName: 'ZtdDeviceAlreadyAssigned' }] }),
    );
    expect(sent.map(({ target }) => target)).toEqual([
      '/registration/v1/devices?groupTag=a%20b',
      '/registration/v1/devices?groupTag=c',
    ]);
    expect(String(sent[0]?.body).trim().split('\n').length).toBe(3);
  });
});
