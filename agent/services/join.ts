// The Entra join: discovery of the registration service, then the device's own certificate against its request (entra-join.md 1, 4).
// An Autopilot device proves that it is the registered hardware by its device ticket, and takes over the object made for it.
import { stepFailure } from '../../catalog/failures.ts';
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseCertificate } from '../../protocol/certificate.ts';
import { buildCertificateRequest } from '../../protocol/certificate-request.ts';
import {
  JOIN_TYPES,
  parseJoinError,
  parseJoinResponse,
  parseRegistrationDiscovery,
  writeJoinRequest,
} from '../../protocol/device-registration.ts';
import { encodeRsaPublicBlob } from '../../protocol/rsa-blob.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';

/** Where to join. */
export interface JoinService {
  readonly endpoint: string;
}

/** The subject that every Windows device asks for; the service puts the device id in its place. */
const REQUEST_SUBJECT = [{ type: 'CN', value: '7E980AD9-B86D-4306-9425-9AC066FB014A' }];
const PUBLIC_EXPONENT = Buffer.from('010001', 'hex');
const ADMINISTRATORS = 'S-1-5-32-544';

export async function discoverJoin(network: DeviceNetwork, domain: string): Promise<Result<JoinService, StepFailure>> {
  const reply = await network.exchange('join', 'discover', {
    method: 'GET',
    target: `/${encodeURIComponent(domain)}/Discover?api-version=1.9&managed=True`,
    headers: { Accept: 'application/json' },
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status !== 200) return stepFailure('0x801c000c', `discovery answered with status ${status}`);
  const discovery = parseRegistrationDiscovery(reply.value.text());
  if (!discovery.ok) return stepFailure('0x801c000c', discovery.error.reason);
  return ok({ endpoint: discovery.value.DeviceJoinService.JoinEndpoint });
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
  service: JoinService,
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

/** ErrorType of the service to HRESULT; the cloud's newer bodies name some of them otherwise. Mapping: entra-join.md 4.2. */
const JOIN_ERRORS: Readonly<Record<string, FailureCode>> = {
  authenticationerror: '0x801c0002',
  authorizationerror: '0x801c0003',
  authorization_error: '0x801c0003',
  devicecapreached: '0x801c000e',
  error_device_cap_reached: '0x801c000e',
  invalidparameter: '0x801c03ed',
  invalid_request: '0x801c03ed',
  directoryerror: '0x801c03f3',
  error_missing_device: '0x801c03f3',
};

function joinFailure(reply: Reply): ReturnType<typeof stepFailure> {
  const error = parseJoinError(reply.text());
  const type = error.ok ? error.value.errorType.toLowerCase() : '';
  const message = error.ok ? error.value.message : '';
  const detail = `status ${reply.status} ${type}: ${message}`;
  // A quota comes as an authorization error whose message says so (MS-DVRE).
  const named = /DeviceCapReached/i.test(message) ? '0x801c000e' : JOIN_ERRORS[type];
  if (named !== undefined) return stepFailure(named, detail);
  if (reply.status === 401) return stepFailure('0x801c0002', detail);
  if (reply.status === 403) return stepFailure('0x801c0003', detail);
  return stepFailure('0x801c03eb', detail);
}
