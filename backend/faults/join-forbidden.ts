// Device registration does not let the user enroll.
import { joinRefusal } from './join-refusal.ts';

export const joinForbidden = joinRefusal(403, { errorType: 'AuthorizationError' }, 'The user may not enroll.');
