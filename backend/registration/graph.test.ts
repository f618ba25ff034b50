import { expect, it } from 'vitest';
import { encodeHardwareHash } from '../../protocol/hardware-hash.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { Reply } from '../http/message.ts';
import { GraphRegistration } from './graph.ts';

const HASH = encodeHardwareHash({
  disks: [],
  diskSerials: [],
  networkAdapters: [],
  serialNumber: 'S-1',
  smbiosUuid: '00000000-0000-4000-8000-000000000001',
});

function json(reply: Reply): Record<string, unknown> {
  return { status: reply.status, ...(JSON.parse(reply.body as string) as Record<string, unknown>) };
}

it('imports an identity, tells its outcome by id, and lists it with its profile', () => {
  const { tenant } = testTenant();
  const graph = new GraphRegistration(tenant);
  const body = JSON.stringify({ serialNumber: 'S-1', hardwareIdentifier: HASH, groupTag: 'default' });
  const created = json(graph.importOne(testRequest({ body })));
  expect(created).toMatchObject({ status: 201, state: { deviceImportStatus: 'pending' } });
  const parameters = { id: String(created['id']) };
  expect(json(graph.findImport(testRequest({ parameters })))).toMatchObject({
    state: { deviceImportStatus: 'complete', deviceErrorCode: 0 },
  });
  expect(json(graph.listDevices(testRequest()))).toMatchObject({
    '@odata.count': 1,
    value: [{ serialNumber: 'S-1', groupTag: 'default', deploymentProfileAssignmentStatus: 'assignedInSync' }],
  });
  const many = json(graph.importMany(testRequest({ body: `{"importedWindowsAutopilotDeviceIdentities":[${body}]}` })));
  const [again] = many['value'] as { id: string }[];
  expect(json(graph.findImport(testRequest({ parameters: again! })))).toMatchObject({
    state: { deviceImportStatus: 'error', deviceErrorCode: 806, deviceErrorName: 'ZtdDeviceAlreadyAssigned' },
  });
});

it('says of a hash without its padding what the service says', () => {
  const graph = new GraphRegistration(testTenant().tenant);
  const body = JSON.stringify({ serialNumber: 'S-1', hardwareIdentifier: `${HASH}A` });
  const refused = json(graph.importOne(testRequest({ body })));
  expect(refused).toMatchObject({ status: 400, error: { message: expect.stringContaining("'Edm.Binary'") as string } });
  expect(json(graph.findImport(testRequest({ parameters: { id: 'x' } })))['status']).toBe(404);
});
