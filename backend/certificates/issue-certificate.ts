// A certificate as its request asks for it: subject, alternative names, purposes and key usage are taken over; what only an
// authority may have is refused.
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { basicConstraints, extensionValue, keyUsage, subjectKeyIdentifier } from '../../protocol/pki/certificate.ts';
import type { Extension } from '../../protocol/pki/certificate.ts';
import type { CertificateRequestInfo } from '../../protocol/pki/certificate-request.ts';
import { readDer } from '../../protocol/encoding/der.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import type { Tenant } from '../tenant.ts';

const CERTIFICATE_DAYS = 365;
/** Bits of keyCertSign and cRLSign in the first octet of a KeyUsage. */
const AUTHORITY_USAGES = 0x06;
const TAKEN_OVER: ReadonlySet<string> = new Set([OID.subjectAltName, OID.extendedKeyUsage]);

/** DER of the certificate, or why there is none. */
export function issueRequested(
  tenant: Tenant,
  request: CertificateRequestInfo,
  owner: string,
): Result<Uint8Array, string> {
  const { subject, publicKeyInfo, extensions } = request;
  if (subject.length === 0 && extensionValue(extensions, OID.subjectAltName) === undefined) {
    return fail('The certificate request names nobody.');
  }
  const usage = requestedUsage(extensions);
  if (usage === undefined) return fail('The certificate request asks for the key usage of an authority.');
  return ok(
    tenant.certificates.authority.issue({
      name: subject,
      publicKeyInfo,
      days: CERTIFICATE_DAYS,
      serialOf: `scep ${owner} ${sha256Hex(publicKeyInfo)}`,
      extensions: [
        basicConstraints(false),
        usage,
        ...extensions.filter(({ oid }) => TAKEN_OVER.has(oid)),
        subjectKeyIdentifier(publicKeyInfo),
      ],
    }),
  );
}

/** What was asked for, by default what TLS clients need; undefined where a client may not have it. */
function requestedUsage(extensions: readonly Extension[]): Extension | undefined {
  const value = extensionValue(extensions, OID.keyUsage);
  if (value === undefined) return keyUsage('digitalSignature', 'keyEncipherment');
  const bits = readDer(value);
  const first = bits.ok ? (bits.value.value[1] ?? 0) : AUTHORITY_USAGES;
  return (first & AUTHORITY_USAGES) === 0 ? { oid: OID.keyUsage, critical: true, value } : undefined;
}
