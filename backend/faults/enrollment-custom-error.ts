// Error type CustomServerError of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentCustomError = enrollmentRefusal(
  { errorType: 'CustomServerError' },
  'The administrator of this server says no.',
);
