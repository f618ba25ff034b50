import { expect, it } from 'vitest';
import { DEVICE_TOKEN_HEADER } from '../../protocol/autopilot/autopilot-profile.ts';
import { writeDiscoverRequest } from '../../protocol/enrollment/enrollment-discovery.ts';
import { SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { BackendRequest } from '../http/message.ts';
import { issueTicket } from '../profile/device-tickets.ts';
import { callerOf } from './caller.ts';

const FACTS = {
  endorsementKeyHash: 'aa',
  smbiosUuid: '5c1d0000-0000-4000-8000-000000000001',
  serialNumber: 'S1',
  manufacturer: 'Simulated Devices',
  model: 'SimBook 13',
  productId: '',
  parts: [],
};

const { tenant } = testTenant();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function whose(parts: Parameters<typeof testRequest>[0]): string | undefined {
  return callerOf(tenant, testRequest(parts))?.device;
}

function form(fields: Readonly<Record<string, string>>): Parameters<typeof testRequest>[0] {
  return { headers: FORM, body: new URLSearchParams(fields).toString() };
}

it('finds the user of a token, a form, a path, a query and a Discover', () => {
  const token = tenant.tokens.issue('anybody', { upn: 'user3@flotilla.example' });
  expect(whose({ headers: { authorization: `Bearer ${token}` } })).toBe('user 3');
  expect(whose(form({ login: ' User4@flotilla.example ' }))).toBe('user 4');
  expect(whose(form({ UserName: 'user4@flotilla.example' }))).toBe('user 4');
  expect(whose({ parameters: { upn: 'user5@flotilla.example' } })).toBe('user 5');
  expect(whose({ query: new URLSearchParams({ login_hint: 'user6@flotilla.example' }) })).toBe('user 6');
  const discover = writeDiscoverRequest(
    {
      emailAddress: 'user7@flotilla.example',
      requestVersion: '5.0',
      deviceType: 'CIMClient_Windows',
      applicationVersion: '10.0.1.1',
      osEdition: 4,
      authPolicies: ['Federated'],
    },
    { messageId: 'urn:uuid:1', to: 'https://enrollment.test' },
  );
  expect(whose({ headers: { 'content-type': SOAP_CONTENT_TYPE }, body: discover })).toBe('user 7');
});

it('finds the user of a sign-in session, by code, refresh token and flow token', () => {
  const session = tenant.sessions.open(8, undefined)!;
  expect(whose(form({ code: tenant.seal.close('authorization-code', session.id) }))).toBe('user 8');
  expect(whose(form({ refresh_token: tenant.seal.close('refresh-token', session.id) }))).toBe('user 8');
  expect(whose(form({ flowToken: tenant.seal.close('sign-in-flow', '{"user":9}') }))).toBe('user 9');
  expect(whose(form({ refresh_token: 'made up' }))).toBeUndefined();
});

it('finds the registration of a device ticket, with its group', () => {
  const account = tenant.deviceAccounts.add('02member', 'secret', FACTS)!;
  const request: BackendRequest = testRequest({
    headers: { [DEVICE_TOKEN_HEADER]: issueTicket(tenant, account).text },
  });
  expect(callerOf(tenant, request)).toBeUndefined();
  const registered = tenant.registrations.register(FACTS, { groupTag: 'default', assignedUser: '' });
  expect(registered.ok).toBe(true);
  expect(callerOf(tenant, request)).toMatchObject({
    device: expect.stringMatching(/^registration [0-9a-f-]{36}$/),
    groupTag: 'default',
  });
});

it('knows the cohort of content that only one has, and of nothing else', () => {
  const [group] = tenant.config.groups;
  const app = group!.esp.device.msiApps[0]!;
  const path = new URL(tenant.content.app(app).url).pathname;
  expect(callerOf(tenant, testRequest({ path }))).toEqual({ device: undefined, groupTag: 'default' });
  expect(callerOf(tenant, testRequest({ path: '/connecttest.txt' }))).toBeUndefined();
  expect(callerOf(tenant, testRequest(form({ login: 'nobody@nowhere.example' })))).toBeUndefined();
});
