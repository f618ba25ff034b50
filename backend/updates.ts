// Updates of Windows, critical ones at OOBE and quality updates at its end: a check and content. The real protocol (Windows Update) is
// far larger; this shape is ours, and carries what the flow needs: what is found, how big it is, whether it wants a restart. An
// update that a device has fetched is not offered again, so after a restart there is none.
import { findsUpdates } from '../catalog/content.ts';
import type { UpdatesConfig } from '../catalog/content.ts';
import { DEVICE_TOKEN_HEADER } from '../protocol/autopilot/autopilot-profile.ts';
import { readJsonObject } from '../protocol/encoding/json.ts';
import { accountOfTicket } from './profile/device-tickets.ts';
import type { ContentFile } from './content.ts';
import { contentReply } from './content-reply.ts';
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

/** POST /v1/check {kind?: critical|quality, osVersion, installed?: [id]} -> {updates: [{id, title, url, sizeBytes, sha256, restart}]} */
function check(tenant: Tenant, request: BackendRequest): Reply {
  const account = accountOfTicket(tenant, headerOf(request, DEVICE_TOKEN_HEADER) ?? '');
  if (account === undefined)
    return errorReply(401, 'DeviceTokenInvalid', 'The device token is missing, wrong or expired.');
  const body = readJsonObject(request.body.toString('utf8'));
  if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
  const { kind = 'critical', installed } = body.value;
  if (kind !== 'critical' && kind !== 'quality')
    return errorReply(400, 'BadRequest', 'The kind of updates is neither critical nor quality.');
  const match = tenant.registrations.match(account.facts);
  const group = match.ok ? tenant.groupOf(match.value) : undefined;
  const offer = group && offerOf(tenant, group.updates, kind);
  const known = [...account.updates, ...(Array.isArray(installed) ? (installed as unknown[]) : [])];
  if (offer === undefined || known.includes(offer.file.id)) return jsonReply(200, { updates: [] });
  const { id, title, url, bytes, sha256 } = offer.file;
  return jsonReply(200, {
    updates: [
      {
        id,
        title,
        url: `${url}?${DEVICE_PARAMETER}=${account.puid}`,
        sizeBytes: bytes,
        sha256,
        restart: offer.restart,
      },
    ],
  });
}

interface Offer {
  readonly file: ContentFile;
  readonly restart: boolean;
}

function offerOf(tenant: Tenant, updates: UpdatesConfig, kind: 'critical' | 'quality'): Offer | undefined {
  const { quality } = updates;
  if (kind === 'quality') {
    return quality === null ? undefined : { file: tenant.content.qualityUpdate(quality), restart: quality.restart };
  }
  if (!findsUpdates(updates)) return undefined;
  return { file: tenant.content.update(updates), restart: updates.kind === 'restart' };
}

function content(tenant: Tenant, request: BackendRequest): Reply {
  const file = tenant.content.at('updates', request.parameters['file'] ?? '');
  const device = request.query.get(DEVICE_PARAMETER);
  if (file !== undefined && device !== null && request.method === 'GET')
    tenant.deviceAccounts.noteUpdate(device, file.id);
  return contentReply(file, request);
}
