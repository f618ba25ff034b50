import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseContentInfo,
  parseContentInfoRequest,
  parseContentKeys,
  writeContentInfo,
  writeContentInfoRequest,
  writeContentKeys,
} from './content-info.ts';

const APP = { id: 'app-1', name: 'Reader', version: 2, target: 'device' } as const;
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('the request for an app', () => {
  it('carries the members that public clients send, and comes back', () => {
    const text = writeContentInfoRequest({ app: APP, certificate: Uint8Array.of(1, 2, 3), espPhase: 'DeviceSetup' });
    expect(JSON.parse(text)).toMatchObject({
      ApplicationId: 'app-1',
      ApplicationVersion: 2,
      ApplicationName: 'Reader',
      CertificateBlob: 'AQID',
      TargetType: 2,
      InstallContext: 2,
      ContentInfo: null,
      DecryptInfo: null,
    });
    const read = parseContentInfoRequest(text);
    expect(read.ok && [read.value.applicationId, [...read.value.certificate]]).toEqual(['app-1', [1, 2, 3]]);
  });
});

describe('the reply', () => {
  it('has JSON in a string and XML in another, and comes back', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.nat(), { nil: undefined }),
        fc.uint8Array({ minLength: 1 }),
        (url, bytes, envelope) => {
          const text = writeContentInfo('app-1', { uploadLocation: url, bytes, envelope });
          expect(typeof (JSON.parse(text) as Record<string, unknown>)['ContentInfo']).toBe('string');
          const read = parseContentInfo(text);
          expect(read.ok && { ...read.value, envelope: [...read.value.envelope] }).toEqual({
            uploadLocation: url,
            bytes,
            envelope: [...envelope],
          });
        },
      ),
    );
  });

  it.each([
    '',
    '{}',
    '{"ContentInfo":"{}","DecryptInfo":"<a><EncryptedContent>AA==</EncryptedContent></a>"}',
    '{"ContentInfo":"x","DecryptInfo":"<a><EncryptedContent>AA==</EncryptedContent></a>"}',
    '{"ContentInfo":"{\\"UploadLocation\\":\\"http://a/\\"}","DecryptInfo":"<a/>"}',
    '{"ContentInfo":"{\\"UploadLocation\\":\\"http://a/\\"}","DecryptInfo":"<a><EncryptedContent>?</EncryptedContent></a>"}',
    '{"ContentInfo":"{\\"UploadLocation\\":\\"http://a/\\"}","DecryptInfo":"<!DOCTYPE a><a/>"}',
  ])('is refused where it is %s', (text) => {
    expect(parseContentInfo(text).ok).toBe(false);
  });

  it('never throws over what a stranger sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseContentInfoRequest(text);
        parseContentKeys(text);
        return typeof parseContentInfo(text).ok === 'boolean';
      }),
    );
  });
});

describe('the keys', () => {
  it('come back, with and without the key of authentication', () => {
    fc.assert(
      fc.property(bytesOf(32), bytesOf(16), fc.option(bytesOf(32), { nil: undefined }), (encryptionKey, iv, macKey) => {
        const read = parseContentKeys(writeContentKeys({ encryptionKey, iv, macKey }));
        expect(
          read.ok && [[...read.value.encryptionKey], [...read.value.iv], read.value.macKey && [...read.value.macKey]],
        ).toEqual([[...encryptionKey], [...iv], macKey && [...macKey]]);
      }),
    );
  });

  it.each([
    ['EncryptionKey', { encryptionKey: new Uint8Array(16), iv: new Uint8Array(16), macKey: undefined }],
    ['IV', { encryptionKey: new Uint8Array(32), iv: new Uint8Array(12), macKey: undefined }],
    ['MacKey', { encryptionKey: new Uint8Array(32), iv: new Uint8Array(16), macKey: new Uint8Array(1) }],
  ])('are refused where %s has another length', (name, keys) => {
    const read = parseContentKeys(writeContentKeys(keys));
    expect(!read.ok && read.error.reason).toContain(name);
  });
});
