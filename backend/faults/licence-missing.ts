// Error type UserLicense of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const licenceMissing = enrollmentRefusal({ errorType: 'UserLicense' }, 'The user has no licence.');
