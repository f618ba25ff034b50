// The Entra join: discovery of the registration service, then the device's own certificate against its request (entra-join.md 1, 4).
// An Autopilot device proves that it is the registered hardware by its device ticket, and takes over the object made for it. A
// device leaves again by the certificate that it got.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseCertificate } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import {
  JOIN_TYPES,
  parseJoinResponse,
  parseRegistrationDiscovery,
  writeJoinRequest,
} from '../../protocol/sign-in/device-registration.ts';
import { encodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { isRedirect, joinFailure } from './join-errors.ts';

/** Where to join, and where to register keys. */
export interface JoinService {
  readonly endpoint: string;
  readonly keyEndpoint: string;
}

/** The subject that every Windows device asks for; the service puts the device id in its place. */
const REQUEST_SUBJECT = [{ type: 'CN', value: '7E980AD9-B86D-4306-9425-9AC066FB014A' }];
const PUBLIC_EXPONENT = Buffer.from('010001', 'hex');
const ADMINISTRATORS = 'S-1-5-32-544';
/** Where keys are registered if discovery names no place. */
const KEY_PATH = '/EnrollmentServer/key/';
/** Where a device's object is, below the join service. */
const DEVICE_PATH = '/EnrollmentServer/device/';

export async function discoverJoin(network: DeviceNetwork, domain: string): Promise<Result<JoinService, StepFailure>> {
  const reply = await network.exchange('join', 'discover', {
    method: 'GET',
    target: `/${encodeURIComponent(domain)}/Discover?api-version=1.9&managed=True`,
    headers: { Accept: 'application/json' },
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status !== 200) {
    const code = isRedirect(status) ? '0x801c000b' : status === 400 ? '0x801c0012' : '0x801c000c';
    return stepFailure(code, `discovery answered with status ${status}`);
  }
  const discovery = parseRegistrationDiscovery(reply.value.text());
  if (!discovery.ok) return stepFailure('0x801c000c', discovery.error.reason);
  const { DeviceJoinService, KeyProvisioningService } = discovery.value;
  return ok({
    endpoint: DeviceJoinService.JoinEndpoint,
    keyEndpoint: KeyProvisioningService?.KeyProvisionEndpoint ?? KEY_PATH,
  });
}

export interface Joining {
  readonly accessToken: string;
  /** The device ticket of the profile step; it names the registered hardware. */
  readonly deviceToken: string;
  readonly identity: DeviceIdentity;
  readonly deviceKey: DeviceKey;
  readonly transportKey: DeviceKey;
  readonly domain: string;
}

export interface Joined {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly deviceId: string;
  /** SIDs that become local administrators. */
  readonly addedSids: readonly string[];
}

export async function registerDevice(
  network: DeviceNetwork,
  service: Pick<JoinService, 'endpoint'>,
  joining: Joining,
): Promise<Result<Joined, StepFailure>> {
  const { identity, deviceKey, transportKey } = joining;
  const { publicKeyInfo } = deviceKey;
  const body = writeJoinRequest({
    certificateRequest: buildCertificateRequest({ subject: REQUEST_SUBJECT, publicKeyInfo }, deviceKey),
    transportKey: encodeRsaPublicBlob({ modulus: transportKey.modulus(), exponent: PUBLIC_EXPONENT }),
    targetDomain: joining.domain,
    deviceType: 'Windows',
    osVersion: identity.osVersion,
    deviceDisplayName: identity.computerName,
    joinType: JOIN_TYPES.join,
    attributes: {
      ReuseDevice: 'true',
      ReturnClientSid: 'true',
      'MSA-DDID': Buffer.from(joining.deviceToken).toString('base64'),
    },
  });
  const reply = await network.exchange('join', 'register', {
    method: 'POST',
    target: `${service.endpoint}${service.endpoint.includes('?') ? '&' : '?'}api-version=2.0`,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': `Dsreg/10.0 (Windows ${identity.osVersion})`,
      Authorization: `Bearer ${joining.accessToken}`,
    },
    body,
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return joinFailure(reply.value);
  const response = parseJoinResponse(reply.value.text());
  if (!response.ok) return stepFailure('0x801c0001', response.error.reason);
  const { certificate, membershipChanges } = response.value;
  const deviceId = deviceIdOf(certificate, publicKeyInfo);
  if (deviceId === undefined) return stepFailure('0x801c03e9', "the certificate is not one for the device's key");
  const added = membershipChanges.find((change) => change.localSid === ADMINISTRATORS);
  return ok({ certificate, deviceId, addedSids: added?.addSids ?? [] });
}

/** The subject's CN, if the certificate is for the key that asked for it. */
function deviceIdOf(der: Uint8Array, publicKeyInfo: Uint8Array): string | undefined {
  const certificate = parseCertificate(der);
  if (!certificate.ok || Buffer.compare(certificate.value.publicKeyInfo, publicKeyInfo) !== 0) return undefined;
  return certificate.value.subject.find(({ type }) => type === 'CN')?.value;
}

/** Who leaves: the device of this id, by its certificate and the key that it was issued for. */
export interface Leaving {
  readonly deviceId: string;
  readonly certificate: Uint8Array;
  readonly deviceKey: DeviceKey;
}

/** Ends the join (entra-join.md 4.4). */
export async function unregisterDevice(
  network: DeviceNetwork,
  { deviceId, certificate, deviceKey }: Leaving,
): Promise<Result<void, StepFailure>> {
  network.useClientCertificate('join', { certificateDer: certificate, keyPem: deviceKey.pkcs1Pem() });
  const reply = await network.exchange('join', 'unregister', {
    method: 'DELETE',
    target: `${DEVICE_PATH}${encodeURIComponent(deviceId)}?api-version=1.0`,
    idempotent: true,
  });
  network.close('join');
  if (!reply.ok) return reply;
  return reply.value.status === 200 ? ok(undefined) : joinFailure(reply.value);
}
