// The challenge in the profile of a SCEP certificate is not one that the SCEP server takes.
import { changedNode } from './changed-node.ts';

export const scepChallengeWrong = changedNode('/Install/Challenge', 'simulated');
