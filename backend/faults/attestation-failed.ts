// Device registration asks for an attestation and does not take it. The subcode is ours: its own is not public.
import { joinRefusal } from './join-refusal.ts';

export const attestationFailed = joinRefusal(
  400,
  { errorType: 'DirectoryError', subcode: 'error_attestation' },
  'The attestation of the device failed.',
);
