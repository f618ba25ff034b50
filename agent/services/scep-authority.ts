// Who a device talks to by SCEP: the certificates of GetCACert, judged by the CA thumbprint of its profile. Judged once for all
// devices of a thread that meet the same authority: parsed keys are large, and chains cost a signature check each.
import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { extensionValue, parseCertificate } from '../../protocol/pki/certificate.ts';
import { issuerAndSerialNumber } from '../../protocol/pki/cms-signed.ts';
import { readDer } from '../../protocol/encoding/der.ts';
import { sha1Thumbprint, sha256Hex } from '../../protocol/encoding/digest.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import { parseScepCertificates } from '../../protocol/pki/scep.ts';
import { malformedReply } from './replies.ts';

/** A certificate of the authority that can sign or be encrypted to. */
export interface AuthorityCertificate {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  /** DER of IssuerAndSerialNumber, by which signers are named. */
  readonly name: Uint8Array;
}

export interface ScepAuthority {
  /** What requests are encrypted to. */
  readonly recipient: AuthorityCertificate;
  /** Any of these may sign a reply. */
  readonly signers: readonly AuthorityCertificate[];
}

/** Certificates of an authority: two of its own, its CA, the root; a chain is no longer. */
const CERTIFICATES_MAX = 10;
const KEY_ENCIPHERMENT = 0x20;

let latest: { readonly name: string; readonly authority: Result<ScepAuthority, StepFailure> } | undefined;

/** The authority of a GetCACert reply, if its certificates lead to the one that has the thumbprint. */
export function scepAuthority(reply: Uint8Array, caThumbprint: string): Result<ScepAuthority, StepFailure> {
  const name = `${caThumbprint} ${sha256Hex(reply)}`;
  if (latest?.name !== name) latest = { name, authority: judge(reply, caThumbprint) };
  return latest.authority;
}

function judge(reply: Uint8Array, caThumbprint: string): Result<ScepAuthority, StepFailure> {
  // A reply is a view of a buffer that others reuse; what is kept must be its own.
  const bag = parseScepCertificates(Buffer.from(reply));
  if (!bag.ok) return malformedReply(bag.error, 'GetCACert');
  const certificates = bag.value.slice(0, CERTIFICATES_MAX);
  const anchor = certificates.find((der) => sha1Thumbprint(der) === caThumbprint);
  if (anchor === undefined) return stepFailure('0x80091007', `no certificate has the thumbprint ${caThumbprint}`);
  const trusted = trustedFrom(anchor, certificates);
  const candidates = trusted.flatMap((der) => {
    const parsed = parseCertificate(der);
    const key = parsed.ok ? rsaPublicKey(parsed.value.publicKeyInfo) : undefined;
    if (!parsed.ok || key === undefined) return [];
    const usage = extensionValue(parsed.value.extensions, OID.keyUsage);
    return [{ certificate: der, key, name: issuerAndSerialNumber(der), enciphers: enciphers(usage) }];
  });
  const recipient = candidates.find((candidate) => candidate.enciphers) ?? candidates[0];
  if (recipient === undefined) return stepFailure('0x80091007', 'no RSA certificate leads to the CA of the profile');
  return ok({ recipient, signers: candidates });
}

/** Those of the certificates whose chain ends in the anchor, it included: registration authorities first, as they were sent. */
function trustedFrom(anchor: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array[] {
  const readable = certificates.flatMap((der) => {
    const certificate = readCertificate(der);
    return certificate === undefined ? [] : [{ der, certificate }];
  });
  const trusted = new Set([anchor]);
  // Each turn reaches one step further down.
  for (let turn = 0; turn < readable.length; turn++) {
    for (const { der, certificate } of readable) {
      if (trusted.has(der)) continue;
      const issuer = readable.find((other) => trusted.has(other.der) && isIssuedBy(certificate, other.certificate));
      if (issuer !== undefined) trusted.add(der);
    }
  }
  return certificates.filter((der) => trusted.has(der));
}

function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return parseCertificate(der).ok ? new X509Certificate(der) : undefined;
  } catch {
    return undefined;
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** Whether a key usage allows key transport; one that is not there allows everything. */
function enciphers(usage: Uint8Array | undefined): boolean {
  const bits = usage === undefined ? undefined : readDer(usage);
  return bits === undefined || (bits.ok && ((bits.value.value[1] ?? 0) & KEY_ENCIPHERMENT) !== 0);
}
