// PKCS#10 certificate requests (RFC 2986), as devices send them at join (entra-join, 4.1) and MDM enrollment (MS-MDE2, 4).
// Reading is lenient where Windows is: a '!' in a PrintableString, extensions under either attribute name.
import type { Result } from '../../kernel/result.ts';
import { contextTag, integer, oid, sequence, setOf, TAG } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { directoryString, encodeName, readName } from './distinguished-name.ts';
import type { Name } from './distinguished-name.ts';
import { encodeExtensions, readExtensions } from './certificate-extensions.ts';
import type { Extension } from './certificate-extensions.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { signedStructure } from './signature-algorithm.ts';
import type { Signer } from './signer.ts';

export interface CertificateRequestSpec {
  readonly subject: Name;
  /** DER of the SubjectPublicKeyInfo; the signer must hold its private key. */
  readonly publicKeyInfo: Uint8Array;
  readonly extensions?: readonly Extension[];
  /** Secret that the issuer gave out for this request (RFC 2985, 5.4.1); SCEP asks for it. */
  readonly challengePassword?: string;
}

export interface CertificateRequestInfo {
  readonly subject: Name;
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly challengePassword: string | undefined;
  /** The CertificationRequestInfo that the signature covers. */
  readonly signedPart: Uint8Array;
  /** As X.509 codes it: an ECDSA signature is a SEQUENCE. */
  readonly signature: Uint8Array;
  /** Dotted object identifier. */
  readonly signatureAlgorithm: string;
}

/** DER of the request, signed by the key that it asks a certificate for. */
export function buildCertificateRequest(spec: CertificateRequestSpec, signer: Signer): Uint8Array {
  const extensions = spec.extensions ?? [];
  const attributes: Uint8Array[] = [];
  if (spec.challengePassword !== undefined) {
    attributes.push(sequence(oid(OID.challengePassword), setOf(directoryString(spec.challengePassword))));
  }
  if (extensions.length > 0) attributes.push(sequence(oid(OID.extensionRequest), setOf(encodeExtensions(extensions))));
  attributes.sort((a, b) => Buffer.compare(a, b));
  const part = sequence(integer(0), encodeName(spec.subject), spec.publicKeyInfo, contextTag(0, ...attributes));
  return signedStructure(part, signer);
}

/** Takes a request apart; whether its signature is true is for the caller to check against `publicKeyInfo`. */
export function parseCertificateRequest(der: Uint8Array): Result<CertificateRequestInfo> {
  const cursor = DerCursor.over(der);
  const request = cursor.enter(TAG.sequence, 'CertificationRequest');
  const signedNode = request.expect(TAG.sequence, 'CertificationRequestInfo');
  const part = request.within(signedNode);
  part.expect(TAG.integer, 'version');
  const subject = readName(part, 'subject');
  const publicKeyInfo = part.expect(TAG.sequence, 'subjectPKInfo').bytes;
  const attributesNode = part.optional(0xa0);
  const { extensions, challengePassword } =
    attributesNode === undefined ? NO_ATTRIBUTES : readAttributes(part.within(attributesNode));
  const signatureAlgorithm = request.enter(TAG.sequence, 'signatureAlgorithm').oid('signature algorithm');
  const signature = request.bits('signature');
  return cursor.finish(() => ({
    subject,
    publicKeyInfo,
    extensions,
    challengePassword,
    signedPart: signedNode.bytes,
    signature,
    signatureAlgorithm,
  }));
}

type Attributes = Pick<CertificateRequestInfo, 'extensions' | 'challengePassword'>;

const NO_ATTRIBUTES: Attributes = { extensions: [], challengePassword: undefined };

/** Those of the attributes that this flow has a use for. */
function readAttributes(attributes: DerCursor): Attributes {
  const extensions: Extension[] = [];
  let challengePassword: string | undefined;
  while (attributes.more) {
    const attribute = attributes.enter(TAG.sequence, 'attribute');
    const type = attribute.oid('attribute type');
    const values = attribute.enter(TAG.set, 'attribute values');
    if (type === OID.challengePassword) challengePassword = values.text('challengePassword');
    if (type !== OID.extensionRequest && type !== OID.microsoftCertificateExtensions) continue;
    while (values.more) extensions.push(...readExtensions(values));
  }
  return { extensions, challengePassword };
}
