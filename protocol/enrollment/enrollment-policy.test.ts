import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseGetPoliciesResponse, writeGetPoliciesRequest, writeGetPoliciesResponse } from './enrollment-policy.ts';
import { readSoap } from './soap.ts';
import type { XmlElement } from '../encoding/xml.ts';

function body(envelope: string): XmlElement {
  const read = readSoap(envelope);
  if (!read.ok) throw new Error(read.error.reason);
  return read.value.body;
}

const response = {
  policyId: '{policy}',
  policyFriendlyName: 'Devices',
  policies: [
    {
      commonName: 'MDM',
      policySchema: 3,
      validityPeriodSeconds: 31_536_000,
      renewalPeriodSeconds: 3_628_800,
      minimalKeyLength: 2048,
      hashAlgorithmOidReference: 0,
    },
  ],
  oids: [{ value: '2.16.840.1.101.3.4.2.1', group: 1, referenceId: 0, defaultName: 'sha256' }],
};

describe('GetPolicies', () => {
  it('is written as Windows writes it', async () => {
    const request = writeGetPoliciesRequest(
      { tpmManufacturer: 'FLTL', tpmFirmwareVersion: '1.2' },
      { messageId: 'urn:uuid:1', to: 'https://enroll.example/Policy.svc', security: { kind: 'jwt', token: 'h.p.s' } },
    );
    await expect(request).toMatchFileSnapshot('../fixtures/golden-get-policies-request.xml');
  });
});

describe('GetPoliciesResponse', () => {
  it('is written with all members that servers send', async () => {
    const envelope = writeGetPoliciesResponse(response, { relatesTo: 'urn:uuid:1' });
    await expect(envelope).toMatchFileSnapshot('../fixtures/golden-get-policies-response.xml');
  });

  it('may leave everything to the client', () => {
    const text = readFileSync(new URL('../fixtures/foreign-get-policies-response.xml', import.meta.url), 'utf8');
    expect(parseGetPoliciesResponse(body(text))).toEqual({
      ok: true,
      value: { policyId: '', policyFriendlyName: '', policies: [], oids: [] },
    });
  });

  it('is refused with a number that is none', () => {
    const broken = writeGetPoliciesResponse(response, {}).replace('>2048<', '>big<');
    expect(parseGetPoliciesResponse(body(broken))).toMatchObject({ error: { reason: "a policy's number is not one" } });
  });
});
