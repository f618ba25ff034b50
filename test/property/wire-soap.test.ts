// Every XML family of the wire: what one side writes the other reads as it was.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseDeviceAddRequest,
  parseDeviceAddResponse,
  parseDeviceTicketRequest,
  parseDeviceTicketResponse,
  writeDeviceAddRequest,
  writeDeviceAddResponse,
  writeDeviceTicketRequest,
  writeDeviceTicketResponse,
} from '../../protocol/autopilot/device-token.ts';
import {
  parseDiscoverRequest,
  parseDiscoverResponse,
  writeDiscoverRequest,
  writeDiscoverResponse,
} from '../../protocol/enrollment/enrollment-discovery.ts';
import {
  parseGetPoliciesRequest,
  parseGetPoliciesResponse,
  writeGetPoliciesRequest,
  writeGetPoliciesResponse,
} from '../../protocol/enrollment/enrollment-policy.ts';
import {
  parseRequestSecurityToken,
  parseRequestSecurityTokenResponse,
  writeRequestSecurityToken,
  writeRequestSecurityTokenResponse,
} from '../../protocol/enrollment/enrollment-token.ts';
import { parseMsiJob, writeMsiJob } from '../../protocol/management/msi-job.ts';
import {
  parseProvisioningDocument,
  writeProvisioningDocument,
} from '../../protocol/enrollment/provisioning-document.ts';
import type { ProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import { parseSoapFault, writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { readSoap, writeSoap } from '../../protocol/enrollment/soap.ts';
import type { SecurityToken } from '../../protocol/enrollment/soap.ts';
import type { XmlElement } from '../../protocol/encoding/xml.ts';
import { accepted, bytes, count, line, optional, text } from './wire-arbitraries.ts';

function body(envelope: string): XmlElement {
  return accepted(readSoap(envelope)).body;
}

const to = { messageId: 'urn:uuid:1', to: 'https://enroll.example/' };
const back = { relatesTo: 'urn:uuid:1', activityId: '2' };
const security: fc.Arbitrary<SecurityToken> = fc.oneof(
  fc.record({ kind: fc.constantFrom('jwt' as const, 'device-enrollment-user-token' as const), token: text }),
  fc.record({ kind: fc.constant('username' as const), username: line, password: text }),
);

describe('SOAP', () => {
  it('keeps headers and security', () => {
    const envelope = fc.record({
      action: line,
      messageId: optional(line),
      relatesTo: optional(line),
      activityId: optional(line),
      to: optional(line),
      security: optional(security),
    });
    fc.assert(
      fc.property(envelope, (headers) => {
        const read = accepted(readSoap(writeSoap({ ...headers, bodyXml: '<x/>' })));
        const replyTo = headers.to === undefined ? undefined : 'http://www.w3.org/2005/08/addressing/anonymous';
        expect(read).toMatchObject({ ...headers, replyTo });
        expect(read.body.name).toBe('x');
      }),
    );
  });

  it('keeps faults', () => {
    const fault = fc.record({
      subcode: fc.constantFrom('MessageFormat', 'Authorization', 'InvalidSecurity', 'Other'),
      reason: line,
      errorType: optional(line),
      message: optional(line),
      traceId: optional(line),
    });
    fc.assert(
      fc.property(fault, (value) => {
        expect(parseSoapFault(body(writeSoapFault(value, back)))).toEqual(value);
      }),
    );
  });
});

describe('MDM enrollment', () => {
  it('keeps Discover and its response', () => {
    const request = fc.record({
      emailAddress: line,
      requestVersion: line,
      deviceType: line,
      applicationVersion: line,
      osEdition: optional(count),
      authPolicies: fc.array(line, { maxLength: 3 }),
    });
    const response = fc.record({
      authPolicy: fc.constantFrom('Federated' as const, 'OnPremise' as const, 'Certificate' as const),
      enrollmentVersion: line,
      enrollmentPolicyServiceUrl: optional(line.filter((value) => value !== '')),
      enrollmentServiceUrl: line.filter((value) => value !== ''),
      authenticationServiceUrl: optional(line.filter((value) => value !== '')),
    });
    fc.assert(
      fc.property(request, response, (asked, answered) => {
        expect(accepted(parseDiscoverRequest(body(writeDiscoverRequest(asked, to))))).toEqual(asked);
        expect(accepted(parseDiscoverResponse(body(writeDiscoverResponse(answered, back))))).toEqual(answered);
      }),
    );
  });

  it('keeps GetPolicies and its response', () => {
    const some = line.filter((value) => value !== '');
    const request = fc.record({
      lastUpdate: optional(some),
      preferredLanguage: optional(some),
      tpmManufacturer: optional(some),
      tpmFirmwareVersion: optional(some),
    });
    const policy = fc.record({
      commonName: line,
      policySchema: count,
      validityPeriodSeconds: count,
      renewalPeriodSeconds: count,
      minimalKeyLength: count,
      hashAlgorithmOidReference: optional(count),
    });
    const oid = fc.record({ value: line, group: count, referenceId: count, defaultName: line });
    const response = fc.record({
      policyId: line,
      policyFriendlyName: line,
      policies: fc.array(policy, { maxLength: 3 }),
      oids: fc.array(oid, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(request, security, response, (asked, token, answered) => {
        const message = accepted(readSoap(writeGetPoliciesRequest(asked, { ...to, security: token })));
        expect(message.security).toEqual(token);
        expect(accepted(parseGetPoliciesRequest(message.body))).toEqual(asked);
        expect(accepted(parseGetPoliciesResponse(body(writeGetPoliciesResponse(answered, back))))).toEqual(answered);
      }),
    );
  });

  it('keeps RequestSecurityToken, its ContextItems in order, and its response', () => {
    const request = fc.record({
      token: security,
      certificateRequest: bytes,
      contextItems: fc.array(fc.record({ name: text, value: text }), { maxLength: 20 }),
    });
    const response = fc.record({ provisioningDocument: text, requestId: line });
    const validity = { created: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:05:00Z' };
    fc.assert(
      fc.property(request, response, ({ token, ...asked }, answered) => {
        const message = accepted(readSoap(writeRequestSecurityToken({ ...asked, token }, to)));
        expect(message.security).toEqual(token);
        const read = accepted(parseRequestSecurityToken(message.body));
        expect(read.contextItems).toEqual(asked.contextItems);
        expect(Buffer.compare(read.certificateRequest, asked.certificateRequest)).toBe(0);
        const reply = writeRequestSecurityTokenResponse(answered, back, validity);
        expect(accepted(parseRequestSecurityTokenResponse(body(reply)))).toEqual(answered);
      }),
    );
  });
});

describe('documents', () => {
  it('keeps provisioning documents', () => {
    const certificate = bytes.filter((value) => value.length > 0);
    // Certificates are named by thumbprint: two that are equal are still two nodes.
    const document: fc.Arbitrary<ProvisioningDocument> = fc.record({
      rootCertificates: fc.array(certificate, { maxLength: 2 }),
      intermediateCertificates: fc.array(certificate, { maxLength: 2 }),
      clientCertificate: fc.record({ store: fc.constantFrom('System' as const, 'User' as const), certificate }),
      renew: optional(fc.record({ roboSupport: fc.boolean(), renewPeriodDays: count, retryIntervalDays: count })),
      application: fc.record({
        providerId: text,
        name: text,
        address: text,
        clientCertificateSearch: fc.record({ subject: text, stores: text }),
        role: optional(count),
        connectionRetryFrequency: optional(count),
        initialBackoffMs: optional(count),
        maxBackoffMs: optional(count),
        backCompatRetryDisabled: fc.constantFrom(true, undefined),
        defaultEncoding: optional(text),
        authentications: optional(
          fc.array(
            fc.record({ level: text, type: text, name: optional(text), secret: optional(text), data: optional(text) }),
            {
              minLength: 1,
              maxLength: 2,
            },
          ),
        ),
      }),
      dmClient: fc.record({
        providerId: text,
        upn: optional(text),
        entDeviceName: optional(text),
        entDmId: optional(text),
        poll: optional(
          fc.record({
            firstRetries: count,
            firstIntervalMinutes: count,
            secondRetries: count,
            secondIntervalMinutes: count,
            remainingRetries: count,
            remainingIntervalMinutes: count,
            pollOnLogin: optional(fc.boolean()),
          }),
        ),
        pushPfn: optional(text),
      }),
    });
    fc.assert(
      fc.property(document, (value) => {
        const read = accepted(parseProvisioningDocument(writeProvisioningDocument(value)));
        expect(plain(read)).toEqual(plain(value));
      }),
    );
  });

  it('keeps MSI jobs', () => {
    const job = fc.record({
      id: text,
      version: text,
      contentUrls: fc.array(line, { minLength: 1, maxLength: 3 }),
      fileHash: line,
      commandLine: line,
      timeoutMinutes: count,
      retryCount: count,
      retryIntervalMinutes: count,
    });
    fc.assert(
      fc.property(job, (value) => {
        expect(accepted(parseMsiJob(writeMsiJob(value)))).toEqual(value);
      }),
    );
  });
});

describe('device token', () => {
  it('keeps the credential request and reply', () => {
    const some = bytes.filter((value) => value.length > 0);
    const request = fc.record({
      memberName: line.filter((value) => value !== ''),
      password: text.filter((value) => value !== ''),
      components: fc.array(fc.record({ id: fc.nat(99_999), value: bytes }), { maxLength: 5 }),
      endorsementKey: optional(fc.record({ modulus: some, exponent: some })),
    });
    const response = fc.oneof(
      fc.record({
        success: fc.constant(true as const),
        puid: line.filter((value) => value !== ''),
        hardwareDeviceId: line,
      }),
      fc.record({ success: fc.constant(false as const), error: text }),
    );
    fc.assert(
      fc.property(request, response, (asked, answered) => {
        expect(plain(accepted(parseDeviceAddRequest(writeDeviceAddRequest(asked))))).toEqual(plain(asked));
        expect(accepted(parseDeviceAddResponse(writeDeviceAddResponse(answered)))).toEqual(answered);
      }),
    );
  });

  it('keeps the ticket request and reply', () => {
    const some = line.filter((value) => value !== '');
    const ticket = fc.record({ ticket: some, created: line, expires: line });
    fc.assert(
      fc.property(some, security, ticket, (appliesTo, credential, answered) => {
        const message = accepted(readSoap(writeDeviceTicketRequest({ credential, appliesTo }, to)));
        expect(message.security).toEqual(credential);
        expect(accepted(parseDeviceTicketRequest(message.body))).toEqual({ appliesTo });
        expect(accepted(parseDeviceTicketResponse(body(writeDeviceTicketResponse(answered, back))))).toEqual(answered);
      }),
    );
  });
});

/** Bytes as hex, so that a Buffer equals a Uint8Array. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
