// X.509 version 3 certificates (RFC 5280): written through a Signer, read without judging them. Whether to trust one is the
// reader's business.
import type { Result } from '../../kernel/result.ts';
import { contextTag, integer, sequence, TAG, time } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { encodeName, readName } from './distinguished-name.ts';
import type { Name } from './distinguished-name.ts';
import { encodeExtensions, readExtensions } from './certificate-extensions.ts';
import type { Extension } from './certificate-extensions.ts';
import { signatureAlgorithm, signedStructure } from './signature-algorithm.ts';
import type { Signer } from './signer.ts';

export type { Name, NameAttribute } from './distinguished-name.ts';
export type { AlternativeName, Extension, KeyUsage } from './certificate-extensions.ts';
export {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  rawExtension,
  subjectAltNames,
  subjectKeyIdentifier,
} from './certificate-extensions.ts';

export interface CertificateSpec {
  /** Big-endian magnitude, 1 to 20 bytes; not all zero. */
  readonly serial: Uint8Array;
  readonly subject: Name;
  readonly issuer: Name;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface CertificateInfo {
  /** Lower-case hex of the magnitude. */
  readonly serial: string;
  readonly subject: Name;
  readonly issuer: Name;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
  /** The TBSCertificate that the signature covers. */
  readonly signedPart: Uint8Array;
  /** Dotted object identifier. */
  readonly signatureAlgorithm: string;
  /** As X.509 codes it: an ECDSA signature is a SEQUENCE. */
  readonly signature: Uint8Array;
  readonly der: Uint8Array;
}

/** DER of the certificate. */
export function buildCertificate(spec: CertificateSpec, issuer: Signer): Uint8Array {
  const part = sequence(
    contextTag(0, integer(2)),
    integer(spec.serial),
    signatureAlgorithm(issuer),
    encodeName(spec.issuer),
    sequence(time(spec.notBeforeMs), time(spec.notAfterMs)),
    encodeName(spec.subject),
    spec.publicKeyInfo,
    ...(spec.extensions.length > 0 ? [contextTag(3, encodeExtensions(spec.extensions))] : []),
  );
  return signedStructure(part, issuer);
}

export function parseCertificate(der: Uint8Array): Result<CertificateInfo> {
  const cursor = DerCursor.over(der);
  const certificate = cursor.enter(TAG.sequence, 'Certificate');
  const signedNode = certificate.expect(TAG.sequence, 'TBSCertificate');
  const part = certificate.within(signedNode);
  part.optional(0xa0);
  const serial = part.expect(TAG.integer, 'serialNumber').value;
  part.expect(TAG.sequence, 'signature');
  const issuer = readName(part, 'issuer');
  const validity = part.enter(TAG.sequence, 'validity');
  const notBeforeMs = validity.timeMs('notBefore');
  const notAfterMs = validity.timeMs('notAfter');
  const subject = readName(part, 'subject');
  const publicKeyInfo = part.expect(TAG.sequence, 'subjectPublicKeyInfo').bytes;
  part.optional(0x81);
  part.optional(0x82);
  const extensionsNode = part.optional(0xa3);
  const extensions = extensionsNode === undefined ? [] : readExtensions(part.within(extensionsNode));
  const algorithm = certificate.enter(TAG.sequence, 'signatureAlgorithm').oid('signature algorithm');
  const signature = certificate.bits('signature');
  return cursor.finish(() => ({
    serial: Buffer.from(serial[0] === 0 && serial.length > 1 ? serial.subarray(1) : serial).toString('hex'),
    subject,
    issuer,
    notBeforeMs,
    notAfterMs,
    publicKeyInfo,
    extensions,
    signedPart: signedNode.bytes,
    signatureAlgorithm: algorithm,
    signature,
    der,
  }));
}

/** The value of an extension, if the certificate or request has it. */
export function extensionValue(extensions: readonly Extension[], oid: string): Uint8Array | undefined {
  return extensions.find((extension) => extension.oid === oid)?.value;
}
