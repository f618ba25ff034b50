// MDM enrollment, second exchange: GetPolicies ([MS-XCEP] 3.1), which tells the key length and hash of the certificate request.
// Of the policy's many members Windows heeds three; the writer sends the others as servers do, the parser ignores them.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { writeSoap } from './soap.ts';
import type { ReplyAddressing, RequestAddressing, SecurityToken } from './soap.ts';
import { child, childText, children, escapeXml, isElement } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

const NAMESPACE = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
export const GET_POLICIES_ACTION = `${NAMESPACE}/IPolicy/GetPolicies`;
export const GET_POLICIES_RESPONSE_ACTION = `${NAMESPACE}/IPolicy/GetPoliciesResponse`;

export interface GetPoliciesRequest {
  readonly lastUpdate?: string | undefined;
  readonly preferredLanguage?: string | undefined;
  /** Sent by newer Windows; not in [MS-XCEP]. */
  readonly tpmManufacturer?: string | undefined;
  readonly tpmFirmwareVersion?: string | undefined;
}

export interface EnrollmentPolicy {
  readonly commonName: string;
  readonly policySchema: number;
  readonly validityPeriodSeconds: number;
  readonly renewalPeriodSeconds: number;
  /** RSA bits that the request's key must have at least. */
  readonly minimalKeyLength: number;
  /** An `oIDReferenceID` of `oids`; absent where the server leaves the hash open. */
  readonly hashAlgorithmOidReference?: number | undefined;
}

export interface PolicyOid {
  readonly value: string;
  readonly group: number;
  readonly referenceId: number;
  readonly defaultName: string;
}

export interface GetPoliciesResponse {
  readonly policyId: string;
  readonly policyFriendlyName: string;
  readonly policies: readonly EnrollmentPolicy[];
  readonly oids: readonly PolicyOid[];
}

export function writeGetPoliciesRequest(
  request: GetPoliciesRequest,
  addressing: RequestAddressing & { readonly security: SecurityToken },
): string {
  return writeSoap({
    ...addressing,
    action: GET_POLICIES_ACTION,
    bodyXml:
      `<GetPolicies xmlns="${NAMESPACE}" xmlns:xsi="${INSTANCE}"><client>` +
      nillable('lastUpdate', request.lastUpdate) +
      nillable('preferredLanguage', request.preferredLanguage) +
      optional('TPMManufacturer', request.tpmManufacturer) +
      optional('TPMFirmwareVersion', request.tpmFirmwareVersion) +
      `</client><requestFilter xsi:nil="true"/></GetPolicies>`,
  });
}

export function parseGetPoliciesRequest(body: XmlElement): Result<GetPoliciesRequest> {
  if (!isElement(body, 'GetPolicies', NAMESPACE)) return malformed(body.offset, `<${body.name}> is not GetPolicies`);
  const client = child(body, 'client');
  if (client === undefined) return malformed(body.offset, 'GetPolicies has no client');
  return ok({
    lastUpdate: childText(client, 'lastUpdate') || undefined,
    preferredLanguage: childText(client, 'preferredLanguage') || undefined,
    tpmManufacturer: childText(client, 'TPMManufacturer') || undefined,
    tpmFirmwareVersion: childText(client, 'TPMFirmwareVersion') || undefined,
  });
}

export function writeGetPoliciesResponse(response: GetPoliciesResponse, addressing: ReplyAddressing): string {
  return writeSoap({
    ...addressing,
    action: GET_POLICIES_RESPONSE_ACTION,
    bodyXml:
      `<GetPoliciesResponse xmlns="${NAMESPACE}" xmlns:xsi="${INSTANCE}"><response>` +
      `<policyID>${escapeXml(response.policyId)}</policyID>` +
      `<policyFriendlyName>${escapeXml(response.policyFriendlyName)}</policyFriendlyName>` +
      `<nextUpdateHours xsi:nil="true"/><policiesNotChanged xsi:nil="true"/>` +
      `<policies>${response.policies.map(writePolicy).join('')}</policies></response><cAs xsi:nil="true"/>` +
      `<oIDs>${response.oids.map(writeOid).join('')}</oIDs></GetPoliciesResponse>`,
  });
}

function writePolicy(policy: EnrollmentPolicy, index: number): string {
  return (
    `<policy><policyOIDReference>${index}</policyOIDReference><cAs xsi:nil="true"/><attributes>` +
    `<commonName>${escapeXml(policy.commonName)}</commonName><policySchema>${policy.policySchema}</policySchema>` +
    `<certificateValidity><validityPeriodSeconds>${policy.validityPeriodSeconds}</validityPeriodSeconds>` +
    `<renewalPeriodSeconds>${policy.renewalPeriodSeconds}</renewalPeriodSeconds></certificateValidity>` +
    `<permission><enroll>true</enroll><autoEnroll>false</autoEnroll></permission>` +
    `<privateKeyAttributes><minimalKeyLength>${policy.minimalKeyLength}</minimalKeyLength><keySpec xsi:nil="true"/>` +
    `<keyUsageProperty xsi:nil="true"/><permissions xsi:nil="true"/><algorithmOIDReference xsi:nil="true"/>` +
    `<cryptoProviders xsi:nil="true"/></privateKeyAttributes>` +
    `<revision><majorRevision>101</majorRevision><minorRevision>0</minorRevision></revision>` +
    `<supersededPolicies xsi:nil="true"/><privateKeyFlags xsi:nil="true"/><subjectNameFlags xsi:nil="true"/>` +
    `<enrollmentFlags xsi:nil="true"/><generalFlags xsi:nil="true"/>` +
    nillable('hashAlgorithmOIDReference', policy.hashAlgorithmOidReference?.toString()) +
    `<rARequirements xsi:nil="true"/><keyArchivalAttributes xsi:nil="true"/><extensions xsi:nil="true"/>` +
    `</attributes></policy>`
  );
}

function writeOid(oid: PolicyOid): string {
  return (
    `<oID><value>${escapeXml(oid.value)}</value><group>${oid.group}</group>` +
    `<oIDReferenceID>${oid.referenceId}</oIDReferenceID><defaultName>${escapeXml(oid.defaultName)}</defaultName></oID>`
  );
}

/** A response whose members are all nil is valid: it leaves everything to the client. */
export function parseGetPoliciesResponse(body: XmlElement): Result<GetPoliciesResponse> {
  if (!isElement(body, 'GetPoliciesResponse', NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not GetPoliciesResponse`);
  }
  const response = child(body, 'response');
  const listed = response && child(response, 'policies');
  const policies: EnrollmentPolicy[] = [];
  for (const policy of listed === undefined ? [] : children(listed, 'policy')) {
    const attributes = child(policy, 'attributes');
    if (attributes === undefined) return malformed(policy.offset, 'a policy has no attributes');
    const keys = child(attributes, 'privateKeyAttributes');
    const validity = child(attributes, 'certificateValidity');
    const hash = number(childText(attributes, 'hashAlgorithmOIDReference'), undefined);
    const length = number(keys && childText(keys, 'minimalKeyLength'), 2048);
    const validitySeconds = number(validity && childText(validity, 'validityPeriodSeconds'), 0);
    const renewalSeconds = number(validity && childText(validity, 'renewalPeriodSeconds'), 0);
    const schema = number(childText(attributes, 'policySchema'), 0);
    if ([hash, length, validitySeconds, renewalSeconds, schema].includes(NaN)) {
      return malformed(attributes.offset, "a policy's number is not one");
    }
    policies.push({
      commonName: childText(attributes, 'commonName') ?? '',
      policySchema: schema,
      validityPeriodSeconds: validitySeconds,
      renewalPeriodSeconds: renewalSeconds,
      minimalKeyLength: length,
      hashAlgorithmOidReference: hash,
    });
  }
  const oids = child(body, 'oIDs');
  return ok({
    policyId: (response && childText(response, 'policyID')) ?? '',
    policyFriendlyName: (response && childText(response, 'policyFriendlyName')) ?? '',
    policies,
    oids: (oids === undefined ? [] : children(oids, 'oID')).map((oid) => ({
      value: childText(oid, 'value') ?? '',
      group: number(childText(oid, 'group'), 0),
      referenceId: number(childText(oid, 'oIDReferenceID'), 0),
      defaultName: childText(oid, 'defaultName') ?? '',
    })),
  });
}

/** NaN for what is not a whole number; the default for what is missing or nil. */
function number<T extends number | undefined>(text: string | undefined, absent: T): number | T {
  if (text === undefined || text === '') return absent;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

function nillable(name: string, value: string | undefined): string {
  return value === undefined ? `<${name} xsi:nil="true"/>` : `<${name}>${escapeXml(value)}</${name}>`;
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`;
}
