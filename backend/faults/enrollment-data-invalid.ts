// Error type InvalidEnrollmentData of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentDataInvalid = enrollmentRefusal(
  { errorType: 'InvalidEnrollmentData' },
  'The enrollment data is not valid.',
);
