// The user phase of the status page never ends: the server never says that it has sent everything.
import { neverFinished } from './never-finished.ts';

export const userPhaseEndless = neverFinished('User');
