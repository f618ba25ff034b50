// A certificate by SCEP (RFC 8894), as Windows asks for one: GetCACaps, GetCACert, then the request, signed by a certificate that
// the new key signed itself and encrypted to the authority. Of the answer only the thumbprint is kept.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { toBase64 } from '../../protocol/encoding/base64.ts';
import { buildCertificate, parseCertificate } from '../../protocol/pki/certificate.ts';
import type { Extension, Name } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { openEnvelopedData, parseEnvelopedData, writeEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { isSignedWith } from '../../protocol/pki/cms-signed.ts';
import { sha1Thumbprint, sha256, sha256Hex } from '../../protocol/encoding/digest.ts';
import type { ByteSource } from '../../protocol/pki/rsa.ts';
import {
  issuerAndSubject,
  MESSAGE_TYPE,
  NONCE_BYTES,
  parseScepCapabilities,
  parseScepCertificates,
  parseScepMessage,
  PKI_STATUS,
  SCEP_CONTENT_TYPE,
  writeScepMessage,
} from '../../protocol/pki/scep.ts';
import type { ScepMessage } from '../../protocol/pki/scep.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { malformedReply, unexpectedReply } from './replies.ts';
import { scepAuthority } from './scep-authority.ts';
import type { ScepAuthority } from './scep-authority.ts';

export interface CertificateRequesting {
  /** ServerURL of the profile; Windows asks below it, at pkiclient.exe. */
  readonly serverUrl: string;
  /** SHA-1 of the CA certificate that the authority's must lead to, upper-case hex. */
  readonly caThumbprint: string;
  readonly subject: Name;
  readonly extensions: readonly Extension[];
  readonly challenge: string;
  /** One object for the whole exchange: what its first signature costs beyond the others is paid once. */
  readonly key: DeviceKey;
  readonly wallMs: number;
  /** Nonces, content keys and vectors. */
  readonly random: ByteSource;
}

/** `poll` asks again for what the authority had not decided. */
export type CertificateAnswer =
  | { readonly kind: 'issued'; readonly thumbprint: string }
  | { readonly kind: 'pending'; readonly poll: () => Promise<Result<CertificateAnswer, StepFailure>> };

type Answer = Result<CertificateAnswer, StepFailure>;

/** Enough for an authority that takes days to decide. */
const OWN_CERTIFICATE_MS = 30 * DAY_MS;

export async function requestCertificate(network: DeviceNetwork, requesting: CertificateRequesting): Promise<Answer> {
  const url = `${requesting.serverUrl.replace(/\/+$/, '')}/pkiclient.exe`;
  const capabilities = await ask(network, 'capabilities', `${url}?operation=GetCACaps`);
  if (!capabilities.ok) return capabilities;
  const certificates = await ask(network, 'ca-certificate', `${url}?operation=GetCACert`);
  if (!certificates.ok) return certificates;
  const authority = scepAuthority(certificates.value, requesting.caThumbprint);
  if (!authority.ok) return authority;
  const known = parseScepCapabilities(capabilities.value.toString('latin1'));
  const posts = known.has('postpkioperation') || known.has('scepstandard');
  return new Enrollment(network, requesting, authority.value, { url, posts }).request();
}

async function ask(
  network: DeviceNetwork,
  operation: 'capabilities' | 'ca-certificate',
  target: string,
): Promise<Result<Buffer, StepFailure>> {
  const reply = await network.exchange('certificates', operation, { method: 'GET', target });
  if (!reply.ok) return reply;
  return reply.value.status === 200 ? ok(reply.value.body) : unexpectedReply(reply.value, 'SCEP');
}

/** One transaction: what it is about stays while the authority decides. */
class Enrollment {
  readonly #network: DeviceNetwork;
  readonly #requesting: CertificateRequesting;
  readonly #authority: ScepAuthority;
  readonly #server: { readonly url: string; readonly posts: boolean };
  readonly #publicKeyInfo: Uint8Array;
  readonly #ownCertificate: Uint8Array;
  readonly #transactionId: string;

  constructor(
    network: DeviceNetwork,
    requesting: CertificateRequesting,
    authority: ScepAuthority,
    server: { readonly url: string; readonly posts: boolean },
  ) {
    const { key, subject, wallMs } = requesting;
    this.#network = network;
    this.#requesting = requesting;
    this.#authority = authority;
    this.#server = server;
    this.#publicKeyInfo = key.publicKeyInfo;
    this.#transactionId = sha256Hex(this.#publicKeyInfo).toUpperCase();
    const serial = sha256(this.#publicKeyInfo).slice(0, 16);
    serial[0] = (serial[0]! & 0x3f) | 0x40;
    this.#ownCertificate = buildCertificate(
      {
        serial,
        subject,
        issuer: subject,
        notBeforeMs: wallMs - DAY_MS,
        notAfterMs: wallMs + OWN_CERTIFICATE_MS,
        publicKeyInfo: this.#publicKeyInfo,
        extensions: [],
      },
      key,
    );
  }

  request(): Promise<Answer> {
    const { key, subject, extensions, challenge } = this.#requesting;
    const request = { subject, publicKeyInfo: this.#publicKeyInfo, extensions, challengePassword: challenge };
    return this.#send(MESSAGE_TYPE.pkcsReq, buildCertificateRequest(request, key));
  }

  #poll(): Promise<Answer> {
    const authority = parseCertificate(this.#authority.recipient.certificate);
    const issuer = authority.ok ? authority.value.issuer : [];
    return this.#send(MESSAGE_TYPE.certPoll, issuerAndSubject(issuer, this.#requesting.subject));
  }

  async #send(messageType: string, content: Uint8Array): Promise<Answer> {
    const { key, random } = this.#requesting;
    const { recipient } = this.#authority;
    const senderNonce = random(NONCE_BYTES);
    const message = writeScepMessage(
      {
        messageType,
        transactionId: this.#transactionId,
        senderNonce,
        envelope: writeEnvelopedData({ content, recipient, cipher: 'aes-128-cbc', random }),
        signerCertificate: this.#ownCertificate,
      },
      key,
    );
    const { url, posts } = this.#server;
    const query = posts ? '' : `&message=${encodeURIComponent(toBase64(message))}`;
    const target = `${url}?operation=PKIOperation${query}`;
    const reply = await this.#network.exchange('certificates', 'enroll', {
      method: posts ? 'POST' : 'GET',
      target,
      ...(posts && { headers: { 'Content-Type': SCEP_CONTENT_TYPE.message }, body: message }),
      // A transaction that comes again is the same transaction.
      idempotent: true,
    });
    if (!reply.ok) return reply;
    if (reply.value.status !== 200) return unexpectedReply(reply.value, 'PKIOperation');
    return this.#read(reply.value.body, senderNonce);
  }

  #read(body: Uint8Array, nonce: Uint8Array): Answer {
    const message = parseScepMessage(body);
    if (!message.ok) return malformedReply(message.error, 'PKIOperation');
    const wrong = this.#mismatch(message.value, nonce);
    if (wrong !== undefined) return stepFailure('0x80090006', wrong);
    const { pkiStatus, failInfo = '', failInfoText = '' } = message.value;
    switch (pkiStatus ?? '') {
      case PKI_STATUS.success:
        return this.#open(message.value);
      case PKI_STATUS.pending:
        return ok({ kind: 'pending', poll: () => this.#poll() });
      case PKI_STATUS.failure:
        return stepFailure('certificate-refused', `failInfo ${failInfo} ${failInfoText.slice(0, 200)}`.trim());
      default:
        return stepFailure('reply-malformed', `pkiStatus ${pkiStatus ?? 'is missing'}`);
    }
  }

  /** What of the answer is not the authority's, or not to this request. */
  #mismatch({ signer, signed, ...message }: ScepMessage, nonce: Uint8Array): string | undefined {
    const named = this.#authority.signers.find(
      ({ name }) => Buffer.compare(name, signer.issuerAndSerialNumber ?? new Uint8Array(0)) === 0,
    );
    if (named === undefined) return 'the signer is not of the authority';
    if (!isSignedWith(signer, signed, named.key)) return 'the signature does not hold';
    if (message.messageType !== MESSAGE_TYPE.certRep) return `message type ${message.messageType}`;
    if (message.transactionId !== this.#transactionId) return 'another transaction';
    if (Buffer.compare(message.recipientNonce ?? new Uint8Array(0), nonce) !== 0) return 'another recipientNonce';
    return undefined;
  }

  #open({ envelope }: ScepMessage): Answer {
    const enveloped = parseEnvelopedData(envelope ?? new Uint8Array(0));
    if (!enveloped.ok) return malformedReply(enveloped.error, 'CertRep');
    const content = openEnvelopedData(enveloped.value, this.#ownCertificate, this.#requesting.key);
    if (!content.ok) return malformedReply(content.error, 'CertRep');
    const bag = parseScepCertificates(content.value);
    if (!bag.ok) return malformedReply(bag.error, 'CertRep');
    for (const der of bag.value) {
      const certificate = parseCertificate(der);
      if (certificate.ok && Buffer.compare(certificate.value.publicKeyInfo, this.#publicKeyInfo) === 0) {
        return ok({ kind: 'issued', thumbprint: sha1Thumbprint(der) });
      }
    }
    return stepFailure('0x80090006', 'no certificate is for the key of the request');
  }
}
