// Whatever arrives where a message of certificate enrollment or a PKCS #12 file belongs, readers answer with a value: real ones are
// damaged byte by byte, cut and spliced, and nothing may throw, hang or be taken for true.
import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installPfx } from '../../agent/management/pfx-install.ts';
import { scepAuthority } from '../../agent/services/scep-authority.ts';
import { scepChallenge } from '../../backend/certificates/challenge.ts';
import { answerPkiMessage } from '../../backend/certificates/enroll.ts';
import { pfxFor } from '../../backend/certificates/pfx.ts';
import { registrationAuthorityOf } from '../../backend/certificates/registration-authority.ts';
import { testTenant } from '../../backend/fixtures/tenant.ts';
import { buildCertificate, parseCertificate } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { parseEnvelopedData, writeEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { isSignedWith, writeCertificates } from '../../protocol/pki/cms-signed.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { PROTOCOL_EXPLAINERS } from '../../protocol/inspect/explain.ts';
import { guessKind } from '../../protocol/inspect/guess.ts';
import { parsePkcs12 } from '../../protocol/pki/pkcs12.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import { MESSAGE_TYPE, parseScepMessage, PKI_STATUS, writeScepMessage } from '../../protocol/pki/scep.ts';
import type { Signer } from '../../protocol/pki/signer.ts';

const { tenant } = testTenant();
const authority = registrationAuthorityOf(tenant);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes) => sign('sha256', bytes, privateKey),
};
const name = [{ type: 'CN', value: 'client' }];
const own = buildCertificate(
  {
    serial: Uint8Array.of(1),
    subject: name,
    issuer: name,
    notBeforeMs: 0,
    notAfterMs: 1000,
    publicKeyInfo: signer.publicKeyInfo,
    extensions: [],
  },
  signer,
);
const parsed = parseCertificate(authority.certificate);
const recipientKey = rsaPublicKey(parsed.ok ? parsed.value.publicKeyInfo : new Uint8Array(0))!;
const challengePassword = scepChallenge(tenant, { managedDeviceId: 'device', scope: 'device', number: 1 });
const envelope = writeEnvelopedData({
  content: buildCertificateRequest({ subject: name, publicKeyInfo: signer.publicKeyInfo, challengePassword }, signer),
  recipient: { certificate: authority.certificate, key: recipientKey },
  cipher: 'aes-256-cbc',
  random: (length) => new Uint8Array(length).fill(3),
});
const message = writeScepMessage(
  {
    messageType: MESSAGE_TYPE.pkcsReq,
    transactionId: 't',
    senderNonce: new Uint8Array(16),
    envelope,
    signerCertificate: own,
  },
  signer,
);
const bag = writeCertificates([
  authority.certificate,
  tenant.certificates.authority.certificate,
  tenant.authorities.root.certificate,
]);
const pfx = pfxFor(tenant, { managedDeviceId: 'device', scope: 'device', number: 1, upn: 'u@x.example' });

/** A byte changed, a piece cut out or doubled, the end cut off. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(bytes.length - 1);
  const change = fc.tuple(at, fc.nat(255)).map(([place, value]) => {
    const copy = Uint8Array.from(bytes);
    copy[place] = value;
    return copy;
  });
  const cut = fc.tuple(at, fc.nat(30)).map(([place, length]) => {
    return Uint8Array.from(Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]));
  });
  const doubled = fc.tuple(at, fc.nat(30)).map(([place, length]) => {
    return Uint8Array.from(Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]));
  });
  const short = at.map((length) => bytes.slice(0, length));
  return fc.oneof(change, cut, doubled, short);
}

describe('hostile certificates', () => {
  it('a request is refused, whatever was done to what its sender signed', () => {
    fc.assert(
      fc.property(damaged(message), (bytes) => {
        fc.pre(Buffer.compare(bytes, message) !== 0);
        const answer = answerPkiMessage(tenant, authority, bytes);
        if (!answer.ok) {
          expect(answer.error.kind).toBe('unreadable');
          return;
        }
        const reply = parseScepMessage(answer.value);
        if (!reply.ok || reply.value.pkiStatus !== PKI_STATUS.success) return;
        // What no signature covers (versions, further attributes) may differ and be taken; what one covers may not.
        const read = parseScepMessage(bytes);
        const before = parseScepMessage(message);
        expect(read.ok && read.value.signer.signedPart).toEqual(before.ok && before.value.signer.signedPart);
      }),
      { numRuns: 300 },
    );
  });

  it('no damaged content is taken for signed', () => {
    const key = rsaPublicKey(signer.publicKeyInfo)!;
    fc.assert(
      fc.property(damaged(message), (bytes) => {
        const read = parseScepMessage(bytes);
        if (!read.ok || !isSignedWith(read.value.signer, read.value.signed, key)) return;
        expect(Buffer.compare(read.value.envelope ?? new Uint8Array(0), envelope)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('authorities, envelopes and explanations never throw', () => {
    const thumbprint = sha1Thumbprint(tenant.authorities.root.certificate);
    fc.assert(
      fc.property(fc.oneof(damaged(bag), damaged(envelope), damaged(message), damaged(pfx.blob)), (bytes) => {
        scepAuthority(bytes, thumbprint);
        parseEnvelopedData(bytes);
        guessKind(bytes);
        PROTOCOL_EXPLAINERS.cms(bytes);
        PROTOCOL_EXPLAINERS.pkcs12(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('a PFX that was damaged leaves no thumbprint', () => {
    fc.assert(
      fc.property(damaged(pfx.blob), (bytes) => {
        const read = parsePkcs12(bytes);
        fc.pre(Buffer.compare(bytes, pfx.blob) !== 0 && (!read.ok || read.value.mac.iterations < 10_000));
        const values = new Map([
          ['node/PFXCertBlob', Buffer.from(bytes).toString('base64')],
          ['node/PFXCertPassword', pfx.password],
        ]);
        const tree = {
          read: (key: string) => values.get(key),
          write: (key: string, value: string) => void values.set(key, value),
        };
        installPfx(tree as never, 'node');
        if (values.get('node/Status') === '0') {
          // Only what the MAC does not cover: the version, and parameters of the MAC that say the same.
          const before = parsePkcs12(pfx.blob);
          expect(read.ok && before.ok && read.value.authenticatedSafe).toEqual(
            before.ok && before.value.authenticatedSafe,
          );
        } else expect(values.get('node/Thumbprint')).toBe(undefined);
      }),
      { numRuns: 200 },
    );
  });
});
