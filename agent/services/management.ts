// Messages of OMA-DM sessions on the wire: mutual TLS with the certificate that MDM enrollment issued, to the address that it named.
// What the messages say is the business of agent/management.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { ProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { unexpectedReply } from './replies.ts';

const CONTENT_TYPE = 'application/vnd.syncml.dm+xml; charset=utf-8';
const HEADERS = {
  'Content-Type': CONTENT_TYPE,
  Accept: 'application/vnd.syncml.dm+xml',
  'User-Agent': 'MSFT OMA DM Client/1.2.0.1',
};

/** Where the device is managed. */
export interface ManagementEndpoint {
  readonly address: string;
  readonly providerId: string;
}

/** Gives the device its certificate and the roots of the provisioning document, for its management sessions only. */
export async function openManagement(
  network: DeviceNetwork,
  document: ProvisioningDocument,
  mdmKey: DeviceKey,
): Promise<Result<ManagementEndpoint, StepFailure>> {
  const { application, clientCertificate, rootCertificates } = document;
  network.trustAlso('management', rootCertificates);
  network.useClientCertificate('management', {
    certificateDer: clientCertificate.certificate,
    keyPem: mdmKey.pkcs1Pem(),
  });
  return ok({ address: application.address, providerId: application.providerId });
}

/** One message of a session and the server's answer to it, both SyncML text. */
export async function sendManagementMessage(
  network: DeviceNetwork,
  endpoint: ManagementEndpoint,
  body: string,
  userToken?: string,
): Promise<Result<string, StepFailure>> {
  const reply = await network.exchange('management', 'message', {
    method: 'POST',
    target: endpoint.address,
    headers: userToken === undefined ? HEADERS : { ...HEADERS, Authorization: `Bearer ${userToken}` },
    body,
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status === 200) return ok(reply.value.text());
  if (status === 401 || status === 403) return stepFailure('management-refused', `status ${status}`);
  return unexpectedReply(reply.value, 'management message');
}
