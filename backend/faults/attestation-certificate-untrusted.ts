// Device registration does not trust the attestation identity key. The subcode is ours: its own is not public.
import { joinRefusal } from './join-refusal.ts';

export const attestationCertificateUntrusted = joinRefusal(
  400,
  { errorType: 'DirectoryError', subcode: 'error_aik_certificate' },
  'The certificate of the attestation identity key is not trusted.',
);
