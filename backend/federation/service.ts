// AD FS of the tenant: the sign-in of federated accounts, by redirect or by WS-Trust. The login service believes what it signs.
import type { BackendService } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { PASSIVE_PATH, showFederatedPage, signInFederated } from './passive.ts';
import { issueByTrust, METADATA_PATH, trustMetadata, USER_NAME_PATH } from './ws-trust.ts';

const BODY_BYTES_MAX = 64 * 1024;

export function federationService(tenant: Tenant): BackendService {
  if (tenant.config.groups.some(({ accounts }) => accounts.kind !== 'managed')) tenant.federation.prepare();
  return {
    name: 'federation',
    bodyBytesMax: BODY_BYTES_MAX,
    routes: [
      { method: 'GET', path: METADATA_PATH, operation: 'metadata', handle: trustMetadata(tenant) },
      { method: 'GET', path: PASSIVE_PATH, operation: 'sign-in-page', handle: showFederatedPage },
      {
        method: 'POST',
        path: PASSIVE_PATH,
        operation: 'sign-in',
        handle: (request) => signInFederated(tenant, request),
      },
      {
        method: 'POST',
        path: USER_NAME_PATH,
        operation: 'ws-trust',
        handle: (request) => issueByTrust(tenant, request),
      },
    ],
  };
}
