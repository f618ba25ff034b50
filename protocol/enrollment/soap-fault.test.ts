import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSoapFault, soapFaultHresult, SOAP_FAULTS, writeSoapFault } from './soap-fault.ts';
import type { SoapFault } from './soap-fault.ts';
import { readSoap } from './soap.ts';

function parse(envelope: string): SoapFault | undefined {
  const message = readSoap(envelope);
  if (!message.ok) throw new Error(message.error.reason);
  return parseSoapFault(message.value.body);
}

describe('SOAP faults', () => {
  it('are written as servers write them', async () => {
    const envelope = writeSoapFault(
      {
        subcode: 'Authorization',
        reason: 'The user has too many devices.',
        errorType: 'DeviceCapReached',
        message: 'The user has too many devices.',
        traceId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
      },
      { relatesTo: 'urn:uuid:1', activityId: '2' },
    );
    await expect(envelope).toMatchFileSnapshot('../fixtures/golden-fault.xml');
  });

  it('are read in the lower case of the documentation', () => {
    const fault = parse(readFileSync(new URL('../fixtures/foreign-fault.xml', import.meta.url), 'utf8'))!;
    expect(fault).toEqual({
      subcode: 'authorization',
      reason: 'Enrollment is blocked',
      errorType: 'devicenotsupported',
      message: 'Enrollment is blocked',
      traceId: 'b2e7e5c8-0f5a-4a55-9c2e-3c5a3a1f9e10',
    });
    expect(soapFaultHresult(fault)).toBe(0x80180014);
  });

  it('give the HRESULT of the detail before that of the subcode', () => {
    const fault = { subcode: 'Authorization', reason: '' };
    expect(soapFaultHresult(fault)).toBe(0x80180003);
    expect(soapFaultHresult({ ...fault, errorType: 'UserLicense' })).toBe(0x80180018);
    expect(soapFaultHresult({ ...fault, errorType: 'Authorization' })).toBe(0x80180003);
    expect(soapFaultHresult({ subcode: 'Novelty', reason: '' })).toBeUndefined();
  });

  it('keep subcodes apart by the prefix that the documentation gives them', () => {
    expect(writeSoapFault({ subcode: 'InvalidSecurity', reason: '' })).toContain(
      '<s:Value>a:InvalidSecurity</s:Value>',
    );
    expect(writeSoapFault({ subcode: 'MessageFormat', reason: '' })).toContain('<s:Value>s:MessageFormat</s:Value>');
  });

  it('are fifteen with HRESULTs of their own', () => {
    expect(new Set(Object.values(SOAP_FAULTS)).size).toBe(15);
  });

  it('are told from other bodies', () => {
    expect(
      parse('<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Body><x/></Body></Envelope>'),
    ).toBeUndefined();
  });
});
