// Device registration does not take the transport key as it is attested. The subcode is ours: its own is not public.
import { joinRefusal } from './join-refusal.ts';

export const transportKeyRefused = joinRefusal(
  400,
  { errorType: 'DirectoryError', subcode: 'error_transport_key_attestation' },
  'The attestation of the transport key is invalid.',
);
