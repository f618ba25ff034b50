// What a federation service (AD FS) says by WS-Trust 1.3 and WS-Federation: its metadata, a request for a security token with a
// user name and a password, the answer with an assertion, and the same answer as a form field of the passive sign-in.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { ENTRA_REALM, SAML_NAMESPACE } from './saml.ts';
import { PASSWORD_TEXT, SECURITY_NAMESPACE, UTILITY_NAMESPACE, writeSoap } from '../enrollment/soap.ts';
import type { ReplyAddressing, RequestAddressing } from '../enrollment/soap.ts';
import { attribute, child, children, childText, descendant, escapeXml, isElement, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

const TRUST_NAMESPACE = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
export const TRUST_ISSUE_ACTION = `${TRUST_NAMESPACE}/RST/Issue`;
const TRUST_RESPONSE_ACTION = `${TRUST_NAMESPACE}/RSTRC/IssueFinal`;
const BEARER_KEY = `${TRUST_NAMESPACE}/Bearer`;
const POLICY_NAMESPACE = 'http://schemas.xmlsoap.org/ws/2004/09/policy';
const SECURITY_POLICY_NAMESPACE = 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702';
const WSDL_NAMESPACE = 'http://schemas.xmlsoap.org/wsdl/';
const SOAP12_NAMESPACE = 'http://schemas.xmlsoap.org/wsdl/soap12/';
/** The trust of passive sign-ins is an older one. */
const PASSIVE_TRUST_NAMESPACE = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
const FAULT_ACTION = 'http://www.w3.org/2005/08/addressing/soap/fault';

const BINDING = 'UserNameWSTrustBinding_IWSTrust13Async';

/** The part of a federation service's metadata that a client with a password needs (WS-MetadataExchange: a WSDL with policies). */
export function writeTrustMetadata(userNameUrl: string): string {
  const token =
    `<sp:UsernameToken sp:IncludeToken="${SECURITY_POLICY_NAMESPACE}/IncludeToken/AlwaysToRecipient"><wsp:Policy>` +
    '<sp:WssUsernameToken10/></wsp:Policy></sp:UsernameToken>';
  return (
    `<wsdl:definitions name="SecurityTokenService" targetNamespace="urn:flotilla:federation" xmlns:tns="urn:flotilla:federation" ` +
    `xmlns:wsdl="${WSDL_NAMESPACE}" xmlns:soap12="${SOAP12_NAMESPACE}" xmlns:wsp="${POLICY_NAMESPACE}" ` +
    `xmlns:sp="${SECURITY_POLICY_NAMESPACE}" xmlns:wsu="${UTILITY_NAMESPACE}">` +
    `<wsp:Policy wsu:Id="${BINDING}_policy"><wsp:ExactlyOne><wsp:All><sp:TransportBinding><wsp:Policy/></sp:TransportBinding>` +
    `<sp:SignedEncryptedSupportingTokens><wsp:Policy>${token}</wsp:Policy></sp:SignedEncryptedSupportingTokens>` +
    '</wsp:All></wsp:ExactlyOne></wsp:Policy>' +
    `<wsdl:binding name="${BINDING}" type="tns:IWSTrust13Async"><wsp:PolicyReference URI="#${BINDING}_policy"/>` +
    '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Trust13IssueAsync">' +
    `<soap12:operation soapAction="${TRUST_ISSUE_ACTION}" style="document"/></wsdl:operation></wsdl:binding>` +
    `<wsdl:service name="SecurityTokenService"><wsdl:port name="${BINDING}" binding="tns:${BINDING}">` +
    `<soap12:address location="${escapeXml(userNameUrl)}"/></wsdl:port></wsdl:service></wsdl:definitions>`
  );
}

/** Where WS-Trust 1.3 takes a user name and a password: the port whose binding has a policy that asks for them. */
export function parseTrustMetadata(text: string): Result<string> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (!isElement(root, 'definitions', WSDL_NAMESPACE)) return malformed(root.offset, `<${root.name}> is not a WSDL`);
  const policies = new Set(
    children(root, 'Policy')
      .filter((policy) => holds(policy, 'UsernameToken'))
      .map((policy) => `#${attribute(policy, 'Id') ?? ''}`),
  );
  const bindings = new Set(
    children(root, 'binding')
      .filter((binding) => {
        const reference = child(binding, 'PolicyReference');
        if (!policies.has((reference && attribute(reference, 'URI')) ?? '')) return false;
        return children(binding, 'operation')
          .flatMap((operation) => children(operation, 'operation'))
          .some((operation) => attribute(operation, 'soapAction') === TRUST_ISSUE_ACTION);
      })
      .map((binding) => attribute(binding, 'name') ?? ''),
  );
  for (const port of children(root, 'service').flatMap((service) => children(service, 'port'))) {
    const binding = attribute(port, 'binding') ?? '';
    const address = child(port, 'address');
    const location = address && attribute(address, 'location');
    if (location !== undefined && bindings.has(binding.slice(binding.indexOf(':') + 1))) return ok(location);
  }
  return malformed(root.offset, 'no WS-Trust 1.3 port takes a user name and a password');
}

function holds(element: XmlElement, name: string): boolean {
  return element.name === name || element.children.some((inner) => holds(inner, name));
}

export interface TrustRequest {
  readonly userName: string;
  readonly password: string;
  /** The realm that the token is for. */
  readonly appliesTo: string;
  /** ISO 8601: how long the message is good. */
  readonly created: string;
  readonly expires: string;
}

export function writeTrustRequest(request: TrustRequest, addressing: RequestAddressing): string {
  const security =
    `<o:Security s:mustUnderstand="1" xmlns:o="${SECURITY_NAMESPACE}" xmlns:u="${UTILITY_NAMESPACE}">` +
    `<u:Timestamp u:Id="_0"><u:Created>${request.created}</u:Created><u:Expires>${request.expires}</u:Expires></u:Timestamp>` +
    `<o:UsernameToken u:Id="_1"><o:Username>${escapeXml(request.userName)}</o:Username>` +
    `<o:Password Type="${PASSWORD_TEXT}">${escapeXml(request.password)}</o:Password></o:UsernameToken></o:Security>`;
  return writeSoap({
    ...addressing,
    action: TRUST_ISSUE_ACTION,
    headerXml: security,
    bodyXml:
      `<trust:RequestSecurityToken xmlns:trust="${TRUST_NAMESPACE}"><wsp:AppliesTo xmlns:wsp="${POLICY_NAMESPACE}">` +
      `<a:EndpointReference><a:Address>${escapeXml(request.appliesTo)}</a:Address></a:EndpointReference></wsp:AppliesTo>` +
      `<trust:KeyType>${BEARER_KEY}</trust:KeyType><trust:RequestType>${TRUST_NAMESPACE}/Issue</trust:RequestType>` +
      '</trust:RequestSecurityToken>',
  });
}

/** Takes a message's body; who asks is the message's `security`. */
export function parseTrustRequest(body: XmlElement): Result<{ readonly appliesTo: string }> {
  if (!isElement(body, 'RequestSecurityToken', TRUST_NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not RequestSecurityToken of WS-Trust 1.3`);
  }
  if (childText(body, 'RequestType') !== `${TRUST_NAMESPACE}/Issue`) {
    return malformed(body.offset, 'RequestType is not Issue');
  }
  const appliesTo = descendant(body, 'AppliesTo', 'EndpointReference', 'Address')?.text.trim();
  return appliesTo ? ok({ appliesTo }) : malformed(body.offset, 'AppliesTo is missing');
}

/** A whole envelope around an assertion, which goes in as it was signed. */
export function writeTrustResponse(assertionXml: string, addressing: ReplyAddressing): string {
  return writeSoap({
    ...addressing,
    action: TRUST_RESPONSE_ACTION,
    bodyXml:
      `<trust:RequestSecurityTokenResponseCollection xmlns:trust="${TRUST_NAMESPACE}">` +
      `${response('trust', assertionXml)}</trust:RequestSecurityTokenResponseCollection>`,
  });
}

/** The answer of a passive sign-in: what the page posts as `wresult`. */
export function writePassiveResult(assertionXml: string): string {
  return response('t', assertionXml, ` xmlns:t="${PASSIVE_TRUST_NAMESPACE}"`);
}

function response(prefix: string, assertionXml: string, declaration = ''): string {
  return (
    `<${prefix}:RequestSecurityTokenResponse${declaration}><wsp:AppliesTo xmlns:wsp="${POLICY_NAMESPACE}">` +
    '<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">' +
    `<wsa:Address>${ENTRA_REALM}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>` +
    `<${prefix}:RequestedSecurityToken>${assertionXml}</${prefix}:RequestedSecurityToken>` +
    `<${prefix}:TokenType>${SAML_NAMESPACE}</${prefix}:TokenType></${prefix}:RequestSecurityTokenResponse>`
  );
}

/** The assertion of an answer, byte for byte as it came: an envelope's body, a bare response or an assertion by itself. */
export function assertionOf(text: string, element: XmlElement): string | undefined {
  const found = findAssertion(element);
  if (found === undefined) return undefined;
  const name = /^[^\s/>]+/.exec(text.slice(found.offset + 1, found.offset + 64))?.[0] ?? '';
  const end = text.indexOf(`</${name}>`, found.offset);
  return end < 0 ? undefined : text.slice(found.offset, end + name.length + 3);
}

/** The one place where an answer has its assertion. */
function findAssertion(element: XmlElement): XmlElement | undefined {
  if (element.name === 'Assertion') return element;
  const inner = element.name === 'RequestSecurityTokenResponseCollection' ? element.children[0] : element;
  return inner && descendant(inner, 'RequestedSecurityToken')?.children[0];
}

/** AD FS tells nobody why a user was not authenticated. */
export function writeTrustFault(reason: string, addressing: ReplyAddressing): string {
  return writeSoap({
    ...addressing,
    action: FAULT_ACTION,
    bodyXml:
      `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:o="${SECURITY_NAMESPACE}">` +
      `o:FailedAuthentication</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(reason)}</s:Text>` +
      '</s:Reason></s:Fault>',
  });
}
