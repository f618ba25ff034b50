import { describe, expect, it } from 'vitest';
import { readSoap } from '../enrollment/soap.ts';
import { parseSoapFault } from '../enrollment/soap-fault.ts';
import {
  assertionOf,
  parseTrustMetadata,
  parseTrustRequest,
  writePassiveResult,
  writeTrustFault,
  writeTrustMetadata,
  writeTrustRequest,
  writeTrustResponse,
} from './ws-trust.ts';
import { readXml } from '../encoding/xml.ts';

const URL = 'https://federation.example/adfs/services/trust/13/usernamemixed?a=1&b=2';

describe('metadata', () => {
  it('leads to the port for a user name and a password', async () => {
    await expect(writeTrustMetadata(URL)).toMatchFileSnapshot('../fixtures/golden-trust-metadata.xml');
    expect(parseTrustMetadata(writeTrustMetadata(URL))).toEqual({ ok: true, value: URL });
  });

  it.each([
    ['another policy', (text: string) => text.replace(/<sp:UsernameToken.*<\/sp:UsernameToken>/, '')],
    ['another action', (text: string) => text.replace('200512/RST/Issue', '200512/RST/Renew')],
    ['another binding', (text: string) => text.replace('binding="tns:User', 'binding="tns:Certificate')],
    ['another document', () => '<definitions/>'],
    ['half of it', (text: string) => text.slice(0, 500)],
  ])('with %s leads nowhere', (_name, change) => {
    expect(parseTrustMetadata(change(writeTrustMetadata(URL))).ok).toBe(false);
  });

  it('of AD FS has certificate ports, too, which are not taken', () => {
    const port = '<wsdl:port name="C" binding="tns:CertificateWSTrustBinding_IWSTrust13Async">';
    const other = `${port}<soap12:address location="https://federation.example/certificatemixed"/></wsdl:port>`;
    const text = writeTrustMetadata(URL).replace('<wsdl:port ', `${other}<wsdl:port `);
    expect(parseTrustMetadata(text)).toEqual({ ok: true, value: URL });
  });
});

describe('a request for a token', () => {
  const request = {
    userName: 'user&1@federated.example',
    password: 'p<w',
    appliesTo: 'urn:federation:MicrosoftOnline',
    created: '2026-01-01T00:00:00.000Z',
    expires: '2026-01-01T00:05:00.000Z',
  };
  const text = writeTrustRequest(request, { messageId: 'urn:uuid:1', to: URL });

  it('is a SOAP message with name and password in its header', async () => {
    await expect(text).toMatchFileSnapshot('../fixtures/golden-trust-request.xml');
    const message = readSoap(text);
    if (!message.ok) expect.unreachable(message.error.reason);
    expect(message.value).toMatchObject({
      action: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue',
      to: URL,
      security: { kind: 'username', username: request.userName, password: request.password },
    });
    expect(parseTrustRequest(message.value.body)).toEqual({ ok: true, value: { appliesTo: request.appliesTo } });
  });

  it.each([
    ['another type', text.replace('/Issue</trust:RequestType>', '/Renew</trust:RequestType>')],
    ['no realm', text.replace(/<wsp:AppliesTo.*<\/wsp:AppliesTo>/, '')],
    ['another trust', text.replaceAll('http://docs.oasis-open.org/ws-sx/ws-trust/200512', 'urn:x')],
  ])('is refused with %s', (_name, changed) => {
    const message = readSoap(changed);
    expect(message.ok && parseTrustRequest(message.value.body).ok).toBe(false);
  });
});

describe('an answer', () => {
  const assertion = '<saml:Assertion xmlns:saml="urn:x" A="1"><saml:B>ü</saml:B></saml:Assertion>';

  it('has the assertion byte for byte, by WS-Trust and in the passive form', () => {
    const soap = writeTrustResponse(assertion, { relatesTo: 'urn:uuid:1' });
    const message = readSoap(soap);
    expect(message.ok && assertionOf(soap, message.value.body)).toBe(assertion);
    const passive = writePassiveResult(assertion);
    const document = readXml(passive);
    expect(document.ok && assertionOf(passive, document.value)).toBe(assertion);
    const bare = readXml(assertion);
    expect(bare.ok && assertionOf(assertion, bare.value)).toBe(assertion);
  });

  it('without one has none', () => {
    const document = readXml('<t:RequestSecurityTokenResponse xmlns:t="urn:t"/>');
    expect(document.ok && assertionOf('', document.value)).toBeUndefined();
  });

  it('is a fault for who is not known', () => {
    const message = readSoap(writeTrustFault('ID3242: no', {}));
    expect(message.ok && parseSoapFault(message.value.body)).toMatchObject({
      subcode: 'FailedAuthentication',
      reason: 'ID3242: no',
    });
  });
});
