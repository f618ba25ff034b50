// Registration as an administrator's script does it in the shape of Microsoft Graph (flow.md 0.1): import a device, ask how the
// import went, sync, look devices up, name their users. Not a device's own work: the clerks of a shard have a network of their own.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonObject } from '../../protocol/encoding/json.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import type { DeviceNetwork, OperationOf } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import type { ExchangeRequest } from '../network/request.ts';
import { readAs, unexpectedReply } from './replies.ts';

const IMPORTS = '/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities';
const IDENTITIES = '/v1.0/deviceManagement/windowsAutopilotDeviceIdentities';
const SYNC = '/v1.0/deviceManagement/windowsAutopilotSettings/sync';

/** Imports one device; the id to ask for its outcome with. */
export async function importIdentity(
  network: DeviceNetwork,
  token: string,
  row: RegistrationRow,
): Promise<Result<string, StepFailure>> {
  const body = {
    '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
    groupTag: row.groupTag ?? '',
    serialNumber: row.serialNumber,
    productKey: row.productId,
    hardwareIdentifier: row.hardwareHash,
    assignedUserPrincipalName: row.assignedUser ?? '',
  };
  const reply = await ask(network, token, 'import', { method: 'POST', target: IMPORTS }, body);
  if (!reply.ok) return reply;
  if (reply.value.status !== 201) return unexpectedReply(reply.value, 'device import');
  const json = readAs(readJsonObject(reply.value.text()), 'device import');
  if (!json.ok) return json;
  const members = new Members(json.value);
  return readAs(members.result(members.string('id')), 'device import');
}

/** `error` with the service's code: 806 already registered, 808 another tenant's. */
export type ImportState =
  | { readonly status: 'pending' }
  | { readonly status: 'complete' }
  | { readonly status: 'error'; readonly errorCode: number; readonly errorName: string };

export async function importState(
  network: DeviceNetwork,
  token: string,
  id: string,
): Promise<Result<ImportState, StepFailure>> {
  const reply = await ask(network, token, 'import-state', { method: 'GET', target: `${IMPORTS}/${id}` });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'import state');
  const json = readAs(readJsonObject(reply.value.text()), 'import state');
  if (!json.ok) return json;
  const root = new Members(json.value);
  const state = new Members(root.object('state'), { path: 'state.' });
  const read = root.result(
    {
      status: state.string('deviceImportStatus'),
      errorCode: state.optionalInteger('deviceErrorCode') ?? 0,
      errorName: state.optionalString('deviceErrorName') ?? '',
    },
    state,
  );
  if (!read.ok) return readAs(read, 'import state');
  const { status, errorCode, errorName } = read.value;
  if (status === 'complete') return ok({ status });
  return ok(status === 'error' ? { status, errorCode, errorName } : { status: 'pending' });
}

/** Asks for a sync; that somebody did so a short time ago is as good. */
export async function syncDevices(network: DeviceNetwork, token: string): Promise<Result<null, StepFailure>> {
  const reply = await ask(network, token, 'sync', { method: 'POST', target: SYNC });
  if (!reply.ok) return reply.error.code === 'throttled' ? ok(null) : reply;
  return reply.value.status === 204 || reply.value.status === 409 ? ok(null) : unexpectedReply(reply.value, 'sync');
}

/** Registered devices of the tenant: id by serial number, all pages. */
export async function identitiesBySerial(
  network: DeviceNetwork,
  token: string,
): Promise<Result<ReadonlyMap<string, string>, StepFailure>> {
  const found = new Map<string, string>();
  let target: string | undefined = IDENTITIES;
  while (target !== undefined) {
    const reply: Result<Reply, StepFailure> = await ask(network, token, 'identities', { method: 'GET', target });
    if (!reply.ok) return reply;
    if (reply.value.status !== 200) return unexpectedReply(reply.value, 'registered devices');
    const json = readAs(readJsonObject(reply.value.text()), 'registered devices');
    if (!json.ok) return json;
    const listed: unknown[] = Array.isArray(json.value['value']) ? json.value['value'] : [];
    const before = found.size;
    for (const { id, serialNumber } of listed.filter(isObject)) {
      if (typeof id === 'string' && typeof serialNumber === 'string') found.set(serialNumber, id);
    }
    const next = json.value['@odata.nextLink'];
    target = typeof next === 'string' ? next : undefined;
    // A list that has no end brings nothing new.
    if (target !== undefined && found.size === before) {
      return stepFailure('reply-unexpected', 'registered devices: a page brings nothing new');
    }
  }
  return ok(found);
}

/** Names the user of a registered device. */
export async function assignUserToDevice(
  network: DeviceNetwork,
  token: string,
  { id, userName }: { readonly id: string; readonly userName: string },
): Promise<Result<null, StepFailure>> {
  const request = { method: 'POST', target: `${IDENTITIES}/${id}/assignUserToDevice`, idempotent: true } as const;
  const body = { userPrincipalName: userName, addressableUserName: userName };
  const reply = await ask(network, token, 'assign-user', request, body);
  if (!reply.ok) return reply;
  return reply.value.status === 204 || reply.value.status === 200
    ? ok(null)
    : unexpectedReply(reply.value, 'assign user');
}

function ask(
  network: DeviceNetwork,
  token: string,
  operation: OperationOf<'registration'>,
  request: ExchangeRequest,
  body?: object,
): Promise<Result<Reply, StepFailure>> {
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  return network.exchange('registration', operation, {
    ...request,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
