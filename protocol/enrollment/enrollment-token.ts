// MDM enrollment, third exchange: RequestSecurityToken and its response ([MS-MDE2] 3.3, 3.4 over [MS-WSTEP]). The request
// carries the certificate request and what the device says of itself; the response carries the provisioning document.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import {
  SECURITY_NAMESPACE,
  UTILITY_NAMESPACE,
  readBinarySecurityToken,
  writeBinarySecurityToken,
  writeSoap,
} from './soap.ts';
import type { ReplyAddressing, RequestAddressing, SecurityToken } from './soap.ts';
import { attribute, child, childText, children, escapeXml, isElement } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

const TRUST_NAMESPACE = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const CONTEXT_NAMESPACE = 'http://schemas.xmlsoap.org/ws/2006/12/authorization';
const PKI_NAMESPACE = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment';
const MANAGER = 'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment';
const TOKEN_TYPE = `${MANAGER}/DeviceEnrollmentToken`;
const PROVISIONING_VALUE_TYPE = `${MANAGER}/DeviceEnrollmentProvisionDoc`;
const REQUEST_VALUE_TYPE = `${PKI_NAMESPACE}#PKCS10`;
const ISSUE = `${TRUST_NAMESPACE}/Issue`;
export const REQUEST_SECURITY_TOKEN_ACTION = `${PKI_NAMESPACE}/RST/wstep`;
export const REQUEST_SECURITY_TOKEN_RESPONSE_ACTION = `${PKI_NAMESPACE}/RSTRC/wstep`;

export interface ContextItem {
  readonly name: string;
  readonly value: string;
}

/** In the order of the wire; a name may repeat (MAC, IMEI); unknown names are to be ignored. */
export type ContextItems = readonly ContextItem[];

/** What a device in user-driven OOBE says of itself ([MS-MDE2] 3.3.4.1.1.1 and the catalogue of observed items). */
export interface EnrollmentContext {
  readonly applicationVersion: string;
  readonly osVersion: string;
  /** Windows SKU number. */
  readonly osEdition: number;
  readonly deviceName: string;
  readonly deviceId: string;
  /** 64 hex digits. */
  readonly hardwareDeviceId: string;
  readonly macAddresses: readonly string[];
  readonly locale: string;
  readonly requestVersion: string;
  /** The OpaqueBlob of the terms of use, returned as it came. */
  readonly enrollmentData?: string | undefined;
  /** ZtdRegistrationId of the profile. */
  readonly zeroTouchProvisioning?: string | undefined;
  /** Hybrid join: the server may send domain-join information. */
  readonly bootstrapDomainJoin?: boolean | undefined;
}

/** The ContextItems of this flow: device enrollment from OOBE, before any user is logged on. */
export function enrollmentContextItems(context: EnrollmentContext): ContextItems {
  const items: ContextItem[] = [
    { name: 'UXInitiated', value: 'true' },
    { name: 'HWDevID', value: context.hardwareDeviceId },
    { name: 'Locale', value: context.locale },
    { name: 'TargetedUserLoggedIn', value: 'false' },
    { name: 'OSEdition', value: String(context.osEdition) },
    { name: 'DeviceName', value: context.deviceName },
    ...context.macAddresses.map((value) => ({ name: 'MAC', value })),
    { name: 'DeviceID', value: context.deviceId },
    { name: 'EnrollmentType', value: 'Device' },
    { name: 'DeviceType', value: 'CIMClient_Windows' },
    { name: 'OSVersion', value: context.osVersion },
    { name: 'ApplicationVersion', value: context.applicationVersion },
    { name: 'NotInOobe', value: 'false' },
    { name: 'RequestVersion', value: context.requestVersion },
  ];
  if (context.enrollmentData !== undefined) items.push({ name: 'EnrollmentData', value: context.enrollmentData });
  if (context.zeroTouchProvisioning !== undefined) {
    items.push({ name: 'ZeroTouchProvisioning', value: context.zeroTouchProvisioning });
  }
  if (context.bootstrapDomainJoin) items.push({ name: 'BootstrapDomainJoin', value: 'true' });
  return items;
}

/** The first item of a name. */
export function contextItem(items: ContextItems, name: string): string | undefined {
  return items.find((item) => item.name === name)?.value;
}

/** All items of a name. */
export function contextItemValues(items: ContextItems, name: string): string[] {
  return items.filter((item) => item.name === name).map((item) => item.value);
}

export interface SecurityTokenRequest {
  /** DER of the PKCS#10 request. */
  readonly certificateRequest: Uint8Array;
  readonly contextItems: ContextItems;
}

/** `token` is the security header: for Entra join the access token for the MDM application. */
export function writeRequestSecurityToken(
  request: SecurityTokenRequest & { readonly token: SecurityToken },
  addressing: RequestAddressing,
): string {
  const items = request.contextItems
    .map(
      ({ name, value }) =>
        `<ac:ContextItem Name="${escapeXml(name)}"><ac:Value>${escapeXml(value)}</ac:Value></ac:ContextItem>`,
    )
    .join('');
  return writeSoap({
    ...addressing,
    action: REQUEST_SECURITY_TOKEN_ACTION,
    security: request.token,
    bodyXml:
      `<wst:RequestSecurityToken xmlns:wst="${TRUST_NAMESPACE}" xmlns:wsse="${SECURITY_NAMESPACE}" ` +
      `xmlns:ac="${CONTEXT_NAMESPACE}"><wst:TokenType>${TOKEN_TYPE}</wst:TokenType>` +
      `<wst:RequestType>${ISSUE}</wst:RequestType>` +
      writeBinarySecurityToken('wsse:', REQUEST_VALUE_TYPE, request.certificateRequest) +
      `<ac:AdditionalContext xmlns="${CONTEXT_NAMESPACE}">${items}</ac:AdditionalContext></wst:RequestSecurityToken>`,
  });
}

/** Reads a request to issue a certificate; a renewal (PKCS#7) is refused as malformed. */
export function parseRequestSecurityToken(body: XmlElement): Result<SecurityTokenRequest> {
  if (!isElement(body, 'RequestSecurityToken', TRUST_NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not RequestSecurityToken`);
  }
  const tokenType = childText(body, 'TokenType');
  if (tokenType !== TOKEN_TYPE) return malformed(body.offset, `TokenType "${tokenType ?? ''}" is not ${TOKEN_TYPE}`);
  const requestType = childText(body, 'RequestType');
  if (requestType !== ISSUE) return malformed(body.offset, `RequestType "${requestType ?? ''}" is not ${ISSUE}`);
  const certificateRequest = readBinarySecurityToken(body, REQUEST_VALUE_TYPE);
  if (!certificateRequest.ok) return certificateRequest;
  const context = child(body, 'AdditionalContext');
  const contextItems = (context === undefined ? [] : children(context, 'ContextItem')).map((item) => ({
    name: attribute(item, 'Name') ?? '',
    value: child(item, 'Value')?.text ?? '',
  }));
  return ok({ certificateRequest: certificateRequest.value, contextItems });
}

export interface SecurityTokenResponse {
  /** The wap-provisioningdoc as text. */
  readonly provisioningDocument: string;
  readonly requestId: string;
}

/** `validity`: when the reply was made and ends to be good (five minutes later, by custom), ISO 8601. */
export function writeRequestSecurityTokenResponse(
  response: SecurityTokenResponse,
  addressing: ReplyAddressing,
  validity?: { readonly created: string; readonly expires: string },
): string {
  return writeSoap({
    ...addressing,
    action: REQUEST_SECURITY_TOKEN_RESPONSE_ACTION,
    headerXml: validity === undefined ? undefined : timestamp(validity),
    bodyXml:
      `<RequestSecurityTokenResponseCollection xmlns="${TRUST_NAMESPACE}"><RequestSecurityTokenResponse>` +
      `<TokenType>${TOKEN_TYPE}</TokenType><DispositionMessage xmlns="${PKI_NAMESPACE}"/><RequestedSecurityToken>` +
      writeBinarySecurityToken('', PROVISIONING_VALUE_TYPE, Buffer.from(response.provisioningDocument)) +
      `</RequestedSecurityToken><RequestID xmlns="${PKI_NAMESPACE}">${escapeXml(response.requestId)}</RequestID>` +
      `</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>`,
  });
}

function timestamp(validity: { readonly created: string; readonly expires: string }): string {
  return (
    `<o:Security s:mustUnderstand="1" xmlns:o="${SECURITY_NAMESPACE}">` +
    `<u:Timestamp u:Id="_0" xmlns:u="${UTILITY_NAMESPACE}"><u:Created>${escapeXml(validity.created)}</u:Created>` +
    `<u:Expires>${escapeXml(validity.expires)}</u:Expires></u:Timestamp></o:Security>`
  );
}

/** The response may also stand without the collection around it ([MS-WSTEP] allows both). */
export function parseRequestSecurityTokenResponse(body: XmlElement): Result<SecurityTokenResponse> {
  const response = isElement(body, 'RequestSecurityTokenResponseCollection', TRUST_NAMESPACE)
    ? child(body, 'RequestSecurityTokenResponse')
    : isElement(body, 'RequestSecurityTokenResponse', TRUST_NAMESPACE)
      ? body
      : undefined;
  if (response === undefined) return malformed(body.offset, `<${body.name}> holds no RequestSecurityTokenResponse`);
  const requested = child(response, 'RequestedSecurityToken');
  if (requested === undefined) return malformed(response.offset, 'there is no RequestedSecurityToken');
  const content = readBinarySecurityToken(requested, PROVISIONING_VALUE_TYPE);
  if (!content.ok) return content;
  return ok({
    provisioningDocument: Buffer.from(content.value).toString('utf8'),
    requestId: childText(response, 'RequestID') ?? '',
  });
}
