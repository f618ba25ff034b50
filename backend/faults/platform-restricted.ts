// Error type DeviceNotSupported of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const platformRestricted = enrollmentRefusal(
  { errorType: 'DeviceNotSupported' },
  'The platform of the device is restricted.',
);
