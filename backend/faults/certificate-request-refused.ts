// Fault CertificateRequest of MDM enrollment (mde2.md 6).
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const certificateRequestRefused = enrollmentRefusal(
  { subcode: 'CertificateRequest' },
  'The certificate request is refused.',
);
