// Critical updates at OOBE: a check and content. The real protocol (Windows Update) is far larger; this shape is ours, and
// carries what the flow needs: what is found, how big it is, whether it wants a restart. An update that a device has fetched
// is not offered again, so after a restart there is none.
import { findsUpdates } from '../catalog/content.ts';
import { DEVICE_TOKEN_HEADER } from '../protocol/autopilot-profile.ts';
import { readJsonObject } from '../protocol/json.ts';
import { accountOfTicket } from './profile/device-tickets.ts';
import { contentReply } from './apps.ts';
import { errorReply, headerOf, jsonReply } from './http/message.ts';
import type { BackendRequest, BackendService, Reply } from './http/message.ts';
import type { Tenant } from './tenant.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** Names the device in the URL of its content, so that a fetch can be noted. */
const DEVICE_PARAMETER = 'device';

export function updatesService(tenant: Tenant): BackendService {
  return {
    name: 'updates',
    bodyBytesMax: BODY_BYTES_MAX,
    routes: [
      { method: 'POST', path: '/v1/check', operation: 'check', handle: (request) => check(tenant, request) },
      { method: 'GET', path: '/content/:file', operation: 'content', handle: (request) => content(tenant, request) },
    ],
  };
}

/** POST /v1/check {osVersion, installed?: [id]} -> {updates: [{id, title, url, sizeBytes, sha256, restart}]} */
function check(tenant: Tenant, request: BackendRequest): Reply {
  const account = accountOfTicket(tenant, headerOf(request, DEVICE_TOKEN_HEADER) ?? '');
  if (account === undefined)
    return errorReply(401, 'DeviceTokenInvalid', 'The device token is missing, wrong or expired.');
  const body = readJsonObject(request.body.toString('utf8'));
  if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
  const match = tenant.registrations.match(account.facts);
  const group = match.ok ? tenant.groupOf(match.value) : undefined;
  if (group === undefined || !findsUpdates(group.updates)) return jsonReply(200, { updates: [] });
  const file = tenant.content.update(group.updates);
  const installed = body.value['installed'];
  const known = [...account.updates, ...(Array.isArray(installed) ? (installed as unknown[]) : [])];
  if (known.includes(file.id)) return jsonReply(200, { updates: [] });
  const { id, title, url, bytes, sha256 } = file;
  return jsonReply(200, {
    updates: [
      {
        id,
        title,
        url: `${url}?${DEVICE_PARAMETER}=${account.puid}`,
        sizeBytes: bytes,
        sha256,
        restart: group.updates.kind === 'restart',
      },
    ],
  });
}

function content(tenant: Tenant, request: BackendRequest): Reply {
  const file = tenant.content.at('updates', request.parameters['file'] ?? '');
  const device = request.query.get(DEVICE_PARAMETER);
  if (file !== undefined && device !== null && request.method === 'GET')
    tenant.deviceAccounts.noteUpdate(device, file.id);
  return contentReply(file);
}
