// Joins a device: the user's token, the tenant's device settings, the certificate request and the transport key are checked, the
// device object that registration pre-created is found by the device's ticket, and the device certificate is issued
// (entra-join, 4.1).
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64 } from '../../protocol/encoding/base64.ts';
import { JOIN_TYPES, joinAttribute, parseJoinRequest } from '../../protocol/sign-in/device-registration.ts';
import type { JoinRequest, JoinResponse } from '../../protocol/sign-in/device-registration.ts';
import { sha1Thumbprint, sha256Hex } from '../../protocol/encoding/digest.ts';
import { DEVICE_REGISTRATION_RESOURCE } from '../../protocol/sign-in/oauth.ts';
import { decodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { checkCertificateRequest } from '../certificate-requests.ts';
import type { User } from '../directory.ts';
import { bearerOf } from '../http/message.ts';
import type { BackendRequest } from '../http/message.ts';
import { objectSid } from '../identifiers.ts';
import { SESSION_CLAIM } from '../login/claims.ts';
import { accountOfTicket } from '../profile/device-tickets.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { claimText } from '../tokens.ts';
import { issueDeviceCertificate } from './device-certificate.ts';
import { hasRoomFor, mayJoin } from './device-settings.ts';
import { refuse } from './refusal.ts';
import type { JoinRefusal } from './refusal.ts';

/** The local administrators group. */
const ADMINISTRATORS_SID = 'S-1-5-32-544';
/** Directory roles whose members administer every joined device. */
const ADMINISTRATOR_ROLES = ['Global Administrator', 'Device Administrator'] as const;
const TRANSPORT_KEY_BYTES = 256;

export function registerDevice(tenant: Tenant, request: BackendRequest): Result<JoinResponse, JoinRefusal> {
  const bearer = bearerOf(request);
  if (bearer === undefined) return refuse(401, 'AuthenticationError', 'The request has no bearer token.');
  const claims = tenant.tokens.verify(bearer, [DEVICE_REGISTRATION_RESOURCE]);
  if (!claims.ok) return refuse(401, 'AuthenticationError', `Invalid token: ${claims.error}.`);
  const user = tenant.directory.find(claimText(claims.value, 'upn') ?? '');
  if (user === undefined) return refuse(401, 'AuthenticationError', 'The user of the token is not in the directory.');
  if (!mayJoin(tenant, user)) {
    const message = `Administrator policy does not allow user '${user.upn}' to device join.`;
    return refuse(400, 'invalid_request', message);
  }
  const parsed = parseJoinRequest(request.body.toString('utf8'));
  if (!parsed.ok) return refuse(400, 'InvalidParameter', `The request cannot be read: ${parsed.error.reason}.`);
  const asked = parsed.value;
  if (asked.joinType !== JOIN_TYPES.join) {
    return refuse(400, 'InvalidParameter', `JoinType ${asked.joinType} is not one that this tenant takes.`);
  }
  const transportKey = decodeRsaPublicBlob(asked.transportKey);
  if (!transportKey.ok) return refuse(400, 'InvalidParameter', `TransportKey: ${transportKey.error.reason}.`);
  if (transportKey.value.modulus.length !== TRANSPORT_KEY_BYTES) {
    return refuse(400, 'InvalidParameter', 'TransportKey is not an RSA key of 2048 bits.');
  }
  const certificateRequest = checkCertificateRequest(asked.certificateRequest);
  if (!certificateRequest.ok) return refuse(400, 'InvalidParameter', certificateRequest.error);
  const registration = registrationOf(tenant, asked);
  if (!registration.ok) return registration;
  const { publicKeyInfo } = certificateRequest.value;
  const deviceId = registration.value?.entraDeviceId ?? ofKey(tenant, publicKeyInfo, asked);
  if (!hasRoomFor(tenant, user, deviceId)) return refuse(400, 'AuthorizationError', 'DeviceCapReached');
  const certificate = issueDeviceCertificate(tenant, { deviceId, userObjectId: user.objectId, publicKeyInfo });
  const thumbprint = sha1Thumbprint(certificate);
  const added = tenant.joinedDevices.add({
    deviceId,
    displayName: asked.deviceDisplayName,
    osVersion: asked.osVersion,
    userIndex: user.index,
    thumbprint,
    registrationId: registration.value?.id,
    transportKey: asked.transportKey,
  });
  if (!added) return refuse(503, 'ServiceUnavailable', 'The tenant has no room for another device.');
  tenant.sessions.bindDevice(claimText(claims.value, SESSION_CLAIM) ?? '', deviceId);
  const addSids = administrators(tenant, user, registration.value);
  return ok({
    certificate,
    thumbprint,
    upn: user.upn,
    membershipChanges: [{ localSid: ADMINISTRATORS_SID, addSids }],
  });
}

/**
 * The registration that the device's ticket (MSA-DDID) leads to, whose object the join attaches to (ReuseDevice); none for a device
 * that brings no ticket, is not registered, or does not want that object.
 */
function registrationOf(tenant: Tenant, asked: JoinRequest): Result<Registration | undefined, JoinRefusal> {
  const encoded = joinAttribute(asked, 'MSA-DDID');
  if (encoded === undefined) return ok(undefined);
  const ticket = fromBase64(encoded);
  const account = ticket === undefined ? undefined : accountOfTicket(tenant, Buffer.from(ticket).toString('utf8'));
  if (account === undefined) return refuse(400, 'InvalidParameter', 'MSA-DDID is not a device ticket of this tenant.');
  if (!reusesDevice(asked)) return ok(undefined);
  const match = tenant.registrations.match(account.facts);
  if (!match.ok) {
    if (match.error.code === 807) return ok(undefined);
    const message = `The device does not match its registration: ${match.error.detail}`;
    return refuse(403, 'AuthorizationError', message, 'error_device_not_authorized');
  }
  // What another tenant has registered has no object here.
  if (match.value.foreign) return ok(undefined);
  const { entraDeviceId } = match.value;
  if (!tenant.joinedDevices.isDeleted(entraDeviceId)) return ok(match.value);
  const message = `The device object by the given id (${entraDeviceId}) is not found.`;
  return refuse(400, 'DirectoryError', message, 'error_missing_device');
}

/** A device that was not registered gets an id by its key; joining again it keeps it, unless it asks for a new object. */
function ofKey(tenant: Tenant, publicKeyInfo: Uint8Array, asked: JoinRequest): string {
  const stream = new RandomStream(`${tenant.config.seed}\u0000unregistered\u0000${sha256Hex(publicKeyInfo)}`);
  let deviceId = stream.guid();
  while (!reusesDevice(asked) && tenant.joinedDevices.find(deviceId) !== undefined) deviceId = stream.guid();
  return deviceId;
}

function reusesDevice(asked: JoinRequest): boolean {
  return joinAttribute(asked, 'ReuseDevice')?.toLowerCase() === 'true';
}

/** Whom the device is to add to its administrators: two roles, and the user where the profile makes users administrators. */
function administrators(tenant: Tenant, user: User, registration: Registration | undefined): string[] {
  const roles = ADMINISTRATOR_ROLES.map((role) => objectSid(tenant.identifiers.guid('role', role)));
  const group = registration === undefined ? undefined : tenant.groupOf(registration);
  return group?.profile.standardUser === true ? roles : [...roles, objectSid(user.objectId)];
}
