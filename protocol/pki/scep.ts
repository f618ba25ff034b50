// The Simple Certificate Enrollment Protocol (RFC 8894): a pkiMessage is SignedData whose attributes say what it is, around
// EnvelopedData for the other side. What is inside the envelope (a request, certificates) is read by its own reader.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseCertificate } from './certificate.ts';
import { parseSignedData, signedAttribute, writeSignedData } from './cms-signed.ts';
import type { SignedAttribute, SignedData, SignerInfo } from './cms-signed.ts';
import { octetString, printableString, readDer, sequence, stringText, TAG, utf8String } from '../encoding/der.ts';
import { encodeName } from './distinguished-name.ts';
import type { Name } from './distinguished-name.ts';
import { OID } from '../encoding/object-identifiers.ts';
import type { Signer } from './signer.ts';

/** 3.2.1.2: what a message is; numbers as text, as the attribute carries them. */
export const MESSAGE_TYPE = { certRep: '3', renewalReq: '17', pkcsReq: '19', certPoll: '20' } as const;
/** 3.2.1.3. */
export const PKI_STATUS = { success: '0', failure: '2', pending: '3' } as const;
/** 3.2.1.4. */
export const FAIL_INFO = { badAlg: '0', badMessageCheck: '1', badRequest: '2', badTime: '3', badCertId: '4' } as const;

export type FailInfo = keyof typeof FAIL_INFO;

export const SCEP_CONTENT_TYPE = {
  message: 'application/x-pki-message',
  /** GetCACert: one certificate, or a bag with those of the registration authority. */
  caCertificate: 'application/x-x509-ca-cert',
  caCertificates: 'application/x-x509-ca-ra-cert',
} as const;

/** Octets of a nonce (3.2.1.5). */
export const NONCE_BYTES = 16;

/** The attributes of a message (3.2.1). */
export interface ScepAttributes {
  readonly messageType: string;
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
  readonly recipientNonce?: Uint8Array | undefined;
  readonly pkiStatus?: string | undefined;
  readonly failInfo?: string | undefined;
  /** For people; UTF-8. */
  readonly failInfoText?: string | undefined;
}

export interface ScepMessageSpec extends ScepAttributes {
  /** DER of the EnvelopedData; a refusal has none. */
  readonly envelope: Uint8Array | undefined;
  /** DER of the signer's certificate: a client's own, signed by itself, or the registration authority's. */
  readonly signerCertificate: Uint8Array;
}

export interface ScepMessage extends ScepAttributes {
  readonly envelope: Uint8Array | undefined;
  readonly signed: SignedData;
  readonly signer: SignerInfo;
}

/** DER of a pkiMessage. */
export function writeScepMessage(spec: ScepMessageSpec, signer: Signer): Uint8Array {
  const attributes: SignedAttribute[] = [];
  const put = (oid: string, value: Uint8Array | undefined): void => {
    if (value !== undefined) attributes.push({ oid, value });
  };
  const text = (value: string | undefined): Uint8Array | undefined =>
    value === undefined ? undefined : printableString(value);
  put(OID.scepTransactionId, text(spec.transactionId));
  put(OID.scepMessageType, text(spec.messageType));
  put(OID.scepPkiStatus, text(spec.pkiStatus));
  put(OID.scepFailInfo, text(spec.failInfo));
  put(OID.scepFailInfoText, spec.failInfoText === undefined ? undefined : utf8String(spec.failInfoText));
  put(OID.scepSenderNonce, octetString(spec.senderNonce));
  put(OID.scepRecipientNonce, spec.recipientNonce === undefined ? undefined : octetString(spec.recipientNonce));
  const { envelope, signerCertificate } = spec;
  return writeSignedData(
    { content: envelope, certificates: [signerCertificate], signerCertificate, attributes },
    signer,
  );
}

/** Takes a pkiMessage apart. Whose signature it is, and whether it is true, is for the reader to check. */
export function parseScepMessage(bytes: Uint8Array): Result<ScepMessage> {
  const signed = parseSignedData(bytes);
  if (!signed.ok) return signed;
  const [signer, second] = signed.value.signers;
  if (signer === undefined || second !== undefined) return malformed(0, 'it has not one signer');
  const text = (oid: string): string | undefined => {
    const node = valueOf(signer, oid);
    const read = node === undefined ? undefined : stringText(node);
    return read?.ok === true ? read.value : undefined;
  };
  const octets = (oid: string): Uint8Array | undefined => {
    const node = valueOf(signer, oid);
    return node?.tag === TAG.octetString ? node.value : undefined;
  };
  const messageType = text(OID.scepMessageType);
  const transactionId = text(OID.scepTransactionId);
  const senderNonce = octets(OID.scepSenderNonce);
  if (messageType === undefined) return malformed(0, 'messageType is missing');
  if (transactionId === undefined) return malformed(0, 'transactionID is missing');
  if (senderNonce === undefined) return malformed(0, 'senderNonce is missing');
  return ok({
    messageType,
    transactionId,
    senderNonce,
    recipientNonce: octets(OID.scepRecipientNonce),
    pkiStatus: text(OID.scepPkiStatus),
    failInfo: text(OID.scepFailInfo),
    failInfoText: text(OID.scepFailInfoText),
    envelope: signed.value.content,
    signed: signed.value,
    signer,
  });
}

function valueOf(signer: SignerInfo, oid: string): ReturnType<typeof nodeOf> {
  const value = signedAttribute(signer, oid);
  return value === undefined ? undefined : nodeOf(value);
}

function nodeOf(der: Uint8Array) {
  const read = readDer(der);
  return read.ok ? read.value : undefined;
}

/** What a poll asks for (3.3.3): the certificate that this issuer will give this subject. */
export function issuerAndSubject(issuer: Name, subject: Name): Uint8Array {
  return sequence(encodeName(issuer), encodeName(subject));
}

/** The certificates of a reply to GetCACert (4.2.1), or of the envelope of a CertRep: one alone, or a bag. */
export function parseScepCertificates(bytes: Uint8Array): Result<readonly Uint8Array[]> {
  if (parseCertificate(bytes).ok) return ok([bytes]);
  const bag = parseSignedData(bytes);
  return bag.ok ? ok(bag.value.certificates) : bag;
}

/** Keywords of GetCACaps (3.5.2), one a line; in any order and of any kind. */
export function parseScepCapabilities(text: string): ReadonlySet<string> {
  return new Set(text.split(/[\r\n]+/, 100).map((line) => line.trim().toLowerCase()));
}
