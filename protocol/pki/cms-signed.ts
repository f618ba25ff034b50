// SignedData of the Cryptographic Message Syntax (RFC 5652, 5): content with one signer's attributes, and bags of certificates
// without any. Read without judging certificates: whether to trust a signer is the reader's business.
import { hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assert } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { cursorOverBer } from '../encoding/ber.ts';
import { DIGESTS, SHA256_ALGORITHM } from './cms-algorithms.ts';
import { contextTag, element, integer, nullValue, octetString, oid, sequence, setOf, TAG } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { sha256 } from '../encoding/digest.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { verifyRsa } from './rsa.ts';
import type { Signer } from './signer.ts';

/** An attribute of one value. */
export interface SignedAttribute {
  /** Dotted object identifier. */
  readonly oid: string;
  /** DER of the value. */
  readonly value: Uint8Array;
}

export interface SignedDataSpec {
  /** The octets of the content, which is of type id-data; undefined leaves it out. */
  readonly content: Uint8Array | undefined;
  /** DER of certificates that go along. */
  readonly certificates: readonly Uint8Array[];
  /** DER of the signer's certificate: it names the signer. */
  readonly signerCertificate: Uint8Array;
  /** Beside contentType and messageDigest, which are always there. */
  readonly attributes: readonly SignedAttribute[];
}

export interface SignerInfo {
  /** DER of IssuerAndSerialNumber; undefined where the signer is named by its key. */
  readonly issuerAndSerialNumber: Uint8Array | undefined;
  /** Dotted object identifiers. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly attributes: readonly SignedAttribute[];
  /** What the signature covers: the attributes as a SET OF, or undefined where it covers the content itself. */
  readonly signedPart: Uint8Array | undefined;
  readonly signature: Uint8Array;
}

export interface SignedData {
  /** Dotted object identifier of what the content is. */
  readonly contentType: string;
  readonly content: Uint8Array | undefined;
  /** DER. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

const RSA_ENCRYPTION = sequence(oid(OID.rsaEncryption), nullValue());
const CONTENT_TYPE_DATA = sequence(oid(OID.contentType), setOf(oid(OID.data)));
const NOTHING = new Uint8Array(0);

/** A ContentInfo of that type around its content. */
export function contentInfo(type: string, content: Uint8Array): Uint8Array {
  return sequence(oid(type), contextTag(0, content));
}

/** DER of a ContentInfo with SignedData; RSA with SHA-256 only. */
export function writeSignedData(spec: SignedDataSpec, signer: Signer): Uint8Array {
  assert(signer.algorithm === 'RS256', 'cryptographic messages here are signed with RSA');
  const { content, certificates, attributes } = spec;
  const members = [
    CONTENT_TYPE_DATA,
    sequence(oid(OID.messageDigest), setOf(octetString(sha256(content ?? NOTHING)))),
    ...attributes.map((attribute) => sequence(oid(attribute.oid), setOf(attribute.value))),
  ];
  const signedPart = setOf(...members);
  const signerInfo = sequence(
    integer(1),
    issuerAndSerialNumber(spec.signerCertificate),
    SHA256_ALGORITHM,
    retagged(signedPart, 0xa0),
    RSA_ENCRYPTION,
    octetString(signer.sign(signedPart)),
  );
  return signedData(setOf(SHA256_ALGORITHM), content, certificates, setOf(signerInfo));
}

/** DER of a ContentInfo with SignedData that nobody signed: a bag of certificates ("degenerate", RFC 8894, 3.4). */
export function writeCertificates(certificates: readonly Uint8Array[]): Uint8Array {
  return signedData(setOf(), undefined, certificates, setOf());
}

function signedData(
  digests: Uint8Array,
  content: Uint8Array | undefined,
  certificates: readonly Uint8Array[],
  signers: Uint8Array,
): Uint8Array {
  const encapsulated =
    content === undefined ? sequence(oid(OID.data)) : sequence(oid(OID.data), contextTag(0, octetString(content)));
  // In the order given, not in that of DER, which only what is signed must have: readers take the first for the one meant.
  const bag = certificates.length === 0 ? [] : [contextTag(0, ...certificates)];
  return contentInfo(OID.signedData, sequence(integer(1), digests, encapsulated, ...bag, signers));
}

function retagged(der: Uint8Array, tag: number): Uint8Array {
  const copy = new Uint8Array(der);
  copy[0] = tag;
  return copy;
}

/** Names of certificates that are used again: a transaction writes and compares the same ones. */
const known = new WeakMap<Uint8Array, Uint8Array>();

/** DER of the IssuerAndSerialNumber (10.2.4) of a certificate that was parsed or made here, with the very bytes of its names. */
export function issuerAndSerialNumber(certificate: Uint8Array): Uint8Array {
  const before = known.get(certificate);
  if (before !== undefined) return before;
  const cursor = DerCursor.over(certificate);
  const part = cursor.enter(TAG.sequence, 'Certificate').enter(TAG.sequence, 'TBSCertificate');
  part.optional(0xa0);
  const serial = part.expect(TAG.integer, 'serialNumber').bytes;
  part.expect(TAG.sequence, 'signature');
  const issuer = part.expect(TAG.sequence, 'issuer').bytes;
  const read = cursor.finish(() => sequence(issuer, serial));
  assert(read.ok, 'a certificate that was parsed or made here');
  known.set(certificate, read.value);
  return read.value;
}

/** Takes a ContentInfo with SignedData apart, BER or DER. */
export function parseSignedData(bytes: Uint8Array): Result<SignedData> {
  const cursor = cursorOverBer(bytes);
  const info = cursor.enter(TAG.sequence, 'ContentInfo');
  const typeNode = info.expect(TAG.oid, 'contentType');
  const data = info.enter(0xa0, 'content').enter(TAG.sequence, 'SignedData');
  if (!Buffer.from(typeNode.bytes).equals(oid(OID.signedData))) cursor.refuse(typeNode, 'it is no SignedData');
  data.expect(TAG.integer, 'version');
  data.expect(TAG.set, 'digestAlgorithms');
  const encapsulated = data.enter(TAG.sequence, 'encapContentInfo');
  const contentType = encapsulated.oid('eContentType');
  const contentNode = encapsulated.optional(0xa0);
  const content =
    contentNode === undefined ? undefined : encapsulated.within(contentNode).expect(TAG.octetString, 'eContent').value;
  const bag = data.optional(0xa0);
  const certificates = (bag?.children ?? []).filter(({ tag }) => tag === TAG.sequence).map((node) => node.bytes);
  data.optional(0xa1);
  const list = data.enter(TAG.set, 'signerInfos');
  const signers: SignerInfo[] = [];
  while (list.more) signers.push(readSigner(list.enter(TAG.sequence, 'SignerInfo')));
  return cursor.finish(() => ({ contentType, content, certificates, signers }));
}

function readSigner(info: DerCursor): SignerInfo {
  info.expect(TAG.integer, 'version');
  const byKey = info.optional(0x80);
  const issuer = byKey === undefined ? info.expect(TAG.sequence, 'issuerAndSerialNumber').bytes : undefined;
  const digestAlgorithm = info.enter(TAG.sequence, 'digestAlgorithm').oid('digest algorithm');
  const attributesNode = info.optional(0xa0);
  const attributes = attributesNode === undefined ? [] : readAttributes(info.within(attributesNode));
  const signatureAlgorithm = info.enter(TAG.sequence, 'signatureAlgorithm').oid('signature algorithm');
  const signature = info.expect(TAG.octetString, 'signature').value;
  info.optional(0xa1);
  return {
    issuerAndSerialNumber: issuer,
    digestAlgorithm,
    signatureAlgorithm,
    attributes,
    signedPart: attributesNode === undefined ? undefined : element(TAG.set, attributesNode.value),
    signature,
  };
}

function readAttributes(list: DerCursor): SignedAttribute[] {
  const attributes: SignedAttribute[] = [];
  while (list.more) {
    const attribute = list.enter(TAG.sequence, 'attribute');
    const identifier = attribute.oid('attribute type');
    const values = attribute.enter(TAG.set, 'attribute values');
    attributes.push({ oid: identifier, value: values.take('attribute value').bytes });
  }
  return attributes;
}

/** The DER of an attribute's value, if the signer has it. */
export function signedAttribute(signer: SignerInfo, oid: string): Uint8Array | undefined {
  return signer.attributes.find((attribute) => attribute.oid === oid)?.value;
}

/** Whether the holder of the RSA key signed this content (5.4, 5.6). */
export function isSignedWith(
  signer: SignerInfo,
  signed: Pick<SignedData, 'content' | 'contentType'>,
  key: KeyObject,
): boolean {
  const digest = DIGESTS.get(signer.digestAlgorithm);
  if (digest === undefined) return false;
  const content = signed.content ?? NOTHING;
  if (signer.signedPart === undefined) return verifyRsa(key, digest, content, signer.signature);
  const type = signedAttribute(signer, OID.contentType);
  const said = signedAttribute(signer, OID.messageDigest);
  if (type === undefined || said === undefined) return false;
  const computed = octetString(hash(digest, content, 'buffer'));
  if (!same(said, computed) || !same(type, oid(signed.contentType))) return false;
  return verifyRsa(key, digest, signer.signedPart, signer.signature);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
