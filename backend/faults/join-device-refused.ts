// Device registration does not let this device join, whoever its user is.
import { joinRefusal } from './join-refusal.ts';

export const joinDeviceRefused = joinRefusal(
  403,
  { errorType: 'authorization_error', subcode: 'error_device_not_authorized' },
  'The device may not join.',
);
