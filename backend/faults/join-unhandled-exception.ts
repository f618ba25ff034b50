// Device registration fails inside, in the words of newer services.
import { joinRefusal } from './join-refusal.ts';

export const joinUnhandledException = joinRefusal(
  500,
  { errorType: 'internal_server_error' },
  'An unhandled exception occurred.',
);
