// The certificate of the attestation identity key has expired. The subcode is ours: its own is not public.
import { joinRefusal } from './join-refusal.ts';

export const attestationCertificateExpired = joinRefusal(
  400,
  { errorType: 'DirectoryError', subcode: 'error_aik_certificate_expired' },
  'The certificate of the attestation identity key has expired.',
);
