// The profile of a SCEP certificate names a CA that the SCEP server's certificates do not lead to.
import { changedNode } from './changed-node.ts';

export const scepCaWrong = changedNode('/Install/CAThumbprint', '0'.repeat(40));
