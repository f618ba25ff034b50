// Fault MessageFormat of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentMessageFormat = enrollmentRefusal({ subcode: 'MessageFormat' }, 'The message cannot be read.');
