// MDM enrollment, first exchange: Discover ([MS-MDE2] 3.1). Writers give whole envelopes; parsers take a message's body.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { writeSoap } from './soap.ts';
import type { ReplyAddressing, RequestAddressing } from './soap.ts';
import { child, childText, children, escapeXml, isElement } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

const NAMESPACE = 'http://schemas.microsoft.com/windows/management/2012/01/enrollment';
export const DISCOVER_ACTION = `${NAMESPACE}/IDiscoveryService/Discover`;
export const DISCOVER_RESPONSE_ACTION = `${NAMESPACE}/IDiscoveryService/DiscoverResponse`;

/** How the client proves the user: `Federated` also covers Entra join, where the token is there already. */
export type AuthPolicy = 'Federated' | 'OnPremise' | 'Certificate';

export interface DiscoverRequest {
  /** May be empty or `user@alt.none`. */
  readonly emailAddress: string;
  /** 1.0 to 7.0 as the client speaks it. */
  readonly requestVersion: string;
  /** `CIMClient_Windows`. */
  readonly deviceType: string;
  /** The operating system's version, `10.0.22631.0`. */
  readonly applicationVersion: string;
  /** Windows SKU number. */
  readonly osEdition?: number | undefined;
  readonly authPolicies: readonly string[];
}

export interface DiscoverResponse {
  readonly authPolicy: AuthPolicy;
  readonly enrollmentVersion: string;
  readonly enrollmentPolicyServiceUrl?: string | undefined;
  readonly enrollmentServiceUrl: string;
  /** Only for a Federated sign-in without Entra join. */
  readonly authenticationServiceUrl?: string | undefined;
}

export function writeDiscoverRequest(request: DiscoverRequest, addressing: RequestAddressing): string {
  const policies = request.authPolicies.map((policy) => `<AuthPolicy>${escapeXml(policy)}</AuthPolicy>`).join('');
  return writeSoap({
    ...addressing,
    action: DISCOVER_ACTION,
    bodyXml:
      `<Discover xmlns="${NAMESPACE}"><request xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
      `<EmailAddress>${escapeXml(request.emailAddress)}</EmailAddress>` +
      `<RequestVersion>${escapeXml(request.requestVersion)}</RequestVersion>` +
      `<DeviceType>${escapeXml(request.deviceType)}</DeviceType>` +
      `<ApplicationVersion>${escapeXml(request.applicationVersion)}</ApplicationVersion>` +
      (request.osEdition === undefined ? '' : `<OSEdition>${request.osEdition}</OSEdition>`) +
      `<AuthPolicies>${policies}</AuthPolicies></request></Discover>`,
  });
}

export function parseDiscoverRequest(body: XmlElement): Result<DiscoverRequest> {
  if (!isElement(body, 'Discover', NAMESPACE)) return malformed(body.offset, `<${body.name}> is not Discover`);
  const request = child(body, 'request');
  if (request === undefined) return malformed(body.offset, 'Discover has no request');
  const requestVersion = childText(request, 'RequestVersion');
  if (requestVersion === undefined) return malformed(request.offset, 'the request has no RequestVersion');
  const edition = childText(request, 'OSEdition');
  if (edition !== undefined && !/^\d{1,9}$/.test(edition)) {
    return malformed(child(request, 'OSEdition')!.offset, `OSEdition "${edition}" is not a number`);
  }
  const policies = child(request, 'AuthPolicies');
  return ok({
    emailAddress: childText(request, 'EmailAddress') ?? '',
    requestVersion,
    deviceType: childText(request, 'DeviceType') ?? '',
    applicationVersion: childText(request, 'ApplicationVersion') ?? '',
    osEdition: edition === undefined ? undefined : Number(edition),
    authPolicies: policies === undefined ? [] : children(policies, 'AuthPolicy').map((policy) => policy.text.trim()),
  });
}

export function writeDiscoverResponse(response: DiscoverResponse, addressing: ReplyAddressing): string {
  const url = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`;
  return writeSoap({
    ...addressing,
    action: DISCOVER_RESPONSE_ACTION,
    bodyXml:
      `<DiscoverResponse xmlns="${NAMESPACE}"><DiscoverResult>` +
      `<AuthPolicy>${response.authPolicy}</AuthPolicy>` +
      `<EnrollmentVersion>${escapeXml(response.enrollmentVersion)}</EnrollmentVersion>` +
      url('EnrollmentPolicyServiceUrl', response.enrollmentPolicyServiceUrl) +
      url('EnrollmentServiceUrl', response.enrollmentServiceUrl) +
      url('AuthenticationServiceUrl', response.authenticationServiceUrl) +
      `</DiscoverResult></DiscoverResponse>`,
  });
}

export function parseDiscoverResponse(body: XmlElement): Result<DiscoverResponse> {
  if (!isElement(body, 'DiscoverResponse', NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not DiscoverResponse`);
  }
  const result = child(body, 'DiscoverResult');
  if (result === undefined) return malformed(body.offset, 'DiscoverResponse has no DiscoverResult');
  const written = childText(result, 'AuthPolicy');
  const authPolicy = (['Federated', 'OnPremise', 'Certificate'] as const).find((known) => known === written);
  if (authPolicy === undefined) return malformed(result.offset, `AuthPolicy "${written ?? ''}" is not known`);
  const enrollmentServiceUrl = childText(result, 'EnrollmentServiceUrl');
  if (!enrollmentServiceUrl) return malformed(result.offset, 'DiscoverResult has no EnrollmentServiceUrl');
  return ok({
    authPolicy,
    enrollmentVersion: childText(result, 'EnrollmentVersion') ?? '',
    enrollmentPolicyServiceUrl: childText(result, 'EnrollmentPolicyServiceUrl') || undefined,
    enrollmentServiceUrl,
    authenticationServiceUrl: childText(result, 'AuthenticationServiceUrl') || undefined,
  });
}
