import { describe, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../../kernel/units.ts';
import { readSignedAssertion, writeSignedAssertion } from '../../protocol/sign-in/saml.ts';
import type { SamlAssertion } from '../../protocol/sign-in/saml.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import { accountsTenant } from '../fixtures/browser.ts';
import { makeRsaKey } from '../signing-keys.ts';
import type { Tenant } from '../tenant.ts';

function parts(text: string): SamlAssertion {
  const document = readXml(text);
  const read = document.ok ? readSignedAssertion(text, document.value) : document;
  return read.ok ? read.value.assertion : expect.unreachable(read.error.reason);
}

function judged(tenant: Tenant, text: string): unknown {
  const verdict = tenant.federation.verify(text, (upn) => tenant.directory.find(upn));
  return typeof verdict === 'string' ? verdict : verdict.upn;
}

describe('an assertion of AD FS', () => {
  const { tenant, clock } = accountsTenant({ kind: 'passive' });
  const user = tenant.directory.user(3);
  const text = tenant.federation.issueAssertion(user);

  it('is believed, and its certificate is a self-signed one', () => {
    expect(judged(tenant, text)).toBe('user3@federated.flotilla.example');
    const certificate = new X509Certificate(tenant.federation.identity.certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(parts(text)).toMatchObject({
      audience: 'urn:federation:MicrosoftOnline',
      issuer: 'https://federation.test/adfs/services/trust',
      notBefore: '2026-01-01T00:00:00.000Z',
      notOnOrAfter: '2026-01-01T01:00:00.000Z',
    });
    expect(parts(tenant.federation.issueAssertion(user)).id).not.toBe(parts(text).id);
  });

  it.each([
    ['another user', (each: string) => each.replaceAll('user3@', 'user4@')],
    ['a longer life', (each: string) => each.replace('T01:00:00', 'T23:00:00')],
    [
      'another signature',
      (each: string) => each.replace(/(SignatureValue>)(.)/, (_, tag, first) => `${tag}${first === 'A' ? 'B' : 'A'}`),
    ],
    ['no signature', (each: string) => each.replace(/<ds:Signature .*<\/ds:Signature>/, '')],
    ['something around it', (each: string) => `<x>${each}</x>`],
    ['nothing in it', () => ''],
  ])('is not with %s', (_name, change) => {
    expect(change(text)).not.toBe(text);
    expect(judged(tenant, change(text))).toBe('invalid');
  });

  it('is not with the key of somebody else, even under the certificate that is known', () => {
    const stranger = makeRsaKey();
    const { certificate } = tenant.federation.identity;
    expect(judged(tenant, writeSignedAssertion(parts(text), stranger, certificate))).toBe('invalid');
    expect(judged(tenant, writeSignedAssertion(parts(text), stranger, Uint8Array.of(48, 0)))).toBe('invalid');
  });

  it.each([
    ['another audience', { audience: 'urn:other' }],
    ['another issuer', { issuer: 'https://other.test/adfs' }],
    ['a user that nobody has', { upn: 'user999999@federated.flotilla.example' }],
    ['the object of another user', { upn: 'user4@federated.flotilla.example' }],
    ['a time to come', { notBefore: '2026-01-01T00:05:01.000Z' }],
    ['a time gone by', { notOnOrAfter: '2025-12-31T23:55:00.000Z' }],
    ['no time', { notOnOrAfter: 'tomorrow' }],
  ])('signed as it should be, is not good with %s', (_name, changes) => {
    const { signer, certificate } = tenant.federation.identity;
    expect(judged(tenant, writeSignedAssertion({ ...parts(text), ...changes }, signer, certificate))).toBe('not-good');
  });

  it('lapses', async () => {
    await clock.advance(HOUR_MS + 5 * MINUTE_MS - 1);
    expect(judged(tenant, text)).toBe('user3@federated.flotilla.example');
    await clock.advance(1);
    expect(judged(tenant, text)).toBe('not-good');
  });
});
