// AD FS of the tenant: the sign-in of federated accounts, by redirect or by WS-Trust.
import type { BackendService } from '../http/message.ts';

export function federationService(): BackendService {
  return { name: 'federation', bodyBytesMax: 0, routes: [] };
}
