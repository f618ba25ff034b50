// Certificates by SCEP. None of these ends a device by itself: the status page waits for the certificate until it times out.
import type { Failure } from './failure.ts';

export const CERTIFICATES_FAILURES = {
  'certificate-settings': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The settings of a SCEP certificate cannot be used.',
    cause: 'A node under SCEP/{UniqueID}/Install is missing or malformed.',
    remedy: 'Check the SCEP profile: server, challenge, CA thumbprint, subject, key usage and purposes.',
    source: 'ClientCertificateInstall CSP',
  },
  '0x80091007': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The CA certificate of the SCEP server is not the one that the profile names.',
    cause: 'No certificate of GetCACert has the CAThumbprint of the profile: CRYPT_E_HASH_VALUE.',
    remedy: 'Put the root CA certificate of the SCEP server into the profile for trusted certificates.',
    source: 'Microsoft Learn, CRYPT_E_HASH_VALUE; ClientCertificateInstall CSP, CAThumbprint',
  },
  '0x80090006': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: "The SCEP server's answer is not signed by its authority, or answers something else.",
    cause:
      'Signature, transaction or nonce of the CertRep are wrong, or the certificate is for another key: NTE_BAD_SIGNATURE.',
    remedy: 'Check the certificates of the registration authority, and proxies that cache.',
    source: 'RFC 8894, 3.2; Microsoft Learn, NTE_BAD_SIGNATURE',
  },
  'certificate-refused': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The SCEP server refused to issue a certificate.',
    cause:
      'CertRep with failInfo: the challenge is wrong, used or expired, or the request is not what the authority allows.',
    remedy: "Look at the SCEP server's log; on Windows, events 31 and 86 to 87 say why.",
    source: 'RFC 8894, 3.2.1.4',
  },
  'certificate-pending': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The SCEP server did not decide about a certificate in time.',
    cause: 'CertRep PENDING to every attempt that RetryCount allows.',
    remedy: 'Let the authority issue without approval by hand.',
    source: 'RFC 8894, 3.3.3; ClientCertificateInstall CSP, RetryCount',
  },
} as const satisfies Record<string, Failure>;
