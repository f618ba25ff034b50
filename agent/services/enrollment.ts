// MDM enrollment as MS-MDE2 has it after an Entra join: Discover, GetPolicies (optional), RequestSecurityToken; the answer is the
// provisioning document. Any MDM: every address comes from the sign-in or from Discover.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { extendedKeyUsage, parseCertificate, rawExtension } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { parseDiscoverResponse, writeDiscoverRequest } from '../../protocol/enrollment/enrollment-discovery.ts';
import type { DiscoverResponse } from '../../protocol/enrollment/enrollment-discovery.ts';
import { parseGetPoliciesResponse, writeGetPoliciesRequest } from '../../protocol/enrollment/enrollment-policy.ts';
import {
  enrollmentContextItems,
  parseRequestSecurityTokenResponse,
  writeRequestSecurityToken,
} from '../../protocol/enrollment/enrollment-token.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { parseProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import type { ProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import type { XmlElement } from '../../protocol/encoding/xml.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork, OperationOf } from '../network/device-network.ts';
import { readAs } from './replies.ts';
import { callSoap, faultFailure } from './soap-call.ts';

/** The version of the enrollment protocol that the device speaks. */
const REQUEST_VERSION = '5.0';
/** Bits of the keys that devices have. */
const KEY_BITS = 2048;

export interface Enrolling {
  /** `mdm_enrollment_url` of the id_token. */
  readonly discoveryUrl: string;
  readonly upn: string;
  /** For the MDM, with the device id of the join. */
  readonly accessToken: string;
  readonly identity: DeviceIdentity;
  readonly deviceId: string;
  readonly mdmKey: DeviceKey;
  /** Of the Autopilot profile; empty where there was none. */
  readonly ztdRegistrationId: string;
  readonly termsOfUseBlob?: string;
  /** For message ids. */
  readonly stream: RandomStream;
}

export async function enrollDevice(
  network: DeviceNetwork,
  enrolling: Enrolling,
): Promise<Result<ProvisioningDocument, StepFailure>> {
  const discovered = await discover(network, enrolling);
  if (!discovered.ok) return discovered;
  const { enrollmentPolicyServiceUrl: policyUrl, enrollmentServiceUrl } = discovered.value;
  if (policyUrl !== undefined) {
    const allowed = await checkPolicies(network, policyUrl, enrolling);
    if (!allowed.ok) return allowed;
  }
  return requestCertificate(network, enrollmentServiceUrl, enrolling);
}

async function discover(
  network: DeviceNetwork,
  { discoveryUrl, upn, identity, stream }: Enrolling,
): Promise<Result<DiscoverResponse, StepFailure>> {
  const envelope = writeDiscoverRequest(
    {
      emailAddress: upn,
      requestVersion: REQUEST_VERSION,
      deviceType: 'CIMClient_Windows',
      applicationVersion: identity.osVersion,
      osEdition: identity.osEditionSku,
      authPolicies: ['OnPremise', 'Federated'],
    },
    { messageId: messageId(stream), to: discoveryUrl },
  );
  const body = await call(network, 'discover', discoveryUrl, envelope);
  return body.ok ? readAs(parseDiscoverResponse(body.value), 'Discover') : body;
}

/** Asks what the certificate request must be like; a device that cannot comply ends here. */
async function checkPolicies(
  network: DeviceNetwork,
  url: string,
  { accessToken, identity, stream }: Enrolling,
): Promise<Result<void, StepFailure>> {
  const envelope = writeGetPoliciesRequest(
    { tpmManufacturer: identity.tpm.manufacturerId, tpmFirmwareVersion: identity.tpm.firmware },
    { messageId: messageId(stream), to: url, security: { kind: 'jwt', token: accessToken } },
  );
  const body = await call(network, 'policies', url, envelope);
  if (!body.ok) return body;
  const policies = readAs(parseGetPoliciesResponse(body.value), 'GetPolicies');
  if (!policies.ok) return policies;
  const wanted = Math.max(0, ...policies.value.policies.map(({ minimalKeyLength }) => minimalKeyLength));
  return wanted > KEY_BITS ? stepFailure('0x80180004', `the policy asks for keys of ${wanted} bits`) : ok(undefined);
}

async function requestCertificate(
  network: DeviceNetwork,
  url: string,
  enrolling: Enrolling,
): Promise<Result<ProvisioningDocument, StepFailure>> {
  const { identity, deviceId, mdmKey, ztdRegistrationId, termsOfUseBlob } = enrolling;
  const { publicKeyInfo } = mdmKey;
  const certificateRequest = buildCertificateRequest(
    {
      subject: [{ type: 'CN', value: deviceId }],
      publicKeyInfo,
      extensions: [
        extendedKeyUsage(OID.clientAuth),
        rawExtension(OID.hardwareDeviceId, Buffer.from(identity.hardwareDeviceId)),
      ],
    },
    mdmKey,
  );
  const contextItems = enrollmentContextItems({
    applicationVersion: identity.osVersion,
    osVersion: identity.osVersion,
    osEdition: identity.osEditionSku,
    deviceName: identity.computerName,
    deviceId,
    hardwareDeviceId: identity.hardwareDeviceId,
    macAddresses: identity.macAddresses,
    locale: identity.locale,
    requestVersion: REQUEST_VERSION,
    ...(termsOfUseBlob !== undefined && { enrollmentData: termsOfUseBlob }),
    ...(ztdRegistrationId !== '' && { zeroTouchProvisioning: ztdRegistrationId }),
  });
  const envelope = writeRequestSecurityToken(
    { certificateRequest, contextItems, token: { kind: 'jwt', token: enrolling.accessToken } },
    { messageId: messageId(enrolling.stream), to: url },
  );
  const body = await call(network, 'request-security-token', url, envelope);
  if (!body.ok) return body;
  const response = readAs(parseRequestSecurityTokenResponse(body.value), 'RequestSecurityTokenResponse');
  if (!response.ok) return response;
  const document = readAs(parseProvisioningDocument(response.value.provisioningDocument), 'provisioning document');
  if (!document.ok) return document;
  const issued = readAs(parseCertificate(document.value.clientCertificate.certificate), 'issued certificate');
  if (!issued.ok) return issued;
  if (Buffer.compare(issued.value.publicKeyInfo, publicKeyInfo) !== 0) {
    return stepFailure('reply-malformed', "the issued certificate is not for the device's key");
  }
  return document;
}

/** The body's element; a fault is the failure that Windows shows for it. */
async function call(
  network: DeviceNetwork,
  operation: OperationOf<'enrollment'>,
  url: string,
  envelope: string,
): Promise<Result<XmlElement, StepFailure>> {
  const reply = await callSoap(network, 'enrollment', operation, url, envelope);
  if (!reply.ok) return reply;
  return reply.value.kind === 'fault' ? faultFailure(reply.value.fault) : ok(reply.value.body);
}

function messageId(stream: RandomStream): string {
  return `urn:uuid:${stream.guid()}`;
}
