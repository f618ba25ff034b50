// Fault Authorization of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentForbidden = enrollmentRefusal({ subcode: 'Authorization' }, 'The user may not enroll.');
