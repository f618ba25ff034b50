// What was prepared before a device is switched on (mission.md, rows 13 to 16) as a foreign client meets it: registration in every
// way, groups and profiles, and what a device gets where one of them is missing, late or wrong.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssignmentConfig, GroupConfig } from '../../catalog/tenant.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { readyOf, startProcess, targetOf, testTenant } from './backend-process.ts';
import type { BackendProcess } from './backend-process.ts';
import { ForeignClient, hardware, hardwareHash } from './foreign-client.ts';
import type { ForeignHardware, ForeignReply } from './foreign-client.ts';
import * as walk from './foreign-walk.ts';
import type { Target } from './foreign-walk.ts';

/** A minute of the backend passes in a second. */
const SPEED = 60;
const DEFAULT = testTenant().groups[0]!;

function group(tag: string, by: AssignmentConfig['by'], more: Partial<AssignmentConfig> = {}): GroupConfig {
  const profile = { ...DEFAULT.profile, name: `profile ${tag}` };
  return { ...DEFAULT, tag, profile, assignment: { by, lagMs: 0, profileAgeDays: 0, profileDeleted: false, ...more } };
}

const TENANT = testTenant({
  speed: SPEED,
  groups: [
    group('ordered', 'order-id'),
    group('listed', 'static'),
    group('itself', 'device'),
    group('late', 'order-id', { lagMs: 2 * MINUTE_MS }),
    group('deleted', 'order-id', { profileDeleted: true }),
    group('nobody', 'none'),
  ],
});
/** A tenant with a profile for all devices that is older than those of their order, and a default one. */
const OVERLAP = testTenant({
  groups: [
    group('young', 'order-id'),
    group('all', 'all-devices', { profileAgeDays: 30, lagMs: 0 }),
    group('oldest', 'order-id', { profileAgeDays: 60 }),
  ],
});
const CATCH_ALL = testTenant({ groups: [group('ordered', 'order-id'), group('rest', 'default')] });

interface Seat {
  readonly backend: BackendProcess;
  readonly client: ForeignClient;
  readonly target: Target;
  readonly admin: Readonly<Record<string, string>>;
}

async function sit(tenant: typeof TENANT): Promise<Seat> {
  const backend = await startProcess({ tenant });
  const ready = readyOf(backend);
  const client = new ForeignClient(ready.caPem);
  const target = targetOf(ready, tenant);
  return { backend, client, target, admin: { authorization: `Bearer ${await walk.adminToken(client, target)}` } };
}

async function leave({ backend, client }: Seat): Promise<void> {
  client.close();
  await backend.stop();
}

let seat: Seat;
beforeAll(async () => {
  seat = await sit(TENANT);
});
afterAll(() => leave(seat));

const PARTNER = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n';
const BY_HAND = 'Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User\n';

function upload(csv: string, path = '/registration/v1/devices', at = seat): Promise<ForeignReply> {
  return at.client.post(`${at.target.services.registration}${path}`, 'text/csv', csv, at.admin);
}

function graph(path: string, body?: object, at = seat): Promise<ForeignReply> {
  const url = `${at.target.services.registration}/v1.0${path}`;
  if (body === undefined) return at.client.send(url, { headers: at.admin });
  return at.client.post(url, 'application/json', JSON.stringify(body), at.admin);
}

/** What a device gets when it asks: `blank`, the verdict's number, or the name of its profile. */
async function profileOf(device: ForeignHardware, at = seat): Promise<unknown> {
  const reply = await walk.profile(at.client, at.target, await walk.deviceToken(at.client, at.target, device));
  const json = reply.json();
  if (reply.status === 404) return json['code'];
  return Object.keys(json).length === 0 ? 'blank' : json['DeploymentProfileName'];
}

/** What the list of registered devices says of one. */
async function identityOf(device: ForeignHardware): Promise<Record<string, unknown> | undefined> {
  let path: string | undefined = '/deviceManagement/windowsAutopilotDeviceIdentities';
  while (path !== undefined) {
    const page: Record<string, unknown> = (await graph(path)).json();
    const devices = page['value'] as Record<string, unknown>[];
    const found = devices.find(({ serialNumber }) => serialNumber === device.serialNumber);
    if (found !== undefined) return found;
    const next = page['@odata.nextLink'];
    path = typeof next === 'string' ? next.slice(next.indexOf('/deviceManagement')) : undefined;
  }
  return undefined;
}

async function eventually<T>(look: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let attempts = 0; ; attempts++) {
    const value = await look();
    if (wanted(value) || attempts === 100) return value;
    await delay(100);
  }
}

describe('row 13: a user-driven profile exists, chosen explicitly or by default', () => {
  it('a group’s own is explicit, the tenant’s default one is not and catches the rest', async () => {
    const at = await sit(CATCH_ALL);
    try {
      const [ordered, other] = [hardware(1), hardware(2)];
      await walk.importDevice(at.client, at.target, ordered, 'ordered');
      await walk.importDevice(at.client, at.target, other, 'no-such-group');
      const explicit = async (device: ForeignHardware): Promise<unknown> => {
        const ticket = await walk.deviceToken(at.client, at.target, device);
        return (await walk.profile(at.client, at.target, ticket)).json()['IsExplicitProfileAssignment'];
      };
      expect([await profileOf(ordered, at), await explicit(ordered)]).toEqual(['profile ordered', true]);
      expect([await profileOf(other, at), await explicit(other)]).toEqual(['profile rest', false]);
    } finally {
      await leave(at);
    }
  });

  it('of several profiles the oldest wins', async () => {
    const at = await sit(OVERLAP);
    try {
      for (const [number, tag] of ['young', 'oldest', ''].entries()) {
        await walk.importDevice(at.client, at.target, hardware(number), tag);
      }
      expect([
        await profileOf(hardware(0), at),
        await profileOf(hardware(1), at),
        await profileOf(hardware(2), at),
      ]).toEqual(['profile all', 'profile oldest', 'profile all']);
    } finally {
      await leave(at);
    }
  });
});

describe('row 14: device group, static or dynamic, with assignment lag; or the profile on the device itself', () => {
  it('the device object in the directory has the ids that rules are written on, in any case', async () => {
    await walk.importDevice(seat.client, seat.target, hardware(140), 'ORDERED');
    const registered = (await identityOf(hardware(140)))!;
    const deviceId = String(registered['azureActiveDirectoryDeviceId']);
    const filter = encodeURIComponent(`deviceId eq '${deviceId}'`);
    expect((await graph(`/devices?$filter=${filter}`)).json()['value']).toMatchObject([
      {
        deviceId,
        displayName: hardware(140).serialNumber,
        physicalIds: [`[ZTDID]:${String(registered['id'])}`, '[OrderID]:ORDERED'],
      },
    ]);
    expect((await graph('/groups')).json()['value']).toContainEqual(
      expect.objectContaining({
        displayName: 'ordered',
        groupTypes: ['DynamicMembership'],
        membershipRule: '(device.devicePhysicalIds -any (_ -eq "[OrderID]:ordered"))',
      }),
    );
    expect(await profileOf(hardware(140))).toBe('profile ordered');
  });

  it('a static group has those that it lists, a device has the profile that was put on it', async () => {
    await walk.importDevice(seat.client, seat.target, hardware(141), 'listed');
    await walk.importDevice(seat.client, seat.target, hardware(142), 'itself');
    expect(await profileOf(hardware(141))).toBe('profile listed');
    expect(await profileOf(hardware(142))).toBe('profile itself');
  });

  it('the status is pending for as long as the assignment takes, then assigned with its date', async () => {
    const device = hardware(143);
    await walk.importDevice(seat.client, seat.target, device, 'late');
    const status = async (): Promise<unknown> => (await identityOf(device))?.['deploymentProfileAssignmentStatus'];
    expect([await status(), await profileOf(device)]).toEqual(['pending', 'blank']);
    expect(await eventually(status, (text) => text !== 'pending')).toBe('assignedInSync');
    expect((await identityOf(device))?.['deploymentProfileAssignedDateTime']).toMatch(/^20\d\d-/);
    expect(await profileOf(device)).toBe('profile late');
  });
});

describe('row 15: devices registered by an OEM or partner (tuple) or by hand (hardware hash CSV)', () => {
  const tuple = (device: ForeignHardware, productId = ''): string =>
    `${device.serialNumber},${productId},,${device.manufacturer},${device.model}\n`;

  it('a tuple or a product key id names a device that nobody has a hash of', async () => {
    const [byTuple, byKey] = [hardware(150), hardware(151)];
    const rows = `${PARTNER}${tuple(byTuple)},PKID-151,,,\n`;
    expect((await upload(rows, '/registration/v1/devices?groupTag=ordered')).json()).toMatchObject({ imported: 2 });
    expect(await profileOf(byTuple)).toBe('profile ordered');
    const ticket = await walk.deviceToken(seat.client, seat.target, byKey);
    const shown = await seat.client.post(
      `${seat.target.services.profile}/ztd/v1/profile`,
      'application/json',
      '{"productKeyId":"PKID-151"}',
      { 'x-device-token': ticket },
    );
    expect(shown.json()['DeploymentProfileName']).toBe('profile ordered');
  });

  it('a partner’s file has up to 1,000 rows, one by hand up to 500', async () => {
    const devices = Array.from({ length: 1_001 }, (_, number) => hardware(15_000 + number));
    const partner = (count: number): string =>
      PARTNER +
      devices
        .slice(0, count)
        .map((device) => tuple(device))
        .join('');
    const byHand = (count: number): string =>
      BY_HAND +
      devices
        .slice(0, count)
        .map((device) => `${device.serialNumber},,${hardwareHash(device)},,\n`)
        .join('');
    expect((await upload(partner(1_001))).status).toBe(400);
    expect((await upload(byHand(501))).status).toBe(400);
    expect((await upload(byHand(500))).json()).toMatchObject({ imported: 500, failed: 0 });
    expect((await upload(partner(1_000))).json()).toMatchObject({ imported: 500, failed: 500 });
  });

  it.each([
    ['a header in another case', BY_HAND.toLowerCase(), /must be written "Device Serial Number"/],
    ['quotes', `${BY_HAND}"S-1",,T0EEAA==,,\n`, /quote/],
    ['Unicode', `\ufeff${BY_HAND}S-1,,T0EEAA==,,\n`, /Unicode/],
    ['a further column', BY_HAND.replace('\n', ',Site\n'), /one too many/],
    [
      'a hash that lost its padding',
      `${BY_HAND}S-1,,T0EEAA,,\n`,
      /Cannot convert the literal 'T0EEAA' to the expected type 'Edm.Binary'/,
    ],
    ['no hash', `${BY_HAND}S-1,,,,\n`, /no hardware hash/],
  ])('a file by hand is refused as a whole for %s', async (_, csv, message) => {
    const refused = await upload(csv);
    expect(refused.status).toBe(400);
    expect((refused.json()['error'] as { message: string }).message).toMatch(message);
  });

  it('of an assigned user only the domain is looked at', async () => {
    const row = (number: number, user: string): string =>
      `${hardware(number).serialNumber},,${hardwareHash(hardware(number))},ordered,${user}\n`;
    const csv = `${BY_HAND}${row(152, `nobody@${TENANT.domain}`)}${row(153, 'somebody@elsewhere.test')}`;
    const outcome = await upload(csv);
    expect(outcome.json()).toMatchObject({ imported: 1, rows: [{ row: 2, errorName: 'InvalidAssignedUser' }] });
    expect((await identityOf(hardware(152)))?.['userPrincipalName']).toBe(`nobody@${TENANT.domain}`);
  });

  it('an import over Graph is pending before it is complete or in error: 806 here, 808 in another tenant', async () => {
    const [good, foreign] = [hardware(154), hardware(155)];
    const customer = `elsewhere.${TENANT.domain}`;
    const elsewhere = await upload(PARTNER + tuple(foreign), `/registration/v1/customers/${customer}/devices`);
    expect(elsewhere.json()).toMatchObject({ imported: 1 });
    expect((await upload(PARTNER + tuple(foreign), '/registration/v1/customers/nobody.test/devices')).status).toBe(404);
    const identities = [good, good, foreign].map((device) => ({
      serialNumber: device.serialNumber,
      hardwareIdentifier: hardwareHash(device),
      groupTag: 'ordered',
    }));
    const path = '/deviceManagement/importedWindowsAutopilotDeviceIdentities';
    const imported = await graph(`${path}/import`, { importedWindowsAutopilotDeviceIdentities: identities });
    const accepted = imported.json()['value'] as { id: string; state: Record<string, unknown> }[];
    expect(accepted.map(({ state }) => state['deviceImportStatus'])).toEqual(['pending', 'pending', 'pending']);
    expect(await profileOf(good)).toBe(807);
    const stateOf = async ({ id }: { id: string }): Promise<Record<string, unknown>> =>
      (await graph(`${path}/${id}`)).json()['state'] as Record<string, unknown>;
    await eventually(
      () => stateOf(accepted[2]!),
      (state) => state['deviceImportStatus'] !== 'pending',
    );
    const states = await Promise.all(accepted.map(stateOf));
    expect(states.map(({ deviceImportStatus, deviceErrorName }) => [deviceImportStatus, deviceErrorName])).toEqual([
      ['complete', ''],
      ['error', 'ZtdDeviceAlreadyAssigned'],
      ['error', 'ZtdDeviceAssignedToOtherTenant'],
    ]);
    expect(await profileOf(good)).toBe('profile ordered');
    // The other tenant's device has the other tenant's profile.
    expect(await profileOf(foreign)).toBe(`Profile of ${customer}`);
  });

  it('single imports are throttled, and go on when Retry-After is over; a sync is taken each ten minutes', async () => {
    const path = '/deviceManagement/importedWindowsAutopilotDeviceIdentities';
    const body = (number: number): object => ({
      serialNumber: hardware(number).serialNumber,
      hardwareIdentifier: hardwareHash(hardware(number)),
    });
    let refused: ForeignReply | undefined;
    for (let number = 0; number < 500 && refused === undefined; number++) {
      const reply = await graph(path, body(16_000 + number));
      if (reply.status === 429) refused = reply;
    }
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await delay(Number(refused?.headers['retry-after']) * SECOND_MS);
    expect((await graph(path, body(17_000))).status).toBe(201);

    const settings = '/deviceManagement/windowsAutopilotSettings';
    const statusOf = async (): Promise<unknown> => (await graph(settings)).json()['syncStatus'];
    expect([await statusOf(), (await graph(`${settings}/sync`, {})).status]).toEqual(['unknown', 204]);
    expect([await statusOf(), (await graph(`${settings}/sync`, {})).status]).toEqual(['inProgress', 409]);
    expect(await eventually(statusOf, (status) => status !== 'inProgress')).toBe('completed');
    const soon = await graph(`${settings}/sync`, {});
    expect([soon.status, Number(soon.headers['retry-after'])]).toEqual([429, expect.closeTo(10, -1)]);
  });

  it('a hash taken again later is the same device; another mainboard is not', async () => {
    const device = hardware(156);
    await walk.importDevice(seat.client, seat.target, device, 'ordered');
    const again = `${BY_HAND}${device.serialNumber},,${takenAgain(device)},,\n`;
    expect(takenAgain(device)).not.toBe(hardwareHash(device));
    expect((await upload(again)).json()).toMatchObject({ rows: [{ errorCode: 806 }] });
    expect(await profileOf(device)).toBe('profile ordered');
    // Registered by the hash of another day, a device is still itself.
    await upload(`${BY_HAND}${hardware(157).serialNumber},,${takenAgain(hardware(157))},ordered,\n`);
    expect(await profileOf(hardware(157))).toBe('profile ordered');
    await walk.importDevice(seat.client, seat.target, hardware(158), 'ordered');
    expect(await profileOf({ ...hardware(159), serialNumber: hardware(158).serialNumber })).toBe(908);
  });
});

/** The hash of the same hardware on another day: with a time stamp in it, so that text and digest are others. */
function takenAgain(device: ForeignHardware): string {
  const before = Buffer.from(hardwareHash(device), 'base64');
  const stamp = Buffer.alloc(28);
  stamp.writeUInt16LE(1, 0);
  stamp.writeUInt16LE(stamp.length, 2);
  stamp.writeUInt32LE(800_000_000, 20);
  const records = before.subarray(4, before.readUInt16LE(2));
  const body = Buffer.concat([Buffer.from('OA\0\0'), stamp, records]);
  body.writeUInt16LE(body.length, 2);
  const trailer = Buffer.concat([Buffer.from([0x43, 0x53, 0x24, 0]), createHash('sha256').update(body).digest()]);
  return Buffer.concat([body, trailer, Buffer.alloc(3000 - body.length - trailer.length)]).toString('base64');
}

describe('row 16: profile assigned before first start, and what happens when it is not yet', () => {
  it('807 not registered, 815 nobody assigned one, 809 it was deleted, blank while it is being assigned', async () => {
    for (const [number, tag] of ['nobody', 'deleted', 'late'].entries()) {
      await walk.importDevice(seat.client, seat.target, hardware(160 + number), tag);
    }
    expect([
      await profileOf(hardware(169)),
      await profileOf(hardware(160)),
      await profileOf(hardware(161)),
      await profileOf(hardware(162)),
    ]).toEqual([807, 815, 809, 'blank']);
  });
});
