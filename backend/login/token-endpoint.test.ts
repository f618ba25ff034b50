import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { Tenant } from '../tenant.ts';
import { token } from './token-endpoint.ts';

const CLIENT = '29d9ed98-a469-4536-ade2-f981bc1d605e';
const REDIRECT = 'ms-aadj-redir://auth/drs';

function ask(tenant: Tenant, fields: Readonly<Record<string, string>>, authority = 'common'): Record<string, unknown> {
  const reply = token(
    tenant,
    testRequest({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      parameters: { tenant: authority },
      body: new URLSearchParams({ client_id: CLIENT, ...fields }).toString(),
    }),
  );
  return { status: reply.status, ...(JSON.parse(reply.body as string) as Record<string, unknown>) };
}

describe('the token endpoint', () => {
  it('lets a code lapse after ten minutes', async () => {
    const { tenant, clock } = testTenant();
    const pending = {
      clientId: CLIENT,
      redirectUri: REDIRECT,
      challenge: undefined,
      resource: undefined,
      nonce: undefined,
      expiresMs: clock.nowMs() + 10 * MINUTE_MS,
    };
    const code = tenant.seal.close('authorization-code', tenant.sessions.open(0, pending)!.id);
    await clock.advance(10 * MINUTE_MS);
    const reply = ask(tenant, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
    expect(reply).toMatchObject({ status: 400, error: 'invalid_grant', error_codes: [70000] });
  });

  it('grants to a password, in both forms of naming the resource', () => {
    const { tenant } = testTenant();
    const person = { grant_type: 'password', username: 'User5@Flotilla.Example', password: tenant.config.password };
    const drs = 'urn:ms-drs:enterpriseregistration.windows.net';
    expect(ask(tenant, { ...person, resource: drs })).toMatchObject({ status: 200, resource: drs });
    const scope = 'openid https://enrollment.manage.microsoft.com//.default';
    expect(ask(tenant, { ...person, scope })).toMatchObject({
      resource: 'https://enrollment.manage.microsoft.com/',
      id_token: expect.any(String),
      refresh_token: expect.any(String),
    });
    const own = 'https://enrollment.test';
    expect(ask(tenant, { ...person, resource: `${own}/` })).toMatchObject({ status: 200, resource: own });
    expect(ask(tenant, { ...person, password: 'wrong' })).toMatchObject({ error_codes: [50126] });
    expect(ask(tenant, { ...person, username: 'user100000@flotilla.example' })).toMatchObject({ error_codes: [50034] });
    const sessions = tenant.sessions.count;
    expect(ask(tenant, { ...person, resource: 'urn:other' })).toMatchObject({ error: 'invalid_resource' });
    expect(tenant.sessions.count).toBe(sessions);
  });

  it('names the device in tokens that are refreshed after a join', () => {
    const { tenant } = testTenant();
    const session = tenant.sessions.open(3, undefined)!;
    const refresh = { grant_type: 'refresh_token', refresh_token: tenant.seal.close('refresh-token', session.id) };
    const claims = (): Record<string, unknown> => {
      const access = ask(tenant, refresh)['access_token'] as string;
      return JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    };
    expect(claims()).toMatchObject({ upn: 'user3@flotilla.example' });
    expect(claims()['deviceid']).toBeUndefined();
    tenant.sessions.bindDevice(session.id, 'device');
    expect(claims()['deviceid']).toBe('device');
  });

  it('refuses other grants, missing parameters, other tenants and unknown applications', () => {
    const { tenant } = testTenant();
    expect(ask(tenant, { grant_type: 'device_code' })).toMatchObject({ status: 400, error: 'unsupported_grant_type' });
    expect(ask(tenant, { grant_type: 'password' })).toMatchObject({ error: 'invalid_request', error_codes: [900144] });
    expect(ask(tenant, {}, 'other.example')).toMatchObject({ error_codes: [90002] });
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x' };
    expect(ask(tenant, { ...refresh, client_id: 'x' })).toMatchObject({ error: 'unauthorized_client' });
    expect(ask(tenant, refresh)).toMatchObject({ error: 'invalid_grant' });
  });
});
