// Fault InternalServiceFault of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentInternalError = enrollmentRefusal(
  { subcode: 'InternalServiceFault' },
  'The server failed inside.',
);
