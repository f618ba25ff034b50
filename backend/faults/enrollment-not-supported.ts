// Error type NotSupported of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentNotSupported = enrollmentRefusal(
  { errorType: 'NotSupported' },
  'This kind of enrollment is not supported.',
);
