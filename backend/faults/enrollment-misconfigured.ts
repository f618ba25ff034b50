// Fault EnrollmentServer of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentMisconfigured = enrollmentRefusal(
  { subcode: 'EnrollmentServer' },
  'The server is not configured.',
);
