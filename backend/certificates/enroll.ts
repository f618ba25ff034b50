// PKIOperation: the exchange in which a device asks for a certificate (RFC 8894, 3.3.1). What is wrong with a request that can be
// read is answered by a CertRep with failInfo; only what is no message at all is the transport's matter.
import { RandomStream } from '../../kernel/random.ts';
import { fail, never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseCertificate } from '../../protocol/pki/certificate.ts';
import type { CertificateInfo } from '../../protocol/pki/certificate.ts';
import { CIPHERS } from '../../protocol/pki/cms-algorithms.ts';
import { openEnvelopedData, parseEnvelopedData, writeEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { isSignedWith, issuerAndSerialNumber, writeCertificates } from '../../protocol/pki/cms-signed.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import {
  FAIL_INFO,
  MESSAGE_TYPE,
  NONCE_BYTES,
  parseScepMessage,
  PKI_STATUS,
  writeScepMessage,
} from '../../protocol/pki/scep.ts';
import type { FailInfo, ScepMessage } from '../../protocol/pki/scep.ts';
import { checkCertificateRequest } from '../certificate-requests.ts';
import type { Tenant } from '../tenant.ts';
import { openChallenge } from './challenge.ts';
import { issueRequested } from './issue-certificate.ts';
import type { RegistrationAuthority } from './registration-authority.ts';

interface Refusal {
  readonly failInfo: FailInfo;
  readonly text: string;
}

/** A client's own certificate, and the key that it proved to hold. */
interface Sender {
  readonly der: Uint8Array;
  readonly certificate: CertificateInfo;
  readonly key: NonNullable<ReturnType<typeof rsaPublicKey>>;
}

interface Granted {
  readonly certificate: Uint8Array;
  readonly sender: Sender;
  readonly cipher: 'aes-128-cbc' | 'aes-256-cbc';
}

/** The CertRep to a pkiMessage. `full`: the tenant has no room. A failure where the bytes are no pkiMessage, as a sentence. */
export function answerPkiMessage(
  tenant: Tenant,
  authority: RegistrationAuthority,
  bytes: Uint8Array,
): Result<Uint8Array, { readonly kind: 'unreadable' | 'full'; readonly text: string }> {
  const message = parseScepMessage(bytes);
  if (!message.ok) return fail({ kind: 'unreadable', text: `The message cannot be read: ${message.error.reason}.` });
  const granted = grant(tenant, authority, message.value);
  if (!granted.ok && granted.error === 'full') return fail({ kind: 'full', text: 'The tenant has no room.' });
  return ok(reply(tenant, authority, message.value, granted as Result<Granted, Refusal>));
}

function grant(
  tenant: Tenant,
  authority: RegistrationAuthority,
  message: ScepMessage,
): Result<Granted, Refusal | 'full'> {
  const sender = senderOf(message);
  if (sender === undefined) return refusal('badMessageCheck', 'The signature of the message does not hold.');
  if (message.messageType !== MESSAGE_TYPE.pkcsReq) {
    return refusal('badRequest', `Messages of type ${message.messageType.slice(0, 20)} are not answered here.`);
  }
  const enveloped = parseEnvelopedData(message.envelope ?? new Uint8Array(0));
  if (!enveloped.ok) return refusal('badMessageCheck', `The envelope cannot be read: ${enveloped.error.reason}.`);
  const content = openEnvelopedData(enveloped.value, authority.certificate, authority.decrypter);
  if (!content.ok) return refusal('badMessageCheck', `The envelope cannot be opened: ${content.error.reason}.`);
  const request = checkCertificateRequest(content.value);
  if (!request.ok) return refusal('badRequest', request.error);
  if (Buffer.compare(request.value.publicKeyInfo, sender.certificate.publicKeyInfo) !== 0) {
    return refusal('badMessageCheck', 'The message is not signed by the key that the request is for.');
  }
  const { challengePassword = '' } = request.value;
  const challenge = openChallenge(tenant, challengePassword);
  if (challenge === undefined) return refusal('badRequest', 'The challenge password is wrong.');
  if (challenge.expired) return refusal('badTime', 'The challenge password has expired.');
  const issued = issueRequested(tenant, request.value, challenge.owner);
  if (!issued.ok) return refusal('badRequest', issued.error);
  const redeemed = tenant.certificates.redeem({
    challenge: challengePassword,
    owner: challenge.owner,
    key: sha256Hex(request.value.publicKeyInfo),
    transactionId: message.transactionId,
  });
  switch (redeemed) {
    case 'redeemed': {
      const cipher = enveloped.value.algorithm === CIPHERS['aes-256-cbc'].oid ? 'aes-256-cbc' : 'aes-128-cbc';
      return ok({ certificate: issued.value, sender, cipher });
    }
    case 'used':
      return refusal('badRequest', 'The challenge password was used before.');
    case 'key-of-another':
      return refusal('badRequest', 'Another device has a certificate for this key.');
    case 'full':
      return fail('full');
    default:
      return never(redeemed);
  }
}

function refusal(failInfo: FailInfo, text: string): Result<never, Refusal> {
  return fail({ failInfo, text });
}

/** Who signed the message, if the signature holds: any certificate will do, since the request inside has to be for its key. */
function senderOf({ signed, signer }: ScepMessage): Sender | undefined {
  for (const der of signed.certificates) {
    const certificate = parseCertificate(der);
    if (!certificate.ok || signer.issuerAndSerialNumber === undefined) continue;
    if (Buffer.compare(issuerAndSerialNumber(der), signer.issuerAndSerialNumber) !== 0) continue;
    const key = rsaPublicKey(certificate.value.publicKeyInfo);
    if (key !== undefined && isSignedWith(signer, signed, key)) return { der, certificate: certificate.value, key };
  }
  return undefined;
}

function reply(
  tenant: Tenant,
  authority: RegistrationAuthority,
  { transactionId, senderNonce }: ScepMessage,
  granted: Result<Granted, Refusal>,
): Uint8Array {
  // Chance, not secrecy: what the envelope covers is a certificate, and who asks again gets the same.
  const stream = new RandomStream(`${tenant.config.seed}\u0000scep\u0000${transactionId}`);
  const random = (length: number): Uint8Array => stream.bytes(length);
  const { certificate: signerCertificate, signer } = authority;
  const attributes = {
    messageType: MESSAGE_TYPE.certRep,
    transactionId,
    senderNonce: random(NONCE_BYTES),
    recipientNonce: senderNonce,
    signerCertificate,
  };
  if (!granted.ok) {
    const { failInfo, text } = granted.error;
    const failed = { pkiStatus: PKI_STATUS.failure, failInfo: FAIL_INFO[failInfo], failInfoText: text };
    return writeScepMessage({ ...attributes, ...failed, envelope: undefined }, signer);
  }
  const { certificate, sender, cipher } = granted.value;
  const envelope = writeEnvelopedData({
    content: writeCertificates([certificate]),
    recipient: { certificate: sender.der, key: sender.key },
    cipher,
    random,
  });
  return writeScepMessage({ ...attributes, pkiStatus: PKI_STATUS.success, envelope }, signer);
}
