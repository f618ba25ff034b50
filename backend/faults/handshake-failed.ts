// What answers at the service's port does not speak TLS.
import type { ConnectionFault } from './fault.ts';

export const handshakeFailed: ConnectionFault = { kind: 'connection', fate: 'broken' };
