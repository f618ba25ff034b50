// Nobody listens at the service's port.
import type { ConnectionFault } from './fault.ts';

export const connectionRefused: ConnectionFault = { kind: 'connection', fate: 'refused' };
