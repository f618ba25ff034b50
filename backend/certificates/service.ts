// Certificate enrollment by SCEP (RFC 8894), as NDES offers it.
import type { BackendService } from '../http/message.ts';

export function certificatesService(): BackendService {
  return { name: 'certificates', bodyBytesMax: 0, routes: [] };
}
