// The gateway of the management extension: where it is, app policies, content locations. Over mutual TLS.
import type { BackendService } from '../http/message.ts';

export function gatewayService(): BackendService {
  return { name: 'gateway', bodyBytesMax: 0, routes: [] };
}
