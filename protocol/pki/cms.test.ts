import { constants, generateKeyPairSync, privateDecrypt, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../kernel/random.ts';
import { derFromBer } from '../encoding/ber.ts';
import { buildCertificate } from './certificate.ts';
import { openEnvelopedData, parseEnvelopedData, writeEnvelopedData } from './cms-enveloped.ts';
import {
  isSignedWith,
  issuerAndSerialNumber,
  parseSignedData,
  writeCertificates,
  writeSignedData,
} from './cms-signed.ts';
import { octetString, printableString, sequence } from '../encoding/der.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { rsaPublicKey } from './rsa.ts';
import type { Signer } from './signer.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes) => sign('sha256', bytes, privateKey),
};
const decrypter = {
  decrypt: (bytes: Uint8Array) => privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, bytes),
};
const named = (serial: number): Uint8Array =>
  buildCertificate(
    {
      serial: Uint8Array.of(serial),
      subject: [{ type: 'CN', value: 'subject' }],
      issuer: [{ type: 'CN', value: 'issuer' }],
      notBeforeMs: 0,
      notAfterMs: 1000,
      publicKeyInfo: signer.publicKeyInfo,
      extensions: [],
    },
    signer,
  );
const certificate = named(5);
const key = rsaPublicKey(signer.publicKeyInfo)!;
const random = (name: string) => {
  const stream = new RandomStream(name);
  return (length: number): Uint8Array => stream.bytes(length);
};

/** The same element with indefinite lengths all the way down, and octet strings in pieces of five. */
function streamed(der: Uint8Array): Uint8Array {
  const [tag = 0, first = 0] = der;
  const content = der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
  const end = Uint8Array.of(0, 0);
  if (tag === 0x04 && content.length > 0) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < content.length; at += 5) pieces.push(octetString(content.subarray(at, at + 5)));
    return Buffer.concat([Uint8Array.of(0x24, 0x80), ...pieces, end]);
  }
  if ((tag & 0x20) === 0) return der;
  const members: Uint8Array[] = [];
  for (let at = 0; at < content.length;) {
    const [, length = 0] = content.subarray(at);
    const header = length < 0x80 ? 2 : 2 + (length & 0x7f);
    let size = length;
    if (length >= 0x80) size = Buffer.from(content.subarray(at + 2, at + header)).readUIntBE(0, header - 2);
    members.push(streamed(content.subarray(at, at + header + size)));
    at += header + size;
  }
  return Buffer.concat([Uint8Array.of(tag, 0x80), ...members, end]);
}

describe('SignedData', () => {
  const spec = {
    content: Buffer.from('content'),
    certificates: [certificate],
    signerCertificate: certificate,
    attributes: [{ oid: OID.scepMessageType, value: printableString('19') }],
  };

  it('holds what was signed, and its signature is true', () => {
    const read = parseSignedData(writeSignedData(spec, signer));
    if (!read.ok) throw new Error(read.error.reason);
    const [info] = read.value.signers;
    expect(Buffer.from(read.value.content!).toString()).toBe('content');
    expect(read.value.certificates.map((der) => Buffer.from(der))).toEqual([Buffer.from(certificate)]);
    expect(Buffer.from(info!.issuerAndSerialNumber!)).toEqual(Buffer.from(issuerAndSerialNumber(certificate)));
    expect(info!.attributes.map(({ oid }) => oid).sort()).toEqual(
      [OID.contentType, OID.messageDigest, OID.scepMessageType].sort(),
    );
    expect(isSignedWith(info!, read.value, key)).toBe(true);
    expect(isSignedWith(info!, { ...read.value, content: Buffer.from('other') }, key)).toBe(false);
    expect(isSignedWith(info!, { ...read.value, contentType: OID.envelopedData }, key)).toBe(false);
    expect(isSignedWith({ ...info!, signature: new Uint8Array(256) }, read.value, key)).toBe(false);
  });

  it('may have no content', () => {
    const read = parseSignedData(writeSignedData({ ...spec, content: undefined }, signer));
    expect(read.ok && read.value.content).toBe(undefined);
    expect(read.ok && isSignedWith(read.value.signers[0]!, read.value, key)).toBe(true);
  });

  it('is read as OpenSSL streams it, too', () => {
    const der = writeSignedData(spec, signer);
    const ber = streamed(der);
    expect(ber.length).toBeGreaterThan(der.length);
    expect(derFromBer(ber)).toEqual({ ok: true, value: der });
    const read = parseSignedData(ber);
    expect(read.ok && isSignedWith(read.value.signers[0]!, read.value, key)).toBe(true);
  });

  it('can be a bag of certificates', () => {
    const read = parseSignedData(writeCertificates([named(1), named(2)]));
    expect(read.ok && read.value.certificates.length).toBe(2);
    expect(read.ok && read.value.signers).toEqual([]);
  });
});

describe('EnvelopedData', () => {
  const seal = (content: Uint8Array, cipher: 'aes-128-cbc' | 'aes-256-cbc', name = 'a'): Uint8Array =>
    writeEnvelopedData({ content, recipient: { certificate, key }, cipher, random: random(name) });

  it('opens for its recipient, whatever the content', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('aes-128-cbc' as const, 'aes-256-cbc' as const),
        fc.boolean(),
        (content, cipher, inPieces) => {
          const der = seal(content, cipher);
          const read = parseEnvelopedData(inPieces ? streamed(der) : der);
          if (!read.ok) throw new Error(read.error.reason);
          const opened = openEnvelopedData(read.value, certificate, decrypter);
          expect(opened.ok && Buffer.from(opened.value)).toEqual(Buffer.from(content));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is the same for the same chance', () => {
    const content = Buffer.from('content');
    expect(seal(content, 'aes-256-cbc')).toEqual(seal(content, 'aes-256-cbc'));
    expect(seal(content, 'aes-256-cbc')).not.toEqual(seal(content, 'aes-256-cbc', 'b'));
  });

  it('opens for nobody else, and not when it was changed', () => {
    const der = seal(Buffer.from('content'), 'aes-128-cbc');
    const read = parseEnvelopedData(der);
    if (!read.ok) throw new Error(read.error.reason);
    expect(openEnvelopedData(read.value, named(6), decrypter)).toMatchObject({ ok: false });
    expect(openEnvelopedData(read.value, certificate, { decrypt: () => undefined })).toMatchObject({ ok: false });
    expect(openEnvelopedData(read.value, certificate, { decrypt: () => new Uint8Array(16) })).toMatchObject({
      ok: false,
    });
    expect(openEnvelopedData({ ...read.value, algorithm: '1.2.3' }, certificate, decrypter)).toMatchObject({
      ok: false,
      error: { reason: 'cipher 1.2.3 is not spoken here' },
    });
  });

  it('has its content in pieces where it was streamed', () => {
    const content = Buffer.from('a content that is longer than one block of the cipher');
    const read = parseEnvelopedData(seal(content, 'aes-256-cbc'));
    if (!read.ok) throw new Error(read.error.reason);
    const whole = read.value.encryptedContent;
    const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const pieces = hexOf(octetString(whole.subarray(0, 20))) + hexOf(octetString(whole.subarray(20)));
    const primitive = `80${whole.length.toString(16)}${hexOf(whole)}`;
    const der = hexOf(seal(content, 'aes-256-cbc'));
    expect(der.endsWith(primitive)).toBe(true);
    // Lengths above it change: made indefinite, they need no counting.
    const inPieces = Buffer.from(
      hexOf(streamed(seal(content, 'aes-256-cbc'))).replace(primitive, `a080${pieces}0000`),
      'hex',
    );
    const again = parseEnvelopedData(inPieces);
    if (!again.ok) throw new Error(again.error.reason);
    expect(openEnvelopedData(again.value, certificate, decrypter)).toEqual({ ok: true, value: content });
  });
});

describe('BER', () => {
  it('is refused where it has no end, is too deep or is something else', () => {
    const reason = (hex: string): string | undefined => {
      const read = derFromBer(Buffer.from(hex, 'hex'));
      return read.ok ? undefined : read.error.reason;
    };
    expect(reason('308002020000')).toBe('ends before the end-of-contents octets');
    expect(reason('3080')).toBe('ends before the end-of-contents octets');
    expect(reason('0480')).toBe('a string without end');
    expect(reason('24800201000000')).toBe('an octet string made of something else');
    expect(reason('3080000000')).toBe('bytes after the end of the element');
    expect(reason('3080'.repeat(100))).toBe('nested deeper than 32');
    expect(reason('30850000000001')).toBe('a length that cannot be read');
    expect(reason('1f0100')).toBe('a tag number above 30');
  });

  it('leaves DER as it is, and never throws', () => {
    const der = sequence(octetString(Uint8Array.of(1)));
    const same = derFromBer(der);
    expect(same.ok && same.value).toBe(der);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        derFromBer(bytes);
        parseSignedData(bytes);
        parseEnvelopedData(bytes);
      }),
    );
  });
});
