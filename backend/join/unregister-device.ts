// Ends a join at the wish of the device, which proves itself by the certificate that the join gave it (entra-join, 4.4): 200, or 400
// with the reason.
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { refusalReply } from './refusal.ts';
import type { JoinRefusal } from './refusal.ts';

export function unregisterDevice(tenant: Tenant, request: BackendRequest): Reply {
  const refuse = (errorType: JoinRefusal['errorType'], message: string): Reply =>
    refusalReply(tenant, { status: 400, errorType, message });
  if (request.query.get('api-version') !== '1.0') return refuse('InvalidParameter', 'api-version is not 1.0.');
  const device = tenant.joinedDevices.find(request.parameters['device'] ?? '');
  if (device === undefined) return refuse('DirectoryError', 'The device object by the given id is not found.');
  if (request.clientCertificate?.thumbprint !== device.thumbprint) {
    return refuse('AuthenticationError', 'The client certificate is not that of the device.');
  }
  tenant.joinedDevices.remove(device.deviceId);
  return { status: 200, body: '' };
}
