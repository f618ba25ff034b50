// Fault Authentication of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentUnauthenticated = enrollmentRefusal(
  { subcode: 'Authentication' },
  'The user cannot be authenticated.',
);
