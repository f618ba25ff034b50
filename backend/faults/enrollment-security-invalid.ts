// Fault InvalidSecurity of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentSecurityInvalid = enrollmentRefusal(
  { subcode: 'InvalidSecurity' },
  'The security header is invalid.',
);
