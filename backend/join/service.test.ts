// The device registration service as values: who may join, what a join leaves behind, how it ends, and which keys it takes.
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TenantConfig } from '../../catalog/tenant.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { writeJoinRequest } from '../../protocol/sign-in/device-registration.ts';
import { DEVICE_REGISTRATION_RESOURCE } from '../../protocol/sign-in/oauth.ts';
import { decodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import { encodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { writeKeyRequest } from '../../protocol/sign-in/windows-hello.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { Router } from '../http/router.ts';
import { SESSION_CLAIM } from '../login/claims.ts';
import { issueTicket } from '../profile/device-tickets.ts';
import { makeRsaKey } from '../signing-keys.ts';
import type { Tenant } from '../tenant.ts';
import { joinService } from './service.ts';

const KEYS = [makeRsaKey(), makeRsaKey()] as const;
const FACTS = {
  endorsementKeyHash: 'ab'.repeat(32),
  smbiosUuid: '11111111-1111-4111-8111-111111111111',
  serialNumber: 'S1',
  manufacturer: 'M',
  model: 'X',
  productId: '',
  parts: [],
};

type Body = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: Body;
}

function send(tenant: Tenant, request: Partial<Omit<BackendRequest, 'body'>> & { body?: string }): Answer {
  const { parameters: _none, ...unrouted } = testRequest({ query: new URLSearchParams('api-version=1.0'), ...request });
  const reply: Reply = new Router(joinService(tenant).routes).handle(unrouted);
  const text = typeof reply.body === 'string' ? reply.body : '';
  return { status: reply.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
}

function bearer(tenant: Tenant, user: number, claims: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const upn = tenant.directory.user(user).upn;
  const session = tenant.sessions.open(user, undefined)!.id;
  const token = tenant.tokens.issue(DEVICE_REGISTRATION_RESOURCE, { upn, [SESSION_CLAIM]: session, ...claims });
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
}

function blobOf(key: (typeof KEYS)[number]): Uint8Array {
  const read = decodeRsaPublicKeyInfo(key.publicKeyInfo);
  if (!read.ok) throw new Error(read.error.reason);
  return encodeRsaPublicBlob(read.value);
}

interface Joining {
  readonly user?: number;
  readonly key?: 0 | 1;
  readonly attributes?: Readonly<Record<string, string>>;
}

function join(tenant: Tenant, { user = 1, key = 0, attributes = {} }: Joining = {}): Answer {
  const pair = KEYS[key];
  const subject = [{ type: 'CN', value: 'x' }];
  const body = writeJoinRequest({
    certificateRequest: buildCertificateRequest({ subject, publicKeyInfo: pair.publicKeyInfo }, pair),
    transportKey: blobOf(pair),
    targetDomain: tenant.config.domain,
    deviceType: 'Windows',
    osVersion: '10.0.26100.1',
    deviceDisplayName: 'PC',
    joinType: 0,
    attributes: { ReuseDevice: 'true', ...attributes },
  });
  return send(tenant, { method: 'POST', path: '/EnrollmentServer/device/', headers: bearer(tenant, user), body });
}

function thumbprintOf(answer: Answer): string {
  return (answer.body['Certificate'] as { Thumbprint: string }).Thumbprint;
}

function deviceOf(tenant: Tenant, answer: Answer): string {
  const der = Buffer.from((answer.body['Certificate'] as { RawBody: string }).RawBody, 'base64');
  const deviceId = new X509Certificate(der).subject.replace('CN=', '');
  expect(tenant.joinedDevices.find(deviceId)?.thumbprint).toBe(thumbprintOf(answer));
  return deviceId;
}

/** A tenant with one registered device, and the ticket of that device. */
function registered(changes: Partial<TenantConfig> = {}): { tenant: Tenant; ticket: string; entraDeviceId: string } {
  const { tenant } = testTenant(changes);
  const registration = tenant.registrations.register(FACTS, { groupTag: '', assignedUser: '' });
  if (!registration.ok || registration.value === undefined) throw new Error('not registered');
  const account = tenant.deviceAccounts.add('device', 'secret', FACTS)!;
  const ticket = Buffer.from(issueTicket(tenant, account).text).toString('base64');
  return { tenant, ticket, entraDeviceId: registration.value.entraDeviceId };
}

function withTrait(trait: 'not-in-join-scope' | 'quota-reached'): Partial<TenantConfig> {
  const { config } = testTenant().tenant;
  const [group] = config.groups;
  return { groups: [{ ...group!, accounts: { ...group!.accounts, traits: { [trait]: 1 } } }] };
}

const DENIED = {
  ErrorType: 'invalid_request',
  Message: expect.stringContaining('Administrator policy does not allow'),
};
const FULL = { ErrorType: 'AuthorizationError', Message: 'DeviceCapReached' };

describe('the join scope', () => {
  it('lets all, some or none join', () => {
    const outside = withTrait('not-in-join-scope');
    const scope = (name: 'all' | 'selected' | 'none', changes: Partial<TenantConfig> = {}): Answer =>
      join(testTenant({ ...changes, join: { scope: name, quota: 50 } }).tenant);
    expect(scope('all').status).toBe(200);
    expect(scope('all', outside).status).toBe(200);
    expect(scope('selected').status).toBe(200);
    expect(scope('selected', outside)).toMatchObject({ status: 400, body: DENIED });
    expect(scope('none')).toMatchObject({ status: 400, body: DENIED });
  });
});

describe('the quota', () => {
  it('counts the devices of each user, and not the one that joins again', () => {
    const { tenant } = testTenant({ join: { scope: 'all', quota: 1 } });
    expect(join(tenant).status).toBe(200);
    expect(join(tenant).status).toBe(200);
    expect(join(tenant, { key: 1 })).toMatchObject({ status: 400, body: FULL });
    expect(join(tenant, { key: 1, user: 2 }).status).toBe(200);
  });

  it('is reached for users who have too many elsewhere', () => {
    expect(join(testTenant(withTrait('quota-reached')).tenant)).toMatchObject({ status: 400, body: FULL });
  });
});

describe('a registered device', () => {
  it('takes the object that registration made, again and again', () => {
    const { tenant, ticket, entraDeviceId } = registered();
    for (const key of [0, 1] as const) {
      expect(deviceOf(tenant, join(tenant, { key, attributes: { 'MSA-DDID': ticket } }))).toBe(entraDeviceId);
    }
    expect(tenant.joinedDevices.count).toBe(1);
  });

  it('gets another object where it does not want that one', () => {
    const { tenant, ticket, entraDeviceId } = registered();
    const attributes = { 'MSA-DDID': ticket, ReuseDevice: 'false' };
    const first = deviceOf(tenant, join(tenant, { attributes }));
    const second = deviceOf(tenant, join(tenant, { attributes }));
    expect(new Set([first, second, entraDeviceId]).size).toBe(3);
  });

  it('is missed once an administrator has deleted its object', () => {
    const { tenant, ticket, entraDeviceId } = registered();
    tenant.joinedDevices.deleteObject(entraDeviceId);
    expect(join(tenant, { attributes: { 'MSA-DDID': ticket } })).toMatchObject({
      status: 400,
      body: {
        ErrorType: 'DirectoryError',
        Subcode: 'error_missing_device',
        Message: `The device object by the given id (${entraDeviceId}) is not found.`,
      },
    });
  });
});

describe('the end of a join', () => {
  const leave = (tenant: Tenant, deviceId: string, thumbprint?: string): Answer => {
    const clientCertificate = thumbprint === undefined ? undefined : { der: new Uint8Array(), thumbprint };
    return send(tenant, { method: 'DELETE', path: `/EnrollmentServer/device/${deviceId}`, clientCertificate });
  };

  it('comes with the certificate of the device, and with no other', () => {
    const { tenant } = testTenant();
    const joined = join(tenant);
    const deviceId = deviceOf(tenant, joined);
    for (const thumbprint of [undefined, 'AB']) {
      expect(leave(tenant, deviceId, thumbprint)).toMatchObject({
        status: 400,
        body: { ErrorType: 'AuthenticationError' },
      });
    }
    expect(leave(tenant, deviceId, thumbprintOf(joined))).toEqual({ status: 200, body: {} });
    expect([tenant.joinedDevices.count, tenant.joinedDevices.countOf(1, '')]).toEqual([0, 0]);
    expect(leave(tenant, deviceId, thumbprintOf(joined))).toMatchObject({ body: { ErrorType: 'DirectoryError' } });
  });

  it('leaves a registered device what it was: it may join again', () => {
    const { tenant, ticket, entraDeviceId } = registered();
    const joined = join(tenant, { attributes: { 'MSA-DDID': ticket } });
    expect(leave(tenant, entraDeviceId.toUpperCase(), thumbprintOf(joined)).status).toBe(200);
    expect(deviceOf(tenant, join(tenant, { attributes: { 'MSA-DDID': ticket } }))).toBe(entraDeviceId);
  });
});

describe('a Windows Hello key', () => {
  function keyed(claims: Readonly<Record<string, unknown>>, body?: string, headers: Record<string, string> = {}) {
    const { tenant } = testTenant();
    const deviceid = deviceOf(tenant, join(tenant));
    const answer = send(tenant, {
      method: 'POST',
      path: '/EnrollmentServer/key/',
      headers: { ...bearer(tenant, 1, { deviceid, amr: ['pwd', 'ngcmfa'], ...claims }), ...headers },
      body: body ?? writeKeyRequest(blobOf(KEYS[0])),
    });
    return { tenant, answer };
  }

  it.each([[['ngcmfa']], [['pwd', 'mfa']]])('is taken with the methods %o', (amr) => {
    const { tenant, answer } = keyed({ amr });
    expect(answer).toEqual({
      status: 200,
      body: { kid: expect.stringMatching(/^[0-9a-f-]{36}$/), upn: 'user1@flotilla.example' },
    });
    expect(tenant.helloKeys.count).toBe(1);
  });

  it.each([
    ['without a second factor', { amr: ['pwd'] }, 401, 'invalid_request'],
    ['without a device', { deviceid: undefined }, 401, 'missing_device_id'],
    ['of a device that has left', { deviceid: '33333333-3333-4333-8333-333333333333' }, 401, 'missing_device_id'],
    ['of nobody', { upn: 'nobody@flotilla.example' }, 400, 'authentication_error'],
    ['for another audience', { aud: 'urn:other' }, 401, 'authentication_error'],
  ])('is refused with a token %s', (_, claims, status, code) => {
    const { tenant, answer } = keyed(claims);
    expect(answer).toMatchObject({ status, body: { code, response: 'ERROR_FAIL', target: 'key' } });
    expect(tenant.helloKeys.count).toBe(0);
  });

  it.each([
    ['no key', '{}', {}],
    ['a blob that is none', '{"kngc":"AAAA"}', {}],
    [
      'a key of 1024 bits',
      writeKeyRequest(encodeRsaPublicBlob({ modulus: Buffer.alloc(128, 1), exponent: Buffer.from([3]) })),
      {},
    ],
    ['no wish for JSON', undefined, { accept: 'text/html' }],
  ])('is refused with %s', (_, body, headers) => {
    expect(keyed({}, body, headers).answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
