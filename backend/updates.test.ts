import { describe, expect, it } from 'vitest';
import type { UpdatesConfig } from '../catalog/content.ts';
import { DEVICE_TOKEN_HEADER } from '../protocol/autopilot/autopilot-profile.ts';
import { testRequest, testTenant } from './fixtures/tenant.ts';
import { Router } from './http/router.ts';
import { issueTicket } from './profile/device-tickets.ts';
import { updatesService } from './updates.ts';

const FACTS = {
  endorsementKeyHash: 'ab'.repeat(32),
  smbiosUuid: '11111111-1111-4111-8111-111111111111',
  serialNumber: 'S1',
  manufacturer: 'M',
  model: 'X',
  productId: '',
  parts: [],
};

/** A registered device of a tenant that has these updates, and how it asks for them. */
function deviceOf(updates: UpdatesConfig) {
  const { config } = testTenant().tenant;
  const { tenant } = testTenant({ groups: config.groups.map((group) => ({ ...group, updates })) });
  tenant.registrations.register(FACTS, { groupTag: '', assignedUser: '' });
  const account = tenant.deviceAccounts.add('device', 'secret', FACTS)!;
  const ticket = issueTicket(tenant, account).text;
  const router = new Router(updatesService(tenant).routes);
  const check = (body: object, token = ticket) => {
    const { parameters: _none, ...request } = testRequest({
      method: 'POST',
      path: '/v1/check',
      headers: { [DEVICE_TOKEN_HEADER]: token },
      body: JSON.stringify(body),
    });
    const reply = router.handle(request);
    const found = JSON.parse(typeof reply.body === 'string' ? reply.body : '{}') as {
      updates?: { id: string; url: string; restart: boolean }[];
    };
    return { status: reply.status, updates: found.updates ?? [] };
  };
  const fetchContent = (url: string): number => {
    const { pathname, searchParams } = new URL(url);
    const { parameters: _none, ...request } = testRequest({ path: pathname, query: searchParams });
    return router.handle(request).status;
  };
  return { check, fetchContent };
}

const BOTH: UpdatesConfig = { kind: 'some', sizeBytes: 1000, quality: { sizeBytes: 2000, restart: true } };

describe('the updates service', () => {
  it('offers what is of the kind that was asked for, critical where nothing was said', () => {
    const { check } = deviceOf(BOTH);
    expect(check({}).updates).toMatchObject([{ title: 'Simulated critical update', sizeBytes: 1000, restart: false }]);
    expect(check({ kind: 'quality' }).updates).toMatchObject([{ sizeBytes: 2000, restart: true }]);
    expect(check({ kind: 'feature' }).status).toBe(400);
    expect(check({}, 'nobody').status).toBe(401);
  });

  it('does not offer again what the device has fetched, or says that it has', () => {
    const { check, fetchContent } = deviceOf(BOTH);
    const [quality] = check({ kind: 'quality' }).updates;
    expect(fetchContent(quality!.url)).toBe(200);
    expect(check({ kind: 'quality' }).updates).toEqual([]);
    const [critical] = check({ kind: 'critical' }).updates;
    expect(check({ kind: 'critical', installed: [critical!.id] }).updates).toEqual([]);
  });

  it('has none where the group has none', () => {
    const { check } = deviceOf({ kind: 'none', sizeBytes: 1000, quality: null });
    expect([check({}).updates, check({ kind: 'quality' }).updates]).toEqual([[], []]);
  });
});
