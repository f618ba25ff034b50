// Error type InMaintenance of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentMaintenance = enrollmentRefusal({ errorType: 'InMaintenance' }, 'The server is in maintenance.');
