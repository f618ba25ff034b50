// The service's port takes connections, and nothing ever comes back.
import type { ConnectionFault } from './fault.ts';

export const handshakeStalled: ConnectionFault = { kind: 'connection', fate: 'stalled' };
