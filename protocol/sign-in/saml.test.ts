import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../encoding/digest.ts';
import { readSignedAssertion, writeSignedAssertion } from './saml.ts';
import type { SamlAssertion } from './saml.ts';
import { readXml } from '../encoding/xml.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SIGNER = {
  algorithm: 'RS256' as const,
  publicKeyInfo: new Uint8Array(),
  sign: (bytes: Uint8Array) => sign('sha256', bytes, privateKey),
};

const ASSERTION: SamlAssertion = {
  id: '_3f2',
  issuer: 'https://federation.example/adfs?a=1&b="2"<',
  issued: '2026-01-01T00:00:00.000Z',
  notBefore: '2026-01-01T00:00:00.000Z',
  notOnOrAfter: '2026-01-01T01:00:00.000Z',
  audience: 'urn:federation:MicrosoftOnline',
  authenticated: '2026-01-01T00:00:00.000Z',
  upn: "zoë.o'neil&<co>@x.example",
  immutableId: 'AAECAwQFBgcICQoLDA0ODw==',
};
const TEXT = writeSignedAssertion(ASSERTION, SIGNER, Uint8Array.of(1, 2, 3));

function read(text: string): ReturnType<typeof readSignedAssertion> {
  const document = readXml(text);
  return document.ok ? readSignedAssertion(text, document.value) : document;
}

/** Exclusive Canonical XML (without comments) by another parser, as the specification says it: the oracle for what we write. */
function canonical(text: string, withoutSignature = false): string {
  const parser = new SaxesParser({ xmlns: true });
  let out = '';
  let skipping = 0;
  const rendered: Record<string, string>[] = [{}];
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (skipping > 0 || (withoutSignature && tag.local === 'Signature')) {
      skipping += 1;
      return;
    }
    const attributes = Object.values(tag.attributes).filter(
      ({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns',
    );
    const visible = { ...rendered.at(-1) };
    let declared = '';
    for (const prefix of new Set([
      tag.prefix,
      ...attributes.map((each) => each.prefix).filter((each) => each !== ''),
    ])) {
      const uri = parser.resolve(prefix) ?? '';
      if (visible[prefix] !== uri) declared += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${uri}"`;
      visible[prefix] = uri;
    }
    rendered.push(visible);
    const sorted = attributes.toSorted((a, b) => (a.uri + a.local < b.uri + b.local ? -1 : 1));
    const escaped = (value: string): string =>
      value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    out += `<${tag.name}${declared}${sorted.map(({ name, value }) => ` ${name}="${escaped(value)}"`).join('')}>`;
  });
  parser.on('text', (data) => {
    if (skipping === 0) out += data.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  });
  parser.on('closetag', (tag) => {
    if (skipping > 0) {
      skipping -= 1;
      return;
    }
    rendered.pop();
    out += `</${tag.name}>`;
  });
  parser.write(text).close();
  return out;
}

describe('a signed assertion', () => {
  it('is written in canonical form, digest and signature over what another canonicalizer makes of it', () => {
    expect(canonical(TEXT)).toBe(TEXT);
    const digest = Buffer.from(sha256(Buffer.from(canonical(TEXT, true)))).toString('base64');
    expect(TEXT).toContain(`<ds:DigestValue>${digest}</ds:DigestValue>`);
    const inner = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(TEXT)![0];
    const apex = inner.replace('<ds:SignedInfo>', '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">');
    const signature = Buffer.from(/<ds:SignatureValue>([^<]*)/.exec(TEXT)![1]!, 'base64');
    expect(verify('sha256', Buffer.from(canonical(apex)), publicKey, signature)).toBe(true);
  });

  it('is read as it was written', async () => {
    const fixed = { ...SIGNER, sign: () => new Uint8Array(256) };
    const golden = writeSignedAssertion(ASSERTION, fixed, Uint8Array.of(1, 2, 3));
    await expect(golden).toMatchFileSnapshot('../fixtures/golden-signed-assertion.xml');
    const signed = read(TEXT);
    if (!signed.ok) expect.unreachable(signed.error.reason);
    expect(signed.value.assertion).toEqual(ASSERTION);
    expect(signed.value.digestHolds).toBe(true);
    expect(Buffer.from(signed.value.certificate)).toEqual(Buffer.of(1, 2, 3));
    expect(verify('sha256', signed.value.signedPart, publicKey, signed.value.signature)).toBe(true);
  });

  it.each([
    ['another user', (text: string) => text.replace('zoë.', 'zac.')],
    ['another time', (text: string) => text.replace('T01:00:00', 'T23:00:00')],
    ['another audience', (text: string) => text.replace('>urn:federation:', '>urn:elsewhere:')],
    ['another issuer', (text: string) => text.replace('federation.example', 'federation.invalid')],
    ['another id', (text: string) => text.replaceAll('_3f2', '_3f3')],
  ])('does not hold with %s', (_name, change) => {
    const signed = read(change(TEXT));
    expect(change(TEXT)).not.toBe(TEXT);
    if (!signed.ok) expect.unreachable(signed.error.reason);
    const { digestHolds, signedPart, signature } = signed.value;
    expect(digestHolds && verify('sha256', signedPart, publicKey, signature)).toBe(false);
  });

  it.each([
    ['an attribute more', (text: string) => text.replace(' MinorVersion', ' More="1" MinorVersion')],
    ['an element more', (text: string) => text.replace('</saml:Conditions>', '<saml:X></saml:X></saml:Conditions>')],
    [
      'another user before the signed one',
      (text: string) =>
        text.replace(
          '<saml:Attribute ',
          '<saml:Attribute AttributeName="UPN" AttributeNamespace="http://schemas.xmlsoap.org/claims"><saml:AttributeValue>evil@x</saml:AttributeValue></saml:Attribute><saml:Attribute ',
        ),
    ],
    ['a comment in a name', (text: string) => text.replace('zoë.', 'zo<!-- -->ë.')],
    ['another algorithm', (text: string) => text.replace('xmldsig-more#rsa-sha256', 'xmldsig#rsa-sha1')],
    ['no signature', (text: string) => text.replace(/<ds:Signature .*<\/ds:Signature>/, '')],
    ['another reference', (text: string) => text.replace('URI="#_3f2"', 'URI="#_other"')],
    ['blanks', (text: string) => text.replace('><saml:Conditions', '>\n<saml:Conditions')],
  ])('is refused with %s', (_name, change) => {
    expect(change(TEXT)).not.toBe(TEXT);
    expect(read(change(TEXT)).ok).toBe(false);
  });
});
