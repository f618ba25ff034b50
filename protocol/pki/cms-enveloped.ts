// EnvelopedData of the Cryptographic Message Syntax (RFC 5652, 6) for one recipient: the content key goes by RSA PKCS #1 v1.5,
// the content by AES in CBC mode (RFC 3370, RFC 3565). SCEP and the content of Win32 apps come in it.
import type { KeyObject } from 'node:crypto';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { cursorOverBer, joinPieces } from '../encoding/ber.ts';
import { cipherOf, CIPHERS, decryptCbc, encryptCbc } from './cms-algorithms.ts';
import { contentInfo, issuerAndSerialNumber } from './cms-signed.ts';
import { contextPrimitive, integer, nullValue, octetString, oid, sequence, setOf, TAG } from '../encoding/der.ts';
import type { DerCursor } from '../encoding/der-cursor.ts';
import type { KeyDecrypter } from './key-decrypter.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { encryptKey } from './rsa.ts';
import type { ByteSource } from './rsa.ts';

export interface EnvelopeSpec {
  readonly content: Uint8Array;
  /** Whom it is for: the certificate (DER), which names the recipient, and its RSA key. */
  readonly recipient: { readonly certificate: Uint8Array; readonly key: KeyObject };
  readonly cipher: 'aes-128-cbc' | 'aes-256-cbc';
  /** Content key, vector and padding. */
  readonly random: ByteSource;
}

export interface Recipient {
  /** DER of IssuerAndSerialNumber; undefined where the recipient is named by its key. */
  readonly issuerAndSerialNumber: Uint8Array | undefined;
  /** Dotted object identifier. */
  readonly keyEncryptionAlgorithm: string;
  readonly encryptedKey: Uint8Array;
}

/** EncryptedContentInfo (6.1), which EncryptedData (8) has too. */
export interface EncryptedContent {
  /** Dotted object identifier of the cipher. */
  readonly algorithm: string;
  /** DER of the cipher's parameters: for CBC the vector, for PBES2 more; undefined where there are none. */
  readonly parameters: Uint8Array | undefined;
  readonly encryptedContent: Uint8Array;
}

export interface EnvelopedData extends EncryptedContent {
  /** Recipients by RSA key transport; those of other kinds are left out. */
  readonly recipients: readonly Recipient[];
}

const KEY_TRANSPORT = sequence(oid(OID.rsaEncryption), nullValue());

/** DER of a ContentInfo with EnvelopedData. */
export function writeEnvelopedData({ content, recipient, cipher, random }: EnvelopeSpec): Uint8Array {
  const { keyBytes, ivBytes, oid: algorithm } = CIPHERS[cipher];
  const contentKey = random(keyBytes);
  const iv = random(ivBytes);
  const transport = sequence(
    integer(0),
    issuerAndSerialNumber(recipient.certificate),
    KEY_TRANSPORT,
    octetString(encryptKey(recipient.key, contentKey, random)),
  );
  const encrypted = sequence(
    oid(OID.data),
    sequence(oid(algorithm), octetString(iv)),
    contextPrimitive(0, encryptCbc(CIPHERS[cipher], contentKey, iv, content)),
  );
  return contentInfo(OID.envelopedData, sequence(integer(0), setOf(transport), encrypted));
}

/** Takes a ContentInfo with EnvelopedData apart, BER or DER. */
export function parseEnvelopedData(bytes: Uint8Array): Result<EnvelopedData> {
  const cursor = cursorOverBer(bytes);
  const info = cursor.enter(TAG.sequence, 'ContentInfo');
  const typeNode = info.expect(TAG.oid, 'contentType');
  const data = info.enter(0xa0, 'content').enter(TAG.sequence, 'EnvelopedData');
  if (!Buffer.from(typeNode.bytes).equals(oid(OID.envelopedData))) cursor.refuse(typeNode, 'it is no EnvelopedData');
  data.expect(TAG.integer, 'version');
  data.optional(0xa0);
  const list = data.enter(TAG.set, 'recipientInfos');
  const recipients: Recipient[] = [];
  while (list.more) {
    const node = list.take('RecipientInfo');
    if (node.tag === TAG.sequence) recipients.push(readKeyTransport(list.within(node)));
  }
  const content = readEncryptedContent(data);
  return cursor.finish(() => ({ recipients, ...content }));
}

function readKeyTransport(info: DerCursor): Recipient {
  info.expect(TAG.integer, 'version');
  const byKey = info.optional(0x80);
  const issuer = byKey === undefined ? info.expect(TAG.sequence, 'issuerAndSerialNumber').bytes : undefined;
  const keyEncryptionAlgorithm = info.enter(TAG.sequence, 'keyEncryptionAlgorithm').oid('key encryption algorithm');
  const encryptedKey = info.expect(TAG.octetString, 'encryptedKey').value;
  return { issuerAndSerialNumber: issuer, keyEncryptionAlgorithm, encryptedKey };
}

/** Reads an EncryptedContentInfo where the cursor stands. */
export function readEncryptedContent(cursor: DerCursor): EncryptedContent {
  const info = cursor.enter(TAG.sequence, 'encryptedContentInfo');
  info.oid('contentType');
  const algorithmCursor = info.enter(TAG.sequence, 'contentEncryptionAlgorithm');
  const algorithm = algorithmCursor.oid('content encryption algorithm');
  const parameters = algorithmCursor.more ? algorithmCursor.take('parameters').bytes : undefined;
  const node = info.take('encryptedContent');
  // A string that was streamed is made of pieces, and its implicit tag does not say that they are octet strings.
  const whole = node.constructed ? joinPieces(node.children.map((child) => child.bytes)) : node.value;
  if (whole === undefined || (node.tag & 0xdf) !== 0x80) cursor.refuse(node, 'encryptedContent is no octet string');
  return { algorithm, parameters, encryptedContent: whole ?? node.value };
}

/**
 * The content, for the recipient whose certificate and key these are. Why it cannot be opened is not told apart: wrong key,
 * wrong padding and garbage look the same to a stranger.
 */
export function openEnvelopedData(
  enveloped: EnvelopedData,
  certificate: Uint8Array,
  key: KeyDecrypter,
): Result<Uint8Array> {
  const name = issuerAndSerialNumber(certificate);
  const mine = enveloped.recipients.find(
    ({ issuerAndSerialNumber: other }) => other !== undefined && Buffer.compare(other, name) === 0,
  );
  if (mine === undefined) return malformed(0, 'it is for somebody else');
  const cipher = cipherOf(enveloped.algorithm);
  if (cipher === undefined) return malformed(0, `cipher ${enveloped.algorithm} is not spoken here`);
  const iv = enveloped.parameters?.subarray(2);
  const contentKey = mine.keyEncryptionAlgorithm === OID.rsaEncryption ? key.decrypt(mine.encryptedKey) : undefined;
  const content =
    contentKey === undefined || iv === undefined
      ? undefined
      : decryptCbc(cipher, contentKey, iv, enveloped.encryptedContent);
  return content === undefined ? malformed(0, 'it cannot be decrypted') : ok(content);
}
