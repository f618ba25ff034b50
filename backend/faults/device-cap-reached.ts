// Error type DeviceCapReached of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const deviceCapReached = enrollmentRefusal({ errorType: 'DeviceCapReached' }, 'The user has too many devices.');
