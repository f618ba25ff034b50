// Registers a Windows Hello key ([MS-KPP] 3.1.5.1.1): the token must name a joined device and its user, and say that the user gave a
// second factor for this.
import { RandomStream } from '../../kernel/random.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { DEVICE_REGISTRATION_RESOURCE } from '../../protocol/sign-in/oauth.ts';
import { decodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { parseKeyRequest, writeKeyError, writeKeyResponse } from '../../protocol/sign-in/windows-hello.ts';
import type { KeyResponse } from '../../protocol/sign-in/windows-hello.ts';
import { bearerOf, headerOf, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { HelloKey } from '../stores/hello-keys.ts';
import type { Tenant } from '../tenant.ts';
import { claimText } from '../tokens.ts';

interface KeyRefusal {
  readonly status: 400 | 401 | 503;
  readonly code: 'invalid_request' | 'authentication_error' | 'missing_device_id' | 'service_unavailable';
  readonly message: string;
}

/** Authentication methods that a key may be registered with. */
const SECOND_FACTORS = ['ngcmfa', 'mfa', 'http://schemas.microsoft.com/claims/multipleauthn'];
const KEY_BYTES = 256;

export function registerKey(tenant: Tenant, request: BackendRequest): Reply {
  const registered = register(tenant, request);
  const requestId = tenant.identifiers.guid('trace', request.body.toString('latin1'));
  const reply = registered.ok
    ? jsonTextReply(writeKeyResponse(registered.value))
    : jsonTextReply(writeKeyError({ ...registered.error, time: isoTime(tenant.clock.wallMs()) }));
  const headers = { ...reply.headers, 'request-id': requestId };
  if (registered.ok) return { ...reply, headers };
  const { status } = registered.error;
  return { ...reply, status, headers: status === 503 ? { ...headers, 'retry-after': '30' } : headers };
}

function register(tenant: Tenant, request: BackendRequest): Result<KeyResponse, KeyRefusal> {
  if (request.query.get('api-version') !== '1.0') return refuse(400, 'invalid_request', 'api-version is not 1.0.');
  if (!(headerOf(request, 'accept') ?? '').includes('application/json')) {
    return refuse(400, 'invalid_request', 'The request does not accept application/json.');
  }
  const blob = parseKeyRequest(request.body.toString('utf8'));
  if (!blob.ok) return refuse(400, 'invalid_request', `The request cannot be read: ${blob.error.reason}.`);
  const key = decodeRsaPublicBlob(blob.value);
  if (!key.ok) return refuse(400, 'invalid_request', `kngc: ${key.error.reason}.`);
  if (key.value.modulus.length !== KEY_BYTES) {
    return refuse(400, 'invalid_request', 'kngc is not an RSA key of 2048 bits.');
  }
  const claims = tenant.tokens.verify(bearerOf(request) ?? '', [DEVICE_REGISTRATION_RESOURCE]);
  if (!claims.ok) return refuse(401, 'authentication_error', `Invalid token: ${claims.error}.`);
  const user = tenant.directory.find(claimText(claims.value, 'upn') ?? '');
  if (user === undefined) return refuse(400, 'authentication_error', 'The user of the token is not in the directory.');
  const device = tenant.joinedDevices.find(claimText(claims.value, 'deviceid') ?? '');
  if (device === undefined) return refuse(401, 'missing_device_id', 'The token names no device of the directory.');
  const methods = claims.value['amr'];
  if (!Array.isArray(methods) || !methods.some((method) => SECOND_FACTORS.includes(String(method)))) {
    return refuse(401, 'invalid_request', "Multi-factor authentication is required for a 'ProvisionKey' operation.");
  }
  const { deviceId } = device;
  const added: HelloKey = {
    keyId: keyId(tenant, blob.value),
    userIndex: user.index,
    deviceId,
    keyHash: sha256Hex(blob.value),
  };
  if (!tenant.helloKeys.add(added)) {
    return refuse(503, 'service_unavailable', 'The tenant has no room for another key.');
  }
  return ok({ keyId: added.keyId, upn: user.upn });
}

function keyId(tenant: Tenant, blob: Uint8Array): string {
  return new RandomStream(`${tenant.config.seed}\u0000hello-key\u0000${sha256Hex(blob)}`).guid();
}

function refuse(
  status: KeyRefusal['status'],
  code: KeyRefusal['code'],
  message: string,
): ReturnType<typeof fail<KeyRefusal>> {
  return fail({ status, code, message });
}
