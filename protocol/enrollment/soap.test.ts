import { describe, expect, it } from 'vitest';
import { readSoap, writeSoap } from './soap.ts';

const action = 'http://example.test/Action';

describe('readSoap', () => {
  it('reads the headers of a request whose JWT stands in base64', () => {
    const envelope = writeSoap({
      action,
      messageId: 'urn:uuid:1',
      to: 'https://example.test/a?b=c&d=e',
      security: { kind: 'jwt', token: 'h.p.s' },
      bodyXml: '<x xmlns="urn:x"/>',
    });
    expect(envelope).toContain(Buffer.from('h.p.s').toString('base64'));
    expect(envelope).not.toContain('h.p.s');
    expect(readSoap(envelope)).toMatchObject({
      ok: true,
      value: {
        action,
        messageId: 'urn:uuid:1',
        to: 'https://example.test/a?b=c&d=e',
        replyTo: 'http://www.w3.org/2005/08/addressing/anonymous',
        security: { kind: 'jwt', token: 'h.p.s' },
        body: { name: 'x', namespace: 'urn:x' },
      },
    });
  });

  it('takes a JWT that a client left unencoded', () => {
    const bare = writeSoap({ action, security: { kind: 'jwt', token: 'h.p.s' }, bodyXml: '<x/>' }).replace(
      Buffer.from('h.p.s').toString('base64'),
      ' h.p.s ',
    );
    expect(readSoap(bare)).toMatchObject({ ok: true, value: { security: { kind: 'jwt', token: 'h.p.s' } } });
  });

  it('marks Action and To as to be understood', () => {
    const envelope = writeSoap({ action, messageId: 'm', to: 't', bodyXml: '<x/>' });
    expect(envelope).toContain('<a:Action s:mustUnderstand="1">');
    expect(envelope).toContain('<a:To s:mustUnderstand="1">');
  });

  it('reads a reply without security and ignores a token of an unknown kind', () => {
    expect(readSoap(writeSoap({ action, relatesTo: 'm', activityId: 'a', bodyXml: '<x/>' }))).toMatchObject({
      ok: true,
      value: { relatesTo: 'm', activityId: 'a', security: undefined },
    });
    const unknown = writeSoap({ action, security: { kind: 'jwt', token: 'h.p.s' }, bodyXml: '<x/>' }).replace(
      'urn:ietf:params:oauth:token-type:jwt',
      'urn:other',
    );
    expect(readSoap(unknown)).toMatchObject({ ok: true, value: { security: undefined } });
  });

  it('refuses what is no SOAP 1.2 envelope with a body', () => {
    const soap = (inner: string): string =>
      `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope">${inner}</Envelope>`;
    expect(readSoap('<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>')).toMatchObject({
      ok: false,
      error: { offset: 0, reason: '<Envelope> is not a SOAP 1.2 Envelope' },
    });
    expect(readSoap(soap(''))).toMatchObject({ error: { reason: 'the Envelope has no Body' } });
    expect(readSoap(soap('<Body/>'))).toMatchObject({ error: { reason: 'the Body is empty', offset: 58 } });
  });

  it('refuses a security token that is not base64', () => {
    const broken = writeSoap({
      action,
      security: { kind: 'device-enrollment-user-token', token: 'x' },
      bodyXml: '<x/>',
    }).replace('>eA==<', '>***<');
    expect(readSoap(broken)).toMatchObject({ error: { reason: 'the BinarySecurityToken is not base64' } });
  });
});
