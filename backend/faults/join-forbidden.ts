// Device registration does not let the user enroll.
import { joinRefusal } from './join-refusal.ts';

export const joinForbidden = joinRefusal(403, 'AuthorizationError', 'The user may not enroll (SIMULATED).');
