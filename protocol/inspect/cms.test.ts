import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildCertificate } from '../pki/certificate.ts';
import { buildCertificateRequest } from '../pki/certificate-request.ts';
import { writeEnvelopedData } from '../pki/cms-enveloped.ts';
import { writeCertificates } from '../pki/cms-signed.ts';
import { toPem } from '../encoding/pem.ts';
import { writePkcs12 } from '../pki/pkcs12.ts';
import { rsaPublicKey } from '../pki/rsa.ts';
import { FAIL_INFO, MESSAGE_TYPE, PKI_STATUS, writeScepMessage } from '../pki/scep.ts';
import type { Signer } from '../pki/signer.ts';
import { PROTOCOL_EXPLAINERS } from './explain.ts';
import type { Explanation, InspectKind } from './explainer.ts';
import { guessKind } from './guess.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes) => sign('sha256', bytes, privateKey),
};
const certificate = buildCertificate(
  {
    serial: Uint8Array.of(0x12, 0x34),
    subject: [{ type: 'CN', value: 'device' }],
    issuer: [{ type: 'CN', value: 'CA' }],
    notBeforeMs: 0,
    notAfterMs: 1000,
    publicKeyInfo: signer.publicKeyInfo,
    extensions: [],
  },
  signer,
);
const random = (length: number): Uint8Array => createHash('shake256', { outputLength: length }).digest();
const envelope = writeEnvelopedData({
  content: Buffer.from('what nobody here can read'),
  recipient: { certificate, key: rsaPublicKey(signer.publicKeyInfo)! },
  cipher: 'aes-128-cbc',
  random,
});
const message = writeScepMessage(
  {
    messageType: MESSAGE_TYPE.certRep,
    transactionId: 'ABC',
    senderNonce: new Uint8Array(16).fill(1),
    pkiStatus: PKI_STATUS.failure,
    failInfo: FAIL_INFO.badRequest,
    envelope,
    signerCertificate: certificate,
  },
  signer,
);
const pfx = writePkcs12({
  certificates: [certificate],
  privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
  password: 'p',
  iterations: 2048,
  macIterations: 7,
  random,
});

function explain(kind: Exclude<InspectKind, 'frame'>, bytes: Uint8Array | string): Explanation {
  const explained = PROTOCOL_EXPLAINERS[kind](typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (!explained.ok) throw new Error(explained.error.reason);
  return explained.value;
}

describe('a cryptographic message', () => {
  it('of SCEP shows its attributes in words, who signed and whom it is for', () => {
    expect(explain('cms', message)).toMatchObject({
      kind: 'cms',
      contentType: 'signedData',
      encapContentInfo: {
        eContentType: 'data',
        eContent: {
          contentType: 'envelopedData',
          recipientInfos: [{ rid: { issuer: 'CN=CA', serialNumber: '1234' }, keyEncryptionAlgorithm: 'rsaEncryption' }],
          encryptedContentInfo: { contentEncryptionAlgorithm: 'aes-128-cbc', encryptedContent: '(32 bytes)' },
        },
      },
      certificates: [{ kind: 'certificate', subject: 'CN=device' }],
      signerInfos: [
        {
          digestAlgorithm: 'sha256',
          signedAttrs: {
            contentType: 'data',
            messageType: '3 (certRep)',
            transactionID: 'ABC',
            pkiStatus: '2 (failure)',
            failInfo: '2 (badRequest)',
            senderNonce: '01'.repeat(16),
          },
        },
      ],
    });
  });

  it('is taken as PEM and base64, as an envelope alone, and as a bag of certificates', () => {
    expect(explain('cms', toPem('PKCS7', writeCertificates([certificate])))).toMatchObject({
      signerInfos: [],
      certificates: [{ kind: 'certificate' }],
    });
    expect(explain('cms', Buffer.from(envelope).toString('base64'))).toMatchObject({ contentType: 'envelopedData' });
    expect(PROTOCOL_EXPLAINERS.cms(certificate).ok).toBe(false);
  });
});

it('a PKCS #12 file shows how it is protected', () => {
  expect(explain('pkcs12', pfx)).toMatchObject({
    authSafe: [
      { contentType: 'encryptedData', cipher: 'aes-256-cbc', keyDerivation: { prf: 'hmac-sha256', iterations: 2048 } },
      { contentType: 'data' },
    ],
    macData: { digestAlgorithm: 'sha256', iterations: 7, saltBytes: 16 },
  });
});

it('a challenge and a PFX are not shown', () => {
  const request = buildCertificateRequest(
    { subject: [], publicKeyInfo: signer.publicKeyInfo, challengePassword: 'S3cret' },
    signer,
  );
  expect(explain('certificate-request', request)['challengePassword']).toBe('(6 characters, not shown)');
  const item = (node: string): string =>
    `<Add><CmdID>1</CmdID><Item><Target><LocURI>./Device/x/${node}</LocURI></Target><Data>S3cret</Data></Item></Add>`;
  const nodes = ['SCEP/1/Install/Challenge', 'PFXCertInstall/1/PFXCertBlob', 'PFXCertInstall/1/PFXCertPassword'];
  const syncml =
    '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID>' +
    '<MsgID>1</MsgID><Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source></SyncHdr><SyncBody>' +
    `${nodes.map(item).join('')}<Final/></SyncBody></SyncML>`;
  const explained = JSON.stringify(explain('syncml', syncml));
  expect(explained).not.toContain('S3cret');
  expect(explained.split('not shown').length).toBe(4);
});

it.each<[InspectKind, Uint8Array | string]>([
  ['cms', message],
  ['cms', envelope],
  ['cms', Buffer.from(message).toString('base64')],
  ['cms', toPem('CMS', message)],
  ['cms', toPem('PKCS7', message)],
  ['pkcs12', pfx],
  ['certificate', certificate],
])('guesses %s', (kind, input) => {
  expect(guessKind(typeof input === 'string' ? Buffer.from(input) : input)).toBe(kind);
});
