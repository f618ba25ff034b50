import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCertificate, extendedKeyUsage, subjectAltNames } from './certificate.ts';
import { buildCertificateRequest, parseCertificateRequest } from './certificate-request.ts';
import { isSignedWith, writeCertificates, writeSignedData } from './cms-signed.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { rsaPublicKey } from './rsa.ts';
import {
  FAIL_INFO,
  MESSAGE_TYPE,
  parseScepCapabilities,
  parseScepCertificates,
  parseScepMessage,
  PKI_STATUS,
  writeScepMessage,
} from './scep.ts';
import type { Signer } from './signer.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes) => sign('sha256', bytes, privateKey),
};
const certificate = buildCertificate(
  {
    serial: Uint8Array.of(1),
    subject: [{ type: 'CN', value: 'client' }],
    issuer: [{ type: 'CN', value: 'client' }],
    notBeforeMs: 0,
    notAfterMs: 1000,
    publicKeyInfo: signer.publicKeyInfo,
    extensions: [],
  },
  signer,
);

const printable = fc.stringMatching(/^[A-Za-z0-9 ]{1,40}$/);
const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const attributes = fc.record({
  messageType: fc.constantFrom(...Object.values(MESSAGE_TYPE)),
  transactionId: printable,
  senderNonce: bytes,
  recipientNonce: fc.option(bytes, { nil: undefined }),
  pkiStatus: fc.option(fc.constantFrom(...Object.values(PKI_STATUS)), { nil: undefined }),
  failInfo: fc.option(fc.constantFrom(...Object.values(FAIL_INFO)), { nil: undefined }),
  failInfoText: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined }),
  envelope: fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }),
});

describe('a pkiMessage', () => {
  it('comes back with every attribute, signed', () => {
    const key = rsaPublicKey(signer.publicKeyInfo)!;
    const plain = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString('hex');
    fc.assert(
      fc.property(attributes, (spec) => {
        const read = parseScepMessage(writeScepMessage({ ...spec, signerCertificate: certificate }, signer));
        if (!read.ok) throw new Error(read.error.reason);
        const { messageType, transactionId, pkiStatus, failInfo, failInfoText } = read.value;
        expect({ messageType, transactionId, pkiStatus, failInfo, failInfoText }).toEqual({
          messageType: spec.messageType,
          transactionId: spec.transactionId,
          pkiStatus: spec.pkiStatus,
          failInfo: spec.failInfo,
          failInfoText: spec.failInfoText,
        });
        expect(plain(read.value.senderNonce)).toBe(plain(spec.senderNonce));
        expect(plain(read.value.recipientNonce)).toBe(plain(spec.recipientNonce));
        expect(plain(read.value.envelope)).toBe(plain(spec.envelope));
        expect(isSignedWith(read.value.signer, read.value.signed, key)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('must say what it is, and have one signer', () => {
    const spec = { content: undefined, certificates: [], signerCertificate: certificate, attributes: [] };
    const bare = parseScepMessage(writeSignedData(spec, signer));
    expect(bare).toMatchObject({ ok: false, error: { reason: 'messageType is missing' } });
    const unsigned = parseScepMessage(writeCertificates([certificate]));
    expect(unsigned).toMatchObject({ ok: false, error: { reason: 'it has not one signer' } });
  });
});

it('GetCACert gives one certificate or a bag', () => {
  const one = parseScepCertificates(certificate);
  const bag = parseScepCertificates(writeCertificates([certificate]));
  expect(one.ok && Buffer.from(one.value[0]!)).toEqual(Buffer.from(certificate));
  expect(bag.ok && Buffer.from(bag.value[0]!)).toEqual(Buffer.from(certificate));
  expect(parseScepCertificates(Buffer.from('<html>')).ok).toBe(false);
});

it('capabilities are keywords, a line each, in any case', () => {
  const capabilities = parseScepCapabilities('POSTPKIOperation\r\nSHA-256\nAES\n');
  expect(['postpkioperation', 'sha-256', 'aes', 'des3'].map((name) => capabilities.has(name))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

describe('a certificate request for SCEP', () => {
  it('carries its challenge beside its extensions', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
        fc.boolean(),
        (challenge, extended) => {
          const extensions = extended
            ? [extendedKeyUsage(OID.clientAuth), subjectAltNames([{ type: 'dns', value: 'a.example' }])]
            : [];
          const der = buildCertificateRequest(
            { subject: [], publicKeyInfo: signer.publicKeyInfo, extensions, challengePassword: challenge },
            signer,
          );
          const read = parseCertificateRequest(der);
          if (!read.ok) throw new Error(read.error.reason);
          expect(read.value.challengePassword).toBe(challenge);
          expect(read.value.extensions.map(({ oid }) => oid)).toEqual(extensions.map(({ oid }) => oid));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('need not have one', () => {
    const der = buildCertificateRequest({ subject: [], publicKeyInfo: signer.publicKeyInfo }, signer);
    const read = parseCertificateRequest(der);
    expect(read.ok && read.value.challengePassword).toBe(undefined);
  });
});
