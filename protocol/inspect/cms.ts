// Cryptographic messages (RFC 5652) and what SCEP makes of them (RFC 8894): who signed, with which attributes, for whom. What is
// encrypted stays so: nobody here has the key.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { DIGESTS, cipherOf } from '../pki/cms-algorithms.ts';
import { parseEnvelopedData } from '../pki/cms-enveloped.ts';
import type { EnvelopedData } from '../pki/cms-enveloped.ts';
import { parseSignedData } from '../pki/cms-signed.ts';
import type { SignedData, SignerInfo } from '../pki/cms-signed.ts';
import { readDer, stringText, TAG, timeEpochMs } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { nameText, readName } from '../pki/distinguished-name.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { FAIL_INFO, MESSAGE_TYPE, PKI_STATUS } from '../pki/scep.ts';
import { explainCertificate, named } from './certificate.ts';
import type { Explanation } from './explainer.ts';
import { inputBinaries } from './input.ts';
import { hex, isoTime } from './values.ts';

const LABELS = ['CMS', 'PKCS7'];

export function explainCms(bytes: Uint8Array): Result<Explanation> {
  const binaries = inputBinaries(bytes, LABELS);
  return binaries.ok ? explainMessage(binaries.value[0]) : binaries;
}

function explainMessage(der: Uint8Array): Result<Explanation> {
  const enveloped = parseEnvelopedData(der);
  if (enveloped.ok) return ok({ kind: 'cms', contentType: 'envelopedData', ...explainEnveloped(enveloped.value) });
  const signed = parseSignedData(der);
  return signed.ok ? ok({ kind: 'cms', contentType: 'signedData', ...explainSigned(signed.value) }) : signed;
}

function explainSigned({ contentType, content, certificates, signers }: SignedData): object {
  return {
    encapContentInfo: { eContentType: named(contentType), eContent: explainContent(content) },
    certificates: certificates.map((der) => {
      const certificate = explainCertificate(der);
      return certificate.ok ? certificate.value : hex(der);
    }),
    signerInfos: signers.map(explainSigner),
  };
}

/** What is inside, if it is a message too. */
function explainContent(content: Uint8Array | undefined): unknown {
  if (content === undefined) return null;
  const enveloped = parseEnvelopedData(content);
  return enveloped.ok ? { contentType: 'envelopedData', ...explainEnveloped(enveloped.value) } : hex(content);
}

function explainSigner(signer: SignerInfo): object {
  return {
    sid: explainIssuerAndSerial(signer.issuerAndSerialNumber),
    digestAlgorithm: DIGESTS.get(signer.digestAlgorithm) ?? signer.digestAlgorithm,
    signedAttrs: Object.fromEntries(
      signer.attributes.map(({ oid, value }) => [ATTRIBUTES.get(oid) ?? named(oid), explainAttribute(oid, value)]),
    ),
    signatureAlgorithm: named(signer.signatureAlgorithm),
  };
}

/** SCEP's attributes by the names of RFC 8894. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  [OID.scepMessageType, 'messageType'],
  [OID.scepPkiStatus, 'pkiStatus'],
  [OID.scepFailInfo, 'failInfo'],
  [OID.scepFailInfoText, 'failInfoText'],
  [OID.scepSenderNonce, 'senderNonce'],
  [OID.scepRecipientNonce, 'recipientNonce'],
  [OID.scepTransactionId, 'transactionID'],
]);
const NUMBERS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map<
  string,
  Readonly<Record<string, string>>
>([
  [OID.scepMessageType, MESSAGE_TYPE],
  [OID.scepPkiStatus, PKI_STATUS],
  [OID.scepFailInfo, FAIL_INFO],
]);

function explainAttribute(oid: string, value: Uint8Array): unknown {
  const read = readDer(value);
  if (!read.ok) return hex(value);
  const node = read.value;
  if (node.tag === TAG.oid) return named(DerCursor.over(value).oid('value'));
  if (node.tag === TAG.octetString) return hex(node.value);
  if (node.tag === TAG.utcTime || node.tag === TAG.generalizedTime) {
    const time = timeEpochMs(node);
    return time.ok ? isoTime(time.value) : hex(node.value);
  }
  const text = stringText(node);
  if (!text.ok) return hex(value);
  const word = Object.entries(NUMBERS.get(oid) ?? {}).find(([, number]) => number === text.value)?.[0];
  return word === undefined ? text.value : `${text.value} (${word})`;
}

function explainEnveloped({ recipients, algorithm, encryptedContent }: EnvelopedData): object {
  return {
    recipientInfos: recipients.map((recipient) => ({
      rid: explainIssuerAndSerial(recipient.issuerAndSerialNumber),
      keyEncryptionAlgorithm: named(recipient.keyEncryptionAlgorithm),
    })),
    encryptedContentInfo: {
      contentEncryptionAlgorithm: cipherOf(algorithm)?.name ?? algorithm,
      encryptedContent: `(${encryptedContent.length} bytes)`,
    },
  };
}

function explainIssuerAndSerial(der: Uint8Array | undefined): unknown {
  if (der === undefined) return null;
  const cursor = DerCursor.over(der);
  const pair = cursor.enter(TAG.sequence, 'IssuerAndSerialNumber');
  const issuer = readName(pair, 'issuer');
  const serialNumber = hex(pair.unsigned('serialNumber'));
  const read = cursor.finish(() => ({ issuer: nameText(issuer), serialNumber }));
  return read.ok ? read.value : hex(der);
}
