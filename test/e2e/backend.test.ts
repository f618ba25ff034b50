// The embedded backend through the eyes of a foreign client: the whole way of a device, and what is refused on it.
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyOf, startProcess, targetOf, testTenant } from './backend-process.ts';
import type { BackendProcess } from './backend-process.ts';
import {
  certificatesOf,
  deviceTicketRequest,
  elementText,
  ForeignClient,
  hardware,
  hardwareHash,
  makeKey,
  pemOf,
  publicBlob,
} from './foreign-client.ts';
import type { ForeignReply } from './foreign-client.ts';
import * as walk from './foreign-walk.ts';
import type { Target } from './foreign-walk.ts';

const TENANT = testTenant();
let backend: BackendProcess;
let target: Target;
let client: ForeignClient;

beforeAll(async () => {
  backend = await startProcess({ tenant: TENANT });
  const ready = readyOf(backend);
  target = targetOf(ready, TENANT);
  client = new ForeignClient(ready.caPem);
});

afterAll(async () => {
  client.close();
  await backend.stop();
});

function parm(document: string, name: string): string {
  return new RegExp(`<parm name="${name}" value="([^"]*)"`).exec(document)?.[1] ?? '';
}

describe('the way of a device', () => {
  it('leads from the device token to the first management message over mutual TLS', async () => {
    const { enrollment } = target.services;
    const device = hardware(1);
    const imported = await walk.importDevice(client, target, device);
    expect([imported.status, imported.json()]).toEqual([200, { imported: 1, failed: 0, rows: [] }]);

    const probe = await client.send(`${target.services.connectivity}/connecttest.txt`);
    expect([probe.status, probe.text]).toEqual([200, 'Microsoft Connect Test']);

    const ticket = await walk.deviceToken(client, target, device);
    const profile = (await walk.profile(client, target, ticket)).json();
    expect(profile).toMatchObject({
      CloudAssignedTenantId: TENANT.tenantId,
      CloudAssignedTenantDomain: TENANT.domain,
      CloudAssignedDomainJoinMethod: 0,
      // Standard user, privacy, OEM registration and licence hidden, Windows upgrade skipped.
      CloudAssignedOobeConfig: 2 + 4 + 8 + 16 + 256 + 512,
    });

    const updates = await client.post(`${target.services.updates}/v1/check`, 'application/json', '{"osVersion":"10"}', {
      'x-device-token': ticket,
    });
    expect([updates.status, updates.json()]).toEqual([200, { updates: [] }]);

    const page = await walk.signInPage(client, target);
    expect(page.text).toContain(TENANT.displayName);
    expect(page.text).toContain(TENANT.signInText);
    const user = `user1@${TENANT.domain}`;
    const redirect = await walk.signIn(client, target, page, { user, password: TENANT.password });
    expect(redirect.status).toBe(302);
    expect(redirect.headers.location).toMatch(/^ms-aadj-redir:\/\/auth\/drs\?code=[^&]+&state=state-1$/);
    const tokens = (await walk.redeem(client, target, walk.codeOf(redirect))).json();
    const claims = walk.claimsOf(String(tokens['id_token']));
    expect(claims).toMatchObject({
      upn: user,
      tid: TENANT.tenantId,
      tenant_display_name: TENANT.displayName,
      mdm_enrollment_url: `${enrollment}/EnrollmentServer/Discovery.svc`,
      nonce: 'nonce-1',
    });
    expect(claims['sid']).toMatch(/^S-1-12-1(-\d+){4}$/);
    const refreshToken = String(tokens['refresh_token']);
    const before = await walk.refresh(client, target, refreshToken, walk.MDM);
    expect(walk.claimsOf(before)['deviceid']).toBeUndefined();

    const deviceKey = await makeKey();
    const reply = await walk.join(
      client,
      target,
      String(tokens['access_token']),
      await walk.joinBody(deviceKey, ticket),
    );
    expect(reply.status).toBe(200);
    const join = reply.json() as { Certificate: { Thumbprint: string; RawBody: string } };
    const deviceCertificate = new X509Certificate(pemOf(join.Certificate.RawBody));
    expect(deviceCertificate.subject).toBe(`CN=${String(profile['AadDeviceId'])}`);
    expect(deviceCertificate.fingerprint.replaceAll(':', '')).toBe(join.Certificate.Thumbprint);
    expect(reply.json()).toMatchObject({
      User: { Upn: user },
      MembershipChanges: [{ LocalSID: 'S-1-5-32-544', AddSIDs: [expect.any(String), expect.any(String)] }],
    });

    const token = await walk.refresh(client, target, refreshToken, walk.MDM);
    expect(walk.claimsOf(token)).toMatchObject({ aud: walk.MDM, deviceid: profile['AadDeviceId'] });
    const discovered = await walk.discover(client, String(claims['mdm_enrollment_url']));
    expect(elementText(discovered.text, 'AuthPolicy')).toBe('Federated');
    expect(elementText(discovered.text, 'RelatesTo')).toBe('urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478');
    const policy = await walk.policies(client, elementText(discovered.text, 'EnrollmentPolicyServiceUrl')!, token);
    expect(elementText(policy.text, 'minimalKeyLength')).toBe('2048');

    const mdmKey = await makeKey();
    const enrolled = await walk.requestSecurityToken(client, elementText(discovered.text, 'EnrollmentServiceUrl')!, {
      token,
      request: await mdmKey.request('CN=ConfigMgrEnroll'),
      context: { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) },
    });
    expect([enrolled.status, elementText(enrolled.text, 'Text')]).toEqual([200, undefined]);
    const document = walk.provisioningOf(enrolled);
    const [root = '', authority = '', issued = ''] = certificatesOf(document);
    const mdmCertificate = new X509Certificate(issued);
    expect(new X509Certificate(authority).verify(new X509Certificate(root).publicKey)).toBe(true);
    expect(mdmCertificate.verify(new X509Certificate(authority).publicKey)).toBe(true);
    const managedDeviceId = mdmCertificate.subject.replace('CN=', '');
    expect(parm(document, 'SSLCLIENTCERTSEARCHCRITERIA')).toBe(
      `Subject=CN%3D${managedDeviceId}&amp;Stores=My%5CSystem`,
    );

    const address = parm(document, 'ADDR');
    const managed = new ForeignClient(root, { cert: issued, key: mdmKey.pem });
    const session = await walk.manage(managed, address, walk.firstMessage(address, managedDeviceId));
    managed.close();
    expect(session.status).toBe(200);
    expect(session.headers['content-type']).toContain('application/vnd.syncml.dm+xml');
    expect(session.text).toContain('<SyncML');
    expect(session.text).toMatch(/<Status>.*<Cmd>SyncHdr<\/Cmd>/s);

    const health = await client.send(`${target.services.management}/healthz`);
    expect(health.json()).toMatchObject({ status: 'ok', counts: { registered: 1, joined: 1, enrolled: 1 } });
  });

  it('gives the same identities for the same seed, whoever comes first', async () => {
    const other = await startProcess({ tenant: TENANT });
    const ready = readyOf(other);
    const there = targetOf(ready, TENANT);
    const otherClient = new ForeignClient(ready.caPem);
    try {
      await walk.importDevice(client, target, hardware(50));
      await walk.importDevice(client, target, hardware(51));
      await walk.importDevice(otherClient, there, hardware(51));
      const here = await walk.profile(client, target, await walk.deviceToken(client, target, hardware(51)));
      const away = await walk.profile(otherClient, there, await walk.deviceToken(otherClient, there, hardware(51)));
      expect(away.json()).toEqual(here.json());
      expect(here.json()['ZtdRegistrationId']).toMatch(/^[0-9a-f-]{36}$/);
    } finally {
      otherClient.close();
      expect(await other.stop()).toBe(0);
    }
  });
});

describe('what is refused before the join', () => {
  it('registration: no token, a user token, a duplicate, a contradiction, a hash that is none', async () => {
    const url = `${target.services.registration}/registration/v1/devices`;
    expect((await client.post(url, 'text/csv', 'x')).status).toBe(401);
    const { accessToken } = await walk.signInAs(client, target, `user2@${TENANT.domain}`);
    expect((await client.post(url, 'text/csv', 'x', { authorization: `Bearer ${accessToken}` })).status).toBe(401);
    await walk.importDevice(client, target, hardware(2));
    const again = await walk.importDevice(client, target, hardware(2));
    expect(again.json()).toMatchObject({
      imported: 0,
      failed: 1,
      rows: [{ row: 1, serialNumber: 'FOREIGN-000002', errorCode: 806, errorName: 'ZtdDeviceAlreadyAssigned' }],
    });
    const admin = { authorization: `Bearer ${await walk.adminToken(client, target)}` };
    const header = 'Device Serial Number,Windows Product ID,Hardware Hash\n';
    const mismatch = await client.post(url, 'text/csv', `${header}OTHER,,${hardwareHash(hardware(3))}\n`, admin);
    expect(mismatch.json()).toMatchObject({ rows: [{ errorCode: 908, errorName: 'SerialNumberMismatch' }] });
    const nonsense = await client.post(url, 'text/csv', `${header}X,,AAAA\n`, admin);
    expect(nonsense.json()).toMatchObject({ rows: [{ errorName: 'InvalidHardwareHash' }] });
    const malformed = await client.post(url, 'text/csv', 'Serial,Hash\n', admin);
    expect(malformed.status).toBe(400);
  });

  it('the profile: a made-up token, 807 for a stranger, 908 for another board; the default one for an unknown group', async () => {
    expect((await walk.profile(client, target, 'made.up')).status).toBe(401);
    const stranger = await walk.profile(client, target, await walk.deviceToken(client, target, hardware(900)));
    expect([stranger.status, stranger.json()]).toEqual([
      404,
      { code: 807, name: 'ZtdDeviceIsNotRegistered', detail: expect.any(String) },
    ]);
    await walk.importDevice(client, target, hardware(901), 'no-such-group');
    const ungrouped = await walk.profile(client, target, await walk.deviceToken(client, target, hardware(901)));
    expect([ungrouped.status, ungrouped.json()['IsExplicitProfileAssignment']]).toEqual([200, false]);
    await walk.importDevice(client, target, hardware(902));
    const repaired = { ...hardware(903), serialNumber: hardware(902).serialNumber };
    const changed = await walk.profile(client, target, await walk.deviceToken(client, target, repaired));
    expect([changed.status, changed.json()['code']]).toEqual([404, 908]);
  });

  it('the device ticket: a wrong password is an Authentication fault', async () => {
    await walk.deviceToken(client, target, hardware(904));
    const body = deviceTicketRequest('02foreign-000904', 'wrong');
    const reply = await client.post(`${target.services.profile}/RST2.srf`, 'application/soap+xml', body);
    expect([reply.status, /<s:Value>(s:Auth\w+)/.exec(reply.text)?.[1]]).toEqual([500, 's:Authentication']);
  });

  it('sign-in: wrong password, unknown user, foreign redirect, unknown application, wrong tenant', async () => {
    const page = await walk.signInPage(client, target);
    const errorOf = (reply: ForeignReply): string | undefined => /data-code="(\d+)"/.exec(reply.text)?.[1];
    const user = `user3@${TENANT.domain}`;
    expect(errorOf(await walk.signIn(client, target, page, { user, password: 'wrong' }))).toBe('50126');
    const stranger = { user: 'nobody@elsewhere.example', password: TENANT.password };
    expect(errorOf(await walk.signIn(client, target, page, stranger))).toBe('50034');
    const authorize = `${target.services.login}/${TENANT.tenantId}/oauth2/authorize`;
    const common = `response_type=code&client_id=${walk.CLIENT_ID}`;
    const foreign = await client.send(`${authorize}?${common}&redirect_uri=https%3A%2F%2Fevil.example`);
    expect([foreign.status, errorOf(foreign)]).toEqual([400, '50011']);
    const unknown = await client.send(
      `${authorize}?response_type=code&client_id=00000000-0000-0000-0000-000000000001&redirect_uri=ms-aadj-redir%3A%2F%2Fauth%2Fdrs`,
    );
    expect(errorOf(unknown)).toBe('700016');
    const plain = await client.send(
      `${authorize}?${common}&redirect_uri=ms-aadj-redir%3A%2F%2Fauth%2Fdrs&code_challenge=x&code_challenge_method=plain`,
    );
    expect(plain.headers.location).toContain('error=invalid_request');
    const elsewhere = await client.send(`${target.services.login}/other.example/.well-known/openid-configuration`);
    expect([elsewhere.status, elsewhere.json()['error_codes']]).toEqual([400, [90002]]);
  });

  it('codes: good once, only with their verifier; refresh tokens only ours', async () => {
    const page = await walk.signInPage(client, target);
    const person = { user: `user4@${TENANT.domain}`, password: TENANT.password };
    const code = walk.codeOf(await walk.signIn(client, target, page, person));
    expect((await walk.redeem(client, target, code)).status).toBe(200);
    const twice = await walk.redeem(client, target, code);
    expect([twice.status, twice.json()]).toMatchObject([400, { error: 'invalid_grant', error_codes: [70000] }]);
    const second = walk.codeOf(await walk.signIn(client, target, page, person));
    const wrong = await walk.redeem(client, target, second, 'x'.repeat(43));
    expect(wrong.json()).toMatchObject({ error: 'invalid_grant', error_codes: [501481] });
    const forged = await client.form(`${target.services.login}/common/oauth2/v2.0/token`, {
      grant_type: 'refresh_token',
      client_id: walk.CLIENT_ID,
      refresh_token: 'MA.aaaaaaaaaaaaaaaaaaaaaa',
    });
    expect(forged.json()).toMatchObject({ error: 'invalid_grant', error_codes: [70000] });
    const secret = await client.form(target.admin.tokenUrl, {
      grant_type: 'client_credentials',
      client_id: target.admin.clientId,
      client_secret: 'wrong',
    });
    expect([secret.status, secret.json()['error']]).toEqual([401, 'invalid_client']);
  });

  it('signs tokens with the published key', async () => {
    const { signedIn } = await walk.joined(client, target, 40);
    const keys = await client.send(`${target.services.login}/common/discovery/v2.0/keys`);
    const [jwk] = keys.json()['keys'] as [Record<string, string>];
    const [header = '', payload = '', signature = ''] = signedIn.accessToken.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'RS256', kid: jwk['kid'] });
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });
});

describe('what is refused at the join', () => {
  it('tokens: none, of another audience, tampered with', async () => {
    const ticket = await walk.deviceToken(client, target, hardware(5));
    const body = await walk.joinBody(await makeKey(), ticket);
    const { accessToken, refreshToken } = await walk.signInAs(client, target, `user5@${TENANT.domain}`);
    const mdm = await walk.refresh(client, target, refreshToken, walk.MDM);
    const [header, , signature] = accessToken.split('.');
    const claims = { ...walk.claimsOf(accessToken), upn: `user6@${TENANT.domain}` };
    const tampered = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    for (const token of ['', 'x.y.z', mdm, tampered]) {
      const reply = await walk.join(client, target, token, body);
      expect([reply.status, reply.json()['ErrorType']]).toEqual([401, 'AuthenticationError']);
    }
  });

  it('requests: a signature of another key, a transport key that is none, a made-up device ticket', async () => {
    const ticket = await walk.deviceToken(client, target, hardware(6));
    const { accessToken } = await walk.signInAs(client, target, `user6@${TENANT.domain}`);
    const good = await walk.joinBody(await makeKey(), ticket);
    const data = Buffer.from((good['CertificateRequest'] as { Data: string }).Data, 'base64');
    data[data.length - 1]! ^= 1;
    const wrong: readonly Record<string, unknown>[] = [
      { ...good, CertificateRequest: { Type: 'pkcs10', Data: data.toString('base64') } },
      { ...good, CertificateRequest: { Type: 'pkcs10', Data: 'AAAA' } },
      { ...good, TransportKey: 'AAAA' },
      { ...good, TransportKey: publicBlob(Buffer.alloc(256)).slice(0, 40) },
      { ...good, JoinType: 6 },
      { ...good, Attributes: { 'MSA-DDID': Buffer.from('made.up').toString('base64') } },
    ];
    for (const body of wrong) {
      const reply = await walk.join(client, target, accessToken, body);
      expect([reply.status, reply.json()['ErrorType']]).toEqual([400, 'InvalidParameter']);
      expect(reply.json()['Message']).not.toBe('');
    }
  });
});

describe('what is refused at MDM enrollment', () => {
  it('answers each wrong thing with its fault', async () => {
    const { profile, signedIn } = await walk.joined(client, target, 7);
    const other = await walk.joined(client, target, 8);
    const enrollment = `${target.services.enrollment}/EnrollmentServer/Enrollment.svc`;
    const token = await walk.refresh(client, target, signedIn.refreshToken, walk.MDM);
    const otherToken = await walk.refresh(client, target, other.signedIn.refreshToken, walk.MDM);
    const unjoined = await walk.signInAs(client, target, `user9@${TENANT.domain}`);
    const unjoinedToken = await walk.refresh(client, target, unjoined.refreshToken, walk.MDM);
    const request = await (await makeKey()).request('CN=ConfigMgrEnroll');
    const broken = Buffer.from(request, 'base64');
    broken[broken.length - 1]! ^= 1;
    const context = { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) };
    const { ZeroTouchProvisioning: _without, ...noRegistration } = context;
    const cases: readonly [string, Parameters<typeof walk.requestSecurityToken>[2]][] = [
      ['a:InvalidSecurity', { request, context }],
      ['s:Authentication', { token: signedIn.accessToken, request, context }],
      ['s:Authentication', { token: unjoinedToken, request, context }],
      ['s:Authorization', { token: otherToken, request, context }],
      ['s:Authorization', { token, request, context: noRegistration }],
      ['s:Authorization', { token, request, context: { ...context, DeviceType: 'Toaster' } }],
      ['s:MessageFormat', { token, request, context: { ...context, EnrollmentType: 'Full' } }],
      ['s:MessageFormat', { token, request, context: { ...context, HWDevID: 'short' } }],
      ['s:CertificateRequest', { token, request: broken.toString('base64'), context }],
      ['s:CertificateRequest', { token, request: 'AAAA', context }],
    ];
    for (const [subcode, asked] of cases) {
      const reply = await walk.requestSecurityToken(client, enrollment, asked);
      expect([reply.status, /Subcode><s:Value>([^<]+)/.exec(reply.text)?.[1]]).toEqual([500, subcode]);
    }
    const text = await client.soap(enrollment, 'urn:other', '<x/>', token);
    expect(/Subcode><s:Value>([^<]+)/.exec(text.text)?.[1]).toBe('s:MessageFormat');
    const doctype = await client.post(enrollment, 'application/soap+xml', '<!DOCTYPE x><x/>');
    expect(doctype.status).toBe(500);
    expect((await client.post(enrollment, 'text/plain', 'x')).status).toBe(415);
    expect((await client.send(`${target.services.enrollment}/EnrollmentServer/Discovery.svc`)).text).toBe('');
  });

  it('wants the terms of use accepted by the same user, where the tenant has some', async () => {
    const tenant = testTenant({ termsOfUse: true });
    const other = await startProcess({ tenant });
    const ready = readyOf(other);
    const there = targetOf(ready, tenant);
    const visitor = new ForeignClient(ready.caPem);
    try {
      const device = hardware(10);
      await walk.importDevice(visitor, there, device);
      const ticket = await walk.deviceToken(visitor, there, device);
      const profile = (await walk.profile(visitor, there, ticket)).json();
      const signedIn = await walk.signInAs(visitor, there, `user10@${tenant.domain}`);
      const termsUrl = String(signedIn.claims['mdm_terms_of_use_url']);
      const redirect = 'redirect_uri=ms-appx-web%3A%2F%2Foobe&api-version=1.0&mode=azureadjoin';
      const bearer = {
        authorization: `Bearer ${await walk.refresh(visitor, there, signedIn.refreshToken, walk.MDM)}`,
      };
      const anonymous = await visitor.send(`${termsUrl}?${redirect}`);
      expect(anonymous.headers.location).toContain('error=unauthorized_client');
      expect(
        (await visitor.send(`${termsUrl}?redirect_uri=https%3A%2F%2Fevil.example`, { headers: bearer })).status,
      ).toBe(400);
      const page = await visitor.send(`${termsUrl}?${redirect}`, { headers: bearer });
      expect(page.text).toContain('method="post"');
      const accepted = await visitor.post(
        termsUrl,
        'application/x-www-form-urlencoded',
        `${redirect}&IsAccepted=true`,
        bearer,
      );
      expect(accepted.headers.location).toMatch(/^ms-appx-web:\/\/oobe\?IsAccepted=true&OpaqueBlob=.+/);
      const blob = new URL(accepted.headers.location!).searchParams.get('OpaqueBlob') ?? '';
      await walk.join(visitor, there, signedIn.accessToken, await walk.joinBody(await makeKey(), ticket));
      const token = await walk.refresh(visitor, there, signedIn.refreshToken, walk.MDM);
      const url = `${there.services.enrollment}/EnrollmentServer/Enrollment.svc`;
      const request = await (await makeKey()).request('CN=x');
      const context = { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) };
      const without = await walk.requestSecurityToken(visitor, url, { token, request, context });
      expect(elementText(without.text, 'ErrorType')).toBe('InvalidEnrollmentData');
      const withBlob = { ...context, EnrollmentData: blob };
      expect((await walk.requestSecurityToken(visitor, url, { token, request, context: withBlob })).status).toBe(200);
    } finally {
      visitor.close();
      await other.stop();
    }
  });
});
