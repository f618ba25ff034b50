// The service shows a certificate whose chain ends at a root that nobody has.
import type { ConnectionFault } from './fault.ts';

export const untrustedCertificate: ConnectionFault = { kind: 'connection', fate: 'untrusted' };
