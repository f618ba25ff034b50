import { createPublicKey, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  authorityKeyIdentifier,
  basicConstraints,
  buildCertificate,
  extendedKeyUsage,
  extensionValue,
  keyUsage,
  parseCertificate,
  rawExtension,
  subjectAltNames,
  subjectKeyIdentifier,
} from './certificate.ts';
import { buildCertificateRequest, parseCertificateRequest } from './certificate-request.ts';
import { sha1Thumbprint } from '../encoding/digest.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { fromPem, toPem } from '../encoding/pem.ts';
import type { Signer } from './signer.ts';

function signer(algorithm: Signer['algorithm'], key: KeyObject): Signer {
  return {
    algorithm,
    publicKeyInfo: createPublicKey(key).export({ format: 'der', type: 'spki' }),
    sign: (bytes) => sign('sha256', bytes, algorithm === 'RS256' ? key : { key, dsaEncoding: 'ieee-p1363' }),
  };
}

const rsa = signer('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const ec = signer('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const CA = [
  { type: 'O', value: 'Flotilla' },
  { type: 'CN', value: 'Simulated Root' },
] as const;
const DAY = 86_400_000;
const notBeforeMs = Date.parse('2026-01-01T00:00:00Z');

function root(of: Signer): Uint8Array {
  return buildCertificate(
    {
      serial: Uint8Array.of(0, 0x8f, 1),
      subject: CA,
      issuer: CA,
      notBeforeMs,
      notAfterMs: Date.parse('2055-06-30T12:34:56Z'),
      publicKeyInfo: of.publicKeyInfo,
      extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign'), subjectKeyIdentifier(of.publicKeyInfo)],
    },
    of,
  );
}

describe.each([
  ['RS256', rsa],
  ['ES256', ec],
] as const)('a certificate signed with %s', (_, authority) => {
  it('is read by OpenSSL as it was written, and verifies', () => {
    const ca = new X509Certificate(root(authority));
    expect(ca.ca).toBe(true);
    expect(ca.subject).toBe('O=Flotilla\nCN=Simulated Root');
    expect(ca.validFromDate.getTime()).toBe(notBeforeMs);
    expect(ca.validToDate.toISOString()).toBe('2055-06-30T12:34:56.000Z');
    expect(ca.serialNumber).toBe('8F01');
    expect(ca.verify(createPublicKey({ key: authority.publicKeyInfo as Buffer, format: 'der', type: 'spki' }))).toBe(
      true,
    );
    const leaf = new X509Certificate(
      buildCertificate(
        {
          serial: Uint8Array.of(5),
          subject: [{ type: 'CN', value: 'Büro' }],
          issuer: CA,
          notBeforeMs,
          notAfterMs: notBeforeMs + DAY,
          publicKeyInfo: rsa.publicKeyInfo,
          extensions: [
            basicConstraints(false),
            keyUsage('digitalSignature'),
            extendedKeyUsage(OID.serverAuth, OID.clientAuth),
            subjectAltNames([
              { type: 'dns', value: 'login.flotilla.test' },
              { type: 'ip', value: '127.0.0.1' },
              { type: 'ip', value: '::1' },
              { type: 'ip', value: '2001:db8::7:0:1' },
            ]),
            authorityKeyIdentifier(authority.publicKeyInfo),
          ],
        },
        authority,
      ),
    );
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.subject).toBe('CN=Büro');
    expect(leaf.subjectAltName).toBe(
      'DNS:login.flotilla.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:7:0:1',
    );
    expect(leaf.keyUsage).toEqual([OID.serverAuth, OID.clientAuth]);
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('is parsed back with everything that went in', () => {
    const der = root(authority);
    const info = parseCertificate(der);
    expect(info).toMatchObject({
      ok: true,
      value: { serial: '8f01', subject: CA, issuer: CA, notBeforeMs, notAfterMs: 2697971696000 },
    });
    if (!info.ok) return;
    expect(Buffer.from(info.value.publicKeyInfo).equals(authority.publicKeyInfo)).toBe(true);
    expect(info.value.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      [OID.basicConstraints, true],
      [OID.keyUsage, true],
      [OID.subjectKeyIdentifier, false],
    ]);
    expect(sha1Thumbprint(der)).toBe(new X509Certificate(der).fingerprint.replaceAll(':', ''));
  });

  it('cut short anywhere is an error with an offset inside it', () => {
    const der = root(authority);
    for (let length = 0; length < der.length; length += 7) {
      const cut = parseCertificate(der.subarray(0, length));
      expect(cut.ok).toBe(false);
      if (!cut.ok) expect(cut.error.offset).toBeLessThanOrEqual(length);
    }
  });
});

describe('a certificate request', () => {
  const subject = [{ type: 'CN', value: 'B1C43CD0-1624-5FBB-8E54-34CF17DFD3A1!0123AB' }] as const;

  it('carries subject, key and extensions, and its signature verifies', () => {
    const identifier = rawExtension(OID.hardwareDeviceId, Buffer.from('0123AB'));
    const der = buildCertificateRequest(
      { subject, publicKeyInfo: rsa.publicKeyInfo, extensions: [extendedKeyUsage(OID.clientAuth), identifier] },
      rsa,
    );
    const request = parseCertificateRequest(der);
    expect(request.ok).toBe(true);
    if (!request.ok) return;
    expect(request.value.subject).toEqual(subject);
    expect(request.value.signatureAlgorithm).toBe(OID.sha256WithRsaEncryption);
    expect(extensionValue(request.value.extensions, OID.hardwareDeviceId)).toEqual(new Uint8Array(identifier.value));
    const key = createPublicKey({ key: request.value.publicKeyInfo as Buffer, format: 'der', type: 'spki' });
    expect(verify('sha256', request.value.signedPart, key, request.value.signature)).toBe(true);
    // As Windows writes it: a PrintableString in spite of the '!'.
    expect(Buffer.from(der).includes(Buffer.from([0x13, subject[0].value.length, 0x42, 0x31]))).toBe(true);
  });

  it('without extensions still has its empty attributes', () => {
    const request = parseCertificateRequest(
      buildCertificateRequest({ subject: [], publicKeyInfo: ec.publicKeyInfo }, ec),
    );
    expect(request).toMatchObject({ ok: true, value: { subject: [], extensions: [] } });
  });

  it('with something else inside says what is missing and where', () => {
    expect(parseCertificateRequest(Buffer.from('30030201aa', 'hex'))).toEqual({
      ok: false,
      error: { kind: 'format', offset: 2, reason: 'tag 0x2 where CertificationRequestInfo (0x30) belongs' },
    });
  });
});

describe('PEM', () => {
  it('reads back what it wrote, several blocks and text between them', () => {
    const one = root(rsa);
    const text = `# a bundle\n${toPem('CERTIFICATE', one)}between\r\n${toPem('PUBLIC KEY', rsa.publicKeyInfo)}`;
    const blocks = fromPem(text);
    expect(blocks.ok && blocks.value.map(({ label, der }) => [label, Buffer.from(der).toString('hex')])).toEqual([
      ['CERTIFICATE', Buffer.from(one).toString('hex')],
      ['PUBLIC KEY', Buffer.from(rsa.publicKeyInfo).toString('hex')],
    ]);
  });

  it('refuses what is not PEM', () => {
    expect(fromPem('nothing')).toMatchObject({ ok: false, error: { reason: 'no PEM block' } });
    expect(fromPem('x-----BEGIN A-----\nAAAA')).toMatchObject({ ok: false, error: { offset: 1 } });
    expect(fromPem('-----BEGIN A-----\nAAA\n-----END A-----')).toMatchObject({
      ok: false,
      error: { reason: 'the A block is not base64' },
    });
  });
});
