// What Windows asks to learn whether it is on the internet (NCSI).
import { textReply } from './http/message.ts';
import type { BackendService } from './http/message.ts';

const PROBE_TEXT = 'Microsoft Connect Test';

export function connectivityService(): BackendService {
  return {
    name: 'connectivity',
    bodyBytesMax: 0,
    routes: [{ method: 'GET', path: '/connecttest.txt', operation: 'probe', handle: () => textReply(200, PROBE_TEXT) }],
  };
}
