import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { X509Certificate, generateKeyPairSync, sign } from 'node:crypto';
import { buildCertificate } from '../../protocol/pki/certificate.ts';
import { certificateSettings } from './certificate-settings.ts';

const NODES = {
  ServerURL: 'http://a.example/certsrv/mscep/mscep.dll;http://b.example/x',
  Challenge: 'secret',
  CAThumbprint: 'ab:'.repeat(19) + 'cd',
  SubjectName: 'CN=device',
  KeyUsage: '160',
  EKUMapping: '1.3.6.1.5.5.7.3.2+1.2.3',
};

function settings(changes: Record<string, string | undefined> = {}): ReturnType<typeof certificateSettings> {
  const nodes: Record<string, string | undefined> = { ...NODES, ...changes };
  return certificateSettings((name) => nodes[name]);
}

/** A certificate with what was asked for, as OpenSSL reads it. */
function certified(changes: Record<string, string>): X509Certificate {
  const read = settings(changes);
  if (!read.ok) throw new Error(read.error);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const { subject, extensions } = read.value;
  const validity = { notBeforeMs: 0, notAfterMs: 1000 };
  return new X509Certificate(
    buildCertificate(
      { serial: Uint8Array.of(1), subject, issuer: subject, ...validity, publicKeyInfo, extensions },
      { algorithm: 'RS256', publicKeyInfo, sign: (bytes) => sign('sha256', bytes, privateKey) },
    ),
  );
}

describe('the settings of a SCEP certificate', () => {
  it('are read in the forms of the CSP', () => {
    expect(settings()).toMatchObject({
      ok: true,
      value: {
        serverUrls: ['http://a.example/certsrv/mscep/mscep.dll', 'http://b.example/x'],
        challenge: 'secret',
        caThumbprint: 'AB'.repeat(19) + 'CD',
        subject: [{ type: 'CN', value: 'device' }],
        retryCount: 3,
        retryDelayMinutes: 5,
      },
    });
    expect(settings({ RetryCount: '99', RetryDelay: '0' })).toMatchObject({
      value: { retryCount: 30, retryDelayMinutes: 1 },
    });
  });

  it('name what the certificate is to be', () => {
    const certificate = certified({
      SubjectName: 'CN="a, ""b""", OU=c;O=d+E=e@f.example, 2.5.4.5=7',
      SubjectAlternativeNames: '11+user@x.example;3+host.example;8+192.0.2.1;2+mail@x.example;7+urn:x',
    });
    expect(certificate.subject).toBe('CN=a\\, \\"b\\"\nOU=c\nO=d\nemailAddress=e@f.example\nserialNumber=7');
    expect(certificate.subjectAltName).toBe(
      'othername:UPN:user@x.example, DNS:host.example, IP Address:192.0.2.1, email:mail@x.example, URI:urn:x',
    );
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.2.3']);
  });

  it.each([
    ['ServerURL', ''],
    ['Challenge', undefined],
    ['CAThumbprint', 'abc'],
    ['SubjectName', 'device'],
    ['SubjectName', 'XY=device'],
    ['SubjectName', ''],
    ['KeyUsage', '8'],
    ['KeyUsage', undefined],
    ['EKUMapping', '1.3+'],
    ['EKUMapping', undefined],
    ['SubjectAlternativeNames', '4+x'],
    ['SubjectAlternativeNames', '8+300.1.1.1'],
    ['SubjectAlternativeNames', '3+ä.example'],
    ['SubjectAlternativeNames', 'host.example'],
  ])('cannot be used where %s is %j', (node, value) => {
    const read = settings({ [node]: value });
    expect(read.ok ? 'usable' : read.error).toMatch(new RegExp(`^${node} `));
  });

  it('never throw, whatever a server sends', () => {
    const node = fc.constantFrom('SubjectName', 'SubjectAlternativeNames', 'EKUMapping', 'KeyUsage', 'CAThumbprint');
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[CNOUE=0-9.+,;"a ]{0,30}$/));
    fc.assert(
      fc.property(node, text, (name, value) => {
        settings({ [name]: value });
      }),
      { numRuns: 500 },
    );
  });
});
