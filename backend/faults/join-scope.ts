// The tenant's device settings do not let the user join.
import { joinRefusal } from './join-refusal.ts';

export const joinScope = joinRefusal(
  400,
  { errorType: 'invalid_request' },
  'Administrator policy does not allow this user to join.',
);
