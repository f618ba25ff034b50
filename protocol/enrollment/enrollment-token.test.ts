import { describe, expect, it } from 'vitest';
import {
  contextItem,
  contextItemValues,
  enrollmentContextItems,
  parseRequestSecurityToken,
  parseRequestSecurityTokenResponse,
  writeRequestSecurityToken,
  writeRequestSecurityTokenResponse,
} from './enrollment-token.ts';
import { readSoap } from './soap.ts';
import type { XmlElement } from '../encoding/xml.ts';

function body(envelope: string): XmlElement {
  const read = readSoap(envelope);
  if (!read.ok) throw new Error(read.error.reason);
  return read.value.body;
}

const contextItems = enrollmentContextItems({
  applicationVersion: '10.0.22631.3007',
  osVersion: '10.0.22631.3007',
  osEdition: 4,
  deviceName: 'DESKTOP-1',
  deviceId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  hardwareDeviceId: 'A'.repeat(64),
  macAddresses: ['02-00-00-00-00-01', '02-00-00-00-00-02'],
  locale: 'en-US',
  requestVersion: '5.0',
  enrollmentData: 'a blob & more',
  zeroTouchProvisioning: '0f8fad5b-d9cb-469f-a165-70867728950e',
});
const request = {
  token: { kind: 'jwt' as const, token: 'h.p.s' },
  certificateRequest: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00),
  contextItems,
};
const to = { messageId: 'urn:uuid:1', to: 'https://enroll.example/Enrollment.svc' };

describe('ContextItems of a device in OOBE', () => {
  it('say that no user is there and what the device is', () => {
    expect(contextItem(contextItems, 'TargetedUserLoggedIn')).toBe('false');
    expect(contextItem(contextItems, 'NotInOobe')).toBe('false');
    expect(contextItem(contextItems, 'EnrollmentType')).toBe('Device');
    expect(contextItem(contextItems, 'ZeroTouchProvisioning')).toBe('0f8fad5b-d9cb-469f-a165-70867728950e');
    expect(contextItemValues(contextItems, 'MAC')).toEqual(['02-00-00-00-00-01', '02-00-00-00-00-02']);
    expect(contextItem(contextItems, 'BootstrapDomainJoin')).toBeUndefined();
  });
});

describe('RequestSecurityToken', () => {
  it('is written as Windows writes it', async () => {
    await expect(writeRequestSecurityToken(request, to)).toMatchFileSnapshot(
      '../fixtures/golden-request-security-token.xml',
    );
  });

  it('keeps unknown ContextItems and their order', () => {
    const items = [
      { name: 'Novelty', value: '1' },
      { name: 'MAC', value: 'x' },
      { name: 'MAC', value: 'x' },
    ];
    expect(
      parseRequestSecurityToken(body(writeRequestSecurityToken({ ...request, contextItems: items }, to))),
    ).toMatchObject({
      ok: true,
      value: { contextItems: items },
    });
  });

  it('is refused for another token type, a renewal or a broken request', () => {
    const written = writeRequestSecurityToken(request, to);
    const refused = (text: string): unknown => parseRequestSecurityToken(body(text));
    expect(refused(written.replace('/DeviceEnrollmentToken<', '/Other<'))).toMatchObject({
      error: { reason: expect.stringMatching(/^TokenType "/) },
    });
    expect(refused(written.replace('200512/Issue<', '200512/Renew<'))).toMatchObject({
      error: { reason: expect.stringMatching(/^RequestType "/) },
    });
    expect(refused(written.replace('#PKCS10', '#PKCS7'))).toMatchObject({
      error: { reason: expect.stringContaining('of ValueType') },
    });
    expect(refused(written.replace('>MAMCAQA=<', '>-<'))).toMatchObject({
      error: { reason: 'the BinarySecurityToken is not base64' },
    });
  });
});

describe('RequestSecurityTokenResponse', () => {
  const response = { provisioningDocument: '<wap-provisioningdoc version="1.1"/>', requestId: '0' };
  const written = writeRequestSecurityTokenResponse(
    response,
    { relatesTo: 'urn:uuid:1' },
    { created: '2026-01-01T00:00:00.000Z', expires: '2026-01-01T00:05:00.000Z' },
  );

  it('is written as servers write it', async () => {
    await expect(written).toMatchFileSnapshot('../fixtures/golden-request-security-token-response.xml');
  });

  it('is also read without the collection', () => {
    const bare = written
      .replace('<RequestSecurityTokenResponseCollection xmlns="', '<RequestSecurityTokenResponse xmlns="')
      .replace('"><RequestSecurityTokenResponse>', '">')
      .replace(
        '</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>',
        '</RequestSecurityTokenResponse>',
      );
    expect(parseRequestSecurityTokenResponse(body(bare))).toEqual({ ok: true, value: response });
  });

  it('is refused without a document', () => {
    const empty = written.replace(/<RequestedSecurityToken>.*<\/RequestedSecurityToken>/, '');
    expect(parseRequestSecurityTokenResponse(body(empty))).toMatchObject({
      error: { reason: 'there is no RequestedSecurityToken' },
    });
  });
});
