import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  DISCOVER_ACTION,
  parseDiscoverRequest,
  parseDiscoverResponse,
  writeDiscoverRequest,
  writeDiscoverResponse,
} from './enrollment-discovery.ts';
import { readSoap } from './soap.ts';
import type { SoapMessage } from './soap.ts';

function message(envelope: string): SoapMessage {
  const read = readSoap(envelope);
  if (!read.ok) throw new Error(read.error.reason);
  return read.value;
}

const request = {
  emailAddress: 'user@contoso.example',
  requestVersion: '5.0',
  deviceType: 'CIMClient_Windows',
  applicationVersion: '10.0.22631.3007',
  osEdition: 4,
  authPolicies: ['OnPremise', 'Federated'],
};
const to = { messageId: 'urn:uuid:1', to: 'https://enroll.example/EnrollmentServer/Discovery.svc' };

describe('Discover', () => {
  it('is written as Windows writes it', async () => {
    await expect(writeDiscoverRequest(request, to)).toMatchFileSnapshot('../fixtures/golden-discover-request.xml');
  });

  it('is read from another client', () => {
    const text = readFileSync(new URL('../fixtures/foreign-discover-request.xml', import.meta.url), 'utf8');
    const foreign = message(text);
    expect(foreign.action).toBe(DISCOVER_ACTION);
    expect(foreign.messageId).toBe('urn:uuid:7c9e6679-7425-40de-944b-e07fc1f90ae7');
    expect(parseDiscoverRequest(foreign.body)).toEqual({
      ok: true,
      value: {
        emailAddress: 'ada@fabrikam.example',
        requestVersion: '4.0',
        deviceType: 'CIMClient_Windows',
        applicationVersion: '10.0.22631.3007',
        osEdition: 48,
        authPolicies: ['OnPremise', 'Federated', 'Certificate'],
      },
    });
  });

  it('is refused without a version, with another namespace or a broken edition', () => {
    const written = writeDiscoverRequest(request, to);
    const refused = (text: string): unknown => parseDiscoverRequest(message(text).body);
    expect(refused(written.replace(/<RequestVersion>.*<\/RequestVersion>/, ''))).toMatchObject({
      error: { reason: 'the request has no RequestVersion' },
    });
    expect(refused(written.replace('Discover xmlns="http', 'Discover xmlns="other'))).toMatchObject({
      error: { reason: '<Discover> is not Discover' },
    });
    expect(refused(written.replace('>4<', '>four<'))).toMatchObject({
      error: { reason: 'OSEdition "four" is not a number' },
    });
  });
});

describe('DiscoverResponse', () => {
  const response = {
    authPolicy: 'Federated' as const,
    enrollmentVersion: '5.0',
    enrollmentPolicyServiceUrl: 'https://enroll.example/Policy.svc',
    enrollmentServiceUrl: 'https://enroll.example/Enrollment.svc?a=b&c=d',
  };
  const back = { relatesTo: 'urn:uuid:1', activityId: '6f9619ff-8b86-d011-b42d-00c04fc964ff' };

  it('is written in the order of servers', async () => {
    await expect(writeDiscoverResponse(response, back)).toMatchFileSnapshot('../fixtures/golden-discover-response.xml');
  });

  it('is refused with an unknown policy or without the enrollment service', () => {
    const written = writeDiscoverResponse(response, back);
    const refused = (text: string): unknown => parseDiscoverResponse(message(text).body);
    expect(refused(written.replace('Federated', 'Magic'))).toMatchObject({
      error: { reason: 'AuthPolicy "Magic" is not known' },
    });
    expect(refused(written.replace(/<EnrollmentServiceUrl>.*<\/EnrollmentServiceUrl>/, ''))).toMatchObject({
      error: { reason: 'DiscoverResult has no EnrollmentServiceUrl' },
    });
  });
});
