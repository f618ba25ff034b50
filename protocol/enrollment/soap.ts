// SOAP 1.2 envelopes with WS-Addressing and WS-Security headers, as MDM enrollment uses them ([MS-MDE2] 2.2, 3). Bodies are
// the business of enrollment-*.ts; nothing here knows an operation.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { attribute, child, childText, escapeXml, isElement, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

export const SOAP_NAMESPACE = 'http://www.w3.org/2003/05/soap-envelope';
export const ADDRESSING_NAMESPACE = 'http://www.w3.org/2005/08/addressing';
export const SECURITY_NAMESPACE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const UTILITY_NAMESPACE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const BASE64_ENCODING = `${SECURITY_NAMESPACE}#base64binary`;
export const SOAP_CONTENT_TYPE = 'application/soap+xml; charset=utf-8';

const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';
const DIAGNOSTICS_NAMESPACE = 'http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics';
export const PASSWORD_TEXT =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
/** The id that the Windows client gives its UsernameToken. */
const USERNAME_TOKEN_ID = 'uuid-cc1ccc1f-2fba-4bcf-b063-ffc0cac77917-4';

/** ValueType of a BinarySecurityToken in the header ([MS-MDE2] 3.3, 3.4). */
const TOKEN_VALUE_TYPES = {
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  'device-enrollment-user-token':
    'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentUserToken',
} as const;

/** Who sends the request. `token` is the text before base64: for `jwt` the JWT itself. */
export type SecurityToken =
  | { readonly kind: 'jwt' | 'device-enrollment-user-token'; readonly token: string }
  | { readonly kind: 'username'; readonly username: string; readonly password: string };

/** The headers of a request: `messageId` is the whole URI (`urn:uuid:...`), `to` the service's URL. */
export interface RequestAddressing {
  readonly messageId: string;
  readonly to: string;
}

/** The headers of a reply: `relatesTo` is the request's MessageID; `activityId` a GUID that names the exchange for support. */
export interface ReplyAddressing {
  readonly relatesTo?: string | undefined;
  readonly activityId?: string | undefined;
}

export interface SoapEnvelope extends ReplyAddressing {
  readonly messageId?: string | undefined;
  readonly to?: string | undefined;
  readonly action: string;
  readonly security?: SecurityToken | undefined;
  /** Further header elements, as XML. */
  readonly headerXml?: string | undefined;
  /** What stands in the Body, as XML. */
  readonly bodyXml: string;
}

export interface SoapMessage {
  readonly action?: string | undefined;
  readonly messageId?: string | undefined;
  readonly relatesTo?: string | undefined;
  readonly to?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly activityId?: string | undefined;
  /** Absent when there is no security header or none of a known kind. */
  readonly security?: SecurityToken | undefined;
  /** The Body's first child: the operation's element or `Fault`. */
  readonly body: XmlElement;
}

export function writeSoap(envelope: SoapEnvelope): string {
  const { action, messageId, to, relatesTo, activityId, security, headerXml, bodyXml } = envelope;
  const header = [
    `<a:Action s:mustUnderstand="1">${escapeXml(action)}</a:Action>`,
    messageId === undefined ? '' : `<a:MessageID>${escapeXml(messageId)}</a:MessageID>`,
    to === undefined ? '' : `<a:ReplyTo><a:Address>${ANONYMOUS}</a:Address></a:ReplyTo>`,
    to === undefined ? '' : `<a:To s:mustUnderstand="1">${escapeXml(to)}</a:To>`,
    activityId === undefined ? '' : activityHeader(escapeXml(activityId)),
    relatesTo === undefined ? '' : `<a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>`,
    security === undefined ? '' : securityHeader(security),
    headerXml ?? '',
  ].join('');
  return (
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}" xmlns:a="${ADDRESSING_NAMESPACE}">` +
    `<s:Header>${header}</s:Header><s:Body>${bodyXml}</s:Body></s:Envelope>`
  );
}

function activityHeader(id: string): string {
  return `<ActivityId CorrelationId="${id}" xmlns="${DIAGNOSTICS_NAMESPACE}">${id}</ActivityId>`;
}

function securityHeader(security: SecurityToken): string {
  const token =
    security.kind === 'username'
      ? `<wsse:UsernameToken u:Id="${USERNAME_TOKEN_ID}" xmlns:u="${UTILITY_NAMESPACE}">` +
        `<wsse:Username>${escapeXml(security.username)}</wsse:Username>` +
        `<wsse:Password Type="${PASSWORD_TEXT}">${escapeXml(security.password)}</wsse:Password></wsse:UsernameToken>`
      : `<wsse:BinarySecurityToken ValueType="${TOKEN_VALUE_TYPES[security.kind]}" EncodingType="${BASE64_ENCODING}">` +
        `${toBase64(Buffer.from(security.token))}</wsse:BinarySecurityToken>`;
  return `<wsse:Security s:mustUnderstand="1" xmlns:wsse="${SECURITY_NAMESPACE}">${token}</wsse:Security>`;
}

/** Reads an envelope. Headers that are not known are ignored. */
export function readSoap(text: string): Result<SoapMessage> {
  const document = readXml(text);
  if (!document.ok) return document;
  const envelope = document.value;
  if (!isElement(envelope, 'Envelope', SOAP_NAMESPACE)) {
    return malformed(envelope.offset, `<${envelope.name}> is not a SOAP 1.2 Envelope`);
  }
  const body = envelope.children.find((element) => isElement(element, 'Body', SOAP_NAMESPACE));
  if (body === undefined) return malformed(envelope.offset, 'the Envelope has no Body');
  const payload = body.children[0];
  if (payload === undefined) return malformed(body.offset, 'the Body is empty');
  const header = envelope.children.find((element) => isElement(element, 'Header', SOAP_NAMESPACE));
  if (header === undefined) return ok({ body: payload });
  const securityHeader = child(header, 'Security');
  const security = securityHeader === undefined ? ok(undefined) : readSecurity(securityHeader);
  if (!security.ok) return security;
  const replyTo = child(header, 'ReplyTo');
  return ok({
    action: childText(header, 'Action'),
    messageId: childText(header, 'MessageID'),
    relatesTo: childText(header, 'RelatesTo'),
    to: childText(header, 'To'),
    replyTo: replyTo && childText(replyTo, 'Address'),
    activityId: childText(header, 'ActivityId'),
    security: security.value,
    body: payload,
  });
}

function readSecurity(header: XmlElement): Result<SecurityToken | undefined> {
  const user = child(header, 'UsernameToken');
  if (user !== undefined) {
    const username = childText(user, 'Username');
    if (username === undefined) return malformed(user.offset, 'the UsernameToken has no Username');
    return ok({ kind: 'username', username, password: child(user, 'Password')?.text ?? '' });
  }
  const binary = child(header, 'BinarySecurityToken');
  if (binary === undefined) return ok(undefined);
  const valueType = attribute(binary, 'ValueType');
  const kind =
    valueType === TOKEN_VALUE_TYPES.jwt
      ? 'jwt'
      : valueType === TOKEN_VALUE_TYPES['device-enrollment-user-token']
        ? 'device-enrollment-user-token'
        : undefined;
  if (kind === undefined) return ok(undefined);
  const text = binary.text.trim();
  // A JWT holds dots, which base64 never does: some clients leave the encoding off.
  if (kind === 'jwt' && text.includes('.')) return ok({ kind, token: text });
  const decoded = fromBase64(text);
  if (decoded === undefined) return malformed(binary.offset, 'the BinarySecurityToken is not base64');
  return ok({ kind, token: Buffer.from(decoded).toString('utf8') });
}

/** A BinarySecurityToken in a body: `prefix` must be bound to the security namespace by the caller. */
export function writeBinarySecurityToken(prefix: string, valueType: string, content: Uint8Array): string {
  return (
    `<${prefix}BinarySecurityToken ValueType="${valueType}" EncodingType="${BASE64_ENCODING}"` +
    `${prefix === '' ? ` xmlns="${SECURITY_NAMESPACE}"` : ''}>${toBase64(content)}</${prefix}BinarySecurityToken>`
  );
}

/** The content of the BinarySecurityToken with this ValueType among an element's children. */
export function readBinarySecurityToken(parent: XmlElement, valueType: string): Result<Uint8Array> {
  const token = child(parent, 'BinarySecurityToken');
  if (token === undefined) return malformed(parent.offset, `<${parent.name}> has no BinarySecurityToken`);
  const found = attribute(token, 'ValueType');
  if (found !== valueType) {
    return malformed(token.offset, `the BinarySecurityToken is of ValueType "${found ?? ''}", not "${valueType}"`);
  }
  const content = fromBase64(token.text);
  return content === undefined ? malformed(token.offset, 'the BinarySecurityToken is not base64') : ok(content);
}
