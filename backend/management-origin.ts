// The management origin: OMA-DM over mutual TLS. It lets in the certificates that MDM enrollment issued, and no others; what the
// messages say is backend/management's.
import { errorReply } from './http/message.ts';
import type { BackendRequest, BackendService, Reply } from './http/message.ts';
import type { Tenant } from './tenant.ts';
import { LIMITS } from '../kernel/limits.ts';

export const MANAGEMENT_PATH = '/omadm';

export function managementService(tenant: Tenant): BackendService {
  return {
    name: 'management',
    bodyBytesMax: LIMITS.xmlCharactersMax,
    routes: [{ method: 'POST', path: MANAGEMENT_PATH, handle: (request) => manage(tenant, request) }],
  };
}

function manage(tenant: Tenant, request: BackendRequest): Reply {
  const enrollment = tenant.enrollments.ofCertificate(request.clientCertificate?.thumbprint ?? '');
  if (enrollment === undefined) return errorReply(403, 'ClientCertificateRequired', 'no enrollment');
  return errorReply(501, 'NotImplemented', 'management is under construction');
}
