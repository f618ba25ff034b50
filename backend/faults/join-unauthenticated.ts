// Device registration does not take the user's token.
import { joinRefusal } from './join-refusal.ts';

export const joinUnauthenticated = joinRefusal(401, { errorType: 'AuthenticationError' }, 'Invalid token.');
