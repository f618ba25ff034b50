// The profile of a SCEP certificate has a subject that is none.
import { changedNode } from './changed-node.ts';

export const scepProfileBroken = changedNode('/Install/SubjectName', 'simulated');
