import { expect, it } from 'vitest';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/units.ts';
import { EPOCH_MS, testRequest, testTenant } from '../fixtures/tenant.ts';
import type { Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import { listDevices, listGroups } from './entra-devices.ts';
import { assignUser, findIdentity, listIdentities, listProfiles, unassignUser } from './graph-devices.ts';

type Json = Record<string, unknown>;

function json(reply: Reply): Json {
  return { status: reply.status, ...(JSON.parse(reply.body as string) as Json) };
}

function values(reply: Reply): Json[] {
  return json(reply)['value'] as Json[];
}

const [BASE] = testTenant().tenant.config.groups;
const GROUPS: GroupConfig[] = [
  { ...BASE!, tag: 'now', assignment: { by: 'order-id', lagMs: 0, profileAgeDays: 3, profileDeleted: false } },
  { ...BASE!, tag: 'soon', assignment: { by: 'static', lagMs: MINUTE_MS, profileAgeDays: 0, profileDeleted: false } },
  { ...BASE!, tag: 'gone', assignment: { by: 'device', lagMs: 0, profileAgeDays: 0, profileDeleted: true } },
];

function setUp(...tags: readonly string[]) {
  const fixture = testTenant({ groups: GROUPS });
  const registrations = tags.map((groupTag, number) => {
    const facts = {
      endorsementKeyHash: '',
      smbiosUuid: '',
      serialNumber: `S-${number}`,
      manufacturer: 'M',
      model: 'N',
    };
    const registered = fixture.tenant.registrations.register(
      { ...facts, productId: '', parts: [] },
      { groupTag, assignedUser: '' },
    );
    return registered.ok ? registered.value : expect.unreachable();
  });
  return { ...fixture, registrations };
}

it('lists devices with the status of their profile and its date', async () => {
  const { tenant, clock } = setUp('now', 'soon', 'gone', 'none');
  const statuses = () =>
    values(listIdentities(tenant, testRequest())).map((device) => [
      device['deploymentProfileAssignmentStatus'],
      device['deploymentProfileAssignedDateTime'],
    ]);
  const never = '0001-01-01T00:00:00Z';
  const since = (ms: number): string => isoTime(EPOCH_MS + ms);
  const rest = [
    ['assignedOutOfSync', since(0)],
    ['notAssigned', never],
  ];
  expect(statuses()).toEqual([['assignedInSync', since(0)], ['pending', never], ...rest]);
  await clock.advance(MINUTE_MS);
  expect(statuses()).toEqual([['assignedInSync', since(0)], ['assignedInSync', since(MINUTE_MS)], ...rest]);
  expect(values(listProfiles(tenant)).map(({ createdDateTime }) => createdDateTime)).toEqual([
    since(-3 * DAY_MS),
    since(0),
  ]);
});

it('names the user of a device, if the domain is the tenant’s', () => {
  const { tenant, registrations } = setUp('now');
  const parameters = { id: registrations[0]!.id };
  const assign = (userPrincipalName: string): number =>
    assignUser(tenant, testRequest({ parameters, body: JSON.stringify({ userPrincipalName }) })).status;
  const user = (): unknown => json(findIdentity(tenant, testRequest({ parameters })))['userPrincipalName'];
  expect([assign(`user7@${tenant.config.domain}`), user()]).toEqual([204, `user7@${tenant.config.domain}`]);
  expect([assign('user7@other.test'), user()]).toEqual([400, `user7@${tenant.config.domain}`]);
  expect([unassignUser(tenant, testRequest({ parameters })).status, user()]).toEqual([204, '']);
  expect(findIdentity(tenant, testRequest({ parameters: { id: 'x' } })).status).toBe(404);
});

it('shows a device object with its physical ids for each registration, and the groups with their rules', () => {
  const { tenant, registrations } = setUp('now', '');
  const [first, second] = registrations;
  const devices = values(listDevices(tenant, testRequest()));
  expect(devices.map(({ deviceId, physicalIds }) => [deviceId, physicalIds])).toEqual([
    [first!.entraDeviceId, [`[ZTDID]:${first!.id}`, '[OrderID]:now']],
    [second!.entraDeviceId, [`[ZTDID]:${second!.id}`]],
  ]);
  const filtered = (filter: string): Reply =>
    listDevices(tenant, testRequest({ query: new URLSearchParams({ $filter: filter }) }));
  expect(values(filtered(`deviceId eq '${second!.entraDeviceId}'`))).toEqual([devices[1]]);
  expect(values(filtered("deviceId eq 'x'"))).toEqual([]);
  expect(filtered("startswith(displayName,'S')").status).toBe(400);
  expect(values(listGroups(tenant)).map(({ displayName, membershipRule }) => [displayName, membershipRule])).toEqual([
    ['now', '(device.devicePhysicalIds -any (_ -eq "[OrderID]:now"))'],
    ['soon', null],
  ]);
});

it('gives long lists in pages', () => {
  const { tenant } = setUp(...Array.from({ length: 1_001 }, () => 'now'));
  const first = json(listIdentities(tenant, testRequest()));
  expect([first['@odata.count'], (first['value'] as unknown[]).length]).toEqual([1_001, 1_000]);
  const query = new URL(String(first['@odata.nextLink'])).searchParams;
  const last = json(listIdentities(tenant, testRequest({ query })));
  expect([(last['value'] as Json[]).map(({ serialNumber }) => serialNumber), last['@odata.nextLink']]).toEqual([
    ['S-1000'],
    undefined,
  ]);
});
