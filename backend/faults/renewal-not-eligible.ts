// Error type NotEligibleToRenew of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const renewalNotEligible = enrollmentRefusal(
  { errorType: 'NotEligibleToRenew' },
  'The device is not eligible to renew.',
);
