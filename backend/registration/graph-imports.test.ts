import { describe, expect, it } from 'vitest';
import { encodeHardwareHash } from '../../protocol/autopilot/hardware-hash.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { TestTenant } from '../fixtures/tenant.ts';
import type { Reply } from '../http/message.ts';
import { GraphImports, IMPORT_TAKES_MS, SINGLE_IMPORTS_MAX } from './graph-imports.ts';

function identity(number: number, more: object = {}): object {
  const hardwareIdentifier = encodeHardwareHash({
    disks: [],
    diskSerials: [],
    networkAdapters: [],
    serialNumber: `S-${number}`,
    smbiosUuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  });
  return { serialNumber: `S-${number}`, hardwareIdentifier, groupTag: 'default', ...more };
}

function json(reply: Reply): Record<string, unknown> {
  return { status: reply.status, ...(JSON.parse(reply.body as string) as Record<string, unknown>) };
}

function setUp(changes: Parameters<typeof testTenant>[0] = {}): TestTenant & {
  readonly imports: GraphImports;
  readonly post: (body: object) => Record<string, unknown>;
  readonly state: (id: unknown) => unknown;
} {
  const { tenant, clock } = testTenant(changes);
  const imports = new GraphImports(tenant);
  return {
    tenant,
    clock,
    imports,
    post: (body) => json(imports.importOne(testRequest({ body: JSON.stringify(body) }))),
    state: (id) => json(imports.findImport(testRequest({ parameters: { id: String(id) } })))['state'],
  };
}

describe('an import', () => {
  it('is pending, then complete, and only then is the device registered', async () => {
    const { tenant, clock, post, state } = setUp({ speed: 10 });
    const created = post(identity(1));
    expect(created).toMatchObject({ status: 201, state: { deviceImportStatus: 'pending', deviceErrorCode: 0 } });
    await clock.advance(IMPORT_TAKES_MS / 10 - 1);
    expect(state(created['id'])).toMatchObject({ deviceImportStatus: 'pending', deviceRegistrationId: '' });
    expect([...tenant.registrations.all()]).toEqual([]);
    await clock.advance(1);
    const [registration] = tenant.registrations.all();
    expect(state(created['id'])).toEqual({
      deviceImportStatus: 'complete',
      deviceRegistrationId: registration!.id,
      deviceErrorCode: 0,
      deviceErrorName: '',
    });
  });

  it('ends in error: 806 for a device that is there, 808 for one of another tenant, and what else is wrong with it', async () => {
    const { tenant, clock, imports, state } = setUp();
    const facts = {
      endorsementKeyHash: '',
      smbiosUuid: '00000000-0000-4000-8000-000000000002',
      serialNumber: 'S-2',
      manufacturer: '',
      model: '',
      productId: '',
      parts: [],
    };
    tenant.registrations.register(facts, { groupTag: '', assignedUser: '', foreign: true });
    const identities = [
      identity(1),
      identity(1),
      identity(2),
      identity(3, { serialNumber: 'other' }),
      identity(4, { assignedUserPrincipalName: 'somebody@elsewhere.test' }),
      identity(5, { assignedUserPrincipalName: `nobody@${tenant.config.domain}` }),
    ];
    const body = JSON.stringify({ importedWindowsAutopilotDeviceIdentities: identities });
    const { status, value } = json(imports.importMany(testRequest({ body })));
    expect(status).toBe(200);
    await clock.advance(IMPORT_TAKES_MS);
    const states = (value as { id: string }[]).map(({ id }) => state(id) as Record<string, unknown>);
    expect(states.map((each) => [each['deviceErrorCode'], each['deviceErrorName']])).toEqual([
      [0, ''],
      [806, 'ZtdDeviceAlreadyAssigned'],
      [808, 'ZtdDeviceAssignedToOtherTenant'],
      [908, 'SerialNumberMismatch'],
      [400, 'InvalidAssignedUser'],
      // Of the user only the domain is looked at.
      [0, ''],
    ]);
  });

  it('of a hash without its padding is refused in the words of the service', () => {
    const { tenant, imports, post } = setUp();
    expect(post(identity(1, { hardwareIdentifier: 'T0EEAA' }))).toMatchObject({
      status: 400,
      error: {
        message: expect.stringMatching(
          /^Cannot convert the literal 'T0EEAA' to the expected type 'Edm.Binary'/,
        ) as string,
      },
    });
    const many = { importedWindowsAutopilotDeviceIdentities: [identity(1), identity(2, { hardwareIdentifier: '!' })] };
    expect(imports.importMany(testRequest({ body: JSON.stringify(many) })).status).toBe(400);
    expect(tenant.registrations.count).toBe(0);
    expect(imports.findImport(testRequest({ parameters: { id: 'x' } })).status).toBe(404);
  });

  it('is throttled after so many single ones, until the window has passed; a bulk import is not', async () => {
    const { tenant, clock, imports, post } = setUp({ speed: 10 });
    for (let number = 0; number < SINGLE_IMPORTS_MAX; number++) expect(post(identity(number))['status']).toBe(201);
    await clock.advance(1_500);
    const refused = imports.importOne(testRequest({ body: JSON.stringify(identity(100)) }));
    expect([refused.status, refused.headers?.['retry-after']]).toEqual([429, '5']);
    const body = JSON.stringify({ importedWindowsAutopilotDeviceIdentities: [identity(101)] });
    expect(imports.importMany(testRequest({ body })).status).toBe(200);
    await clock.advance(4_500);
    expect(post(identity(100))['status']).toBe(201);
    expect(tenant.registrations.count).toBe(SINGLE_IMPORTS_MAX + 2);
  });
});
