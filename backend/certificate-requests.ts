// Checks a certificate request before anything is issued for it: readable, RSA of 2048 bits or more, signed by its own key.
import { createPublicKey, verify } from 'node:crypto';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { parseCertificateRequest } from '../protocol/pki/certificate-request.ts';
import type { CertificateRequestInfo } from '../protocol/pki/certificate-request.ts';
import { OID } from '../protocol/encoding/object-identifiers.ts';
import { decodeRsaPublicKeyInfo } from '../protocol/pki/public-key-info.ts';

const KEY_BYTES_MIN = 256;
const KEY_BYTES_MAX = 1024;

/** The request, or what is wrong with it as a sentence. */
export function checkCertificateRequest(der: Uint8Array): Result<CertificateRequestInfo, string> {
  const parsed = parseCertificateRequest(der);
  if (!parsed.ok) return fail(`The certificate request cannot be read: ${parsed.error.reason}.`);
  const { publicKeyInfo, signatureAlgorithm, signedPart, signature } = parsed.value;
  const key = decodeRsaPublicKeyInfo(publicKeyInfo);
  if (!key.ok) return fail(`The key of the certificate request is not RSA: ${key.error.reason}.`);
  const keyBytes = key.value.modulus.length;
  if (keyBytes < KEY_BYTES_MIN || keyBytes > KEY_BYTES_MAX) {
    return fail(`The key of the certificate request has ${keyBytes * 8} bits; 2048 to 8192 are taken.`);
  }
  if (signatureAlgorithm !== OID.sha256WithRsaEncryption) {
    return fail('The certificate request is not signed with RSA and SHA-256.');
  }
  return isSignedBy(publicKeyInfo, signedPart, signature)
    ? ok(parsed.value)
    : fail('The signature of the certificate request is wrong.');
}

function isSignedBy(publicKeyInfo: Uint8Array, signedPart: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    return verify('sha256', signedPart, key, signature);
  } catch {
    // Numbers that OpenSSL takes for no RSA key.
    return false;
  }
}
