// How a device proves its hardware before it asks for a profile: a device credential, then a ticket. Documented nowhere; what
// is known comes from traces by third parties. Theirs: the two paths, the XML names of DeviceAddRequest, the component numbers,
// SOAP with a UsernameToken and AppliesTo, the header that carries the ticket. Ours: the component 4144 holds the SHA-256 of the
// EK modulus, no XML signature (the password proves the credential), the members of both replies, and the ticket's form.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { SECURITY_NAMESPACE, writeSoap } from '../enrollment/soap.ts';
import type { ReplyAddressing, RequestAddressing, SecurityToken } from '../enrollment/soap.ts';
import { attribute, child, childText, children, escapeXml, isElement, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

export const DEVICE_ADD_PATH = '/ppsecure/deviceaddcredential.srf';
export const DEVICE_TICKET_PATH = '/RST2.srf';
export const DEVICE_TICKET_ACTION = 'http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue';
export const DEVICE_TICKET_RESPONSE_ACTION = 'http://schemas.xmlsoap.org/ws/2005/02/trust/RSTR/Issue';

const TRUST_NAMESPACE = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
const POLICY_NAMESPACE = 'http://schemas.xmlsoap.org/ws/2004/09/policy';

const TICKET_VALUE_TYPE = 'urn:flotilla:device-ticket';

/** Numbers of the hardware components that a device lists. */
export const DEVICE_COMPONENTS = {
  boardManufacturer: 4098,
  model: 4099,
  smbiosSerialNumber: 4101,
  smbiosUuid: 4102,
  disks: 4112,
  diskSerialNumbers: 4113,
  macAddress: 4131,
  endorsementKeyHash: 4144,
  chassisType: 4145,
} as const;

export interface DeviceComponent {
  readonly id: number;
  readonly value: Uint8Array;
}

export interface DeviceAddRequest {
  /** Chosen by the device, prefix `02`. */
  readonly memberName: string;
  readonly password: string;
  readonly components: readonly DeviceComponent[];
  /** The RSA endorsement key; absent on a device without TPM. */
  readonly endorsementKey?: { readonly modulus: Uint8Array; readonly exponent: Uint8Array } | undefined;
}

export function writeDeviceAddRequest(request: DeviceAddRequest): string {
  const components = request.components
    .map(({ id, value }) => `<Component name="${id}">${toBase64(value)}</Component>`)
    .join('');
  const key = request.endorsementKey;
  const tpm =
    key === undefined
      ? ''
      : `<TPMInfo><KeyValue><RSAKeyValue><Modulus>${toBase64(key.modulus)}</Modulus>` +
        `<Exponent>${toBase64(key.exponent)}</Exponent></RSAKeyValue></KeyValue></TPMInfo>`;
  return (
    `<DeviceAddRequest><ClientInfo name="IDCRL" version="1.0"><BinaryVersion>55</BinaryVersion></ClientInfo>` +
    `<Authentication><Membername>${escapeXml(request.memberName)}</Membername>` +
    `<Password>${escapeXml(request.password)}</Password></Authentication>` +
    `<DeviceInfo Id="DeviceInfo">${components}${tpm}</DeviceInfo></DeviceAddRequest>`
  );
}

/** Components with an error attribute (hardware that is not there) and unknown ones with a number are kept as they are. */
export function parseDeviceAddRequest(text: string): Result<DeviceAddRequest> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root.name !== 'DeviceAddRequest') return malformed(root.offset, `<${root.name}> is not DeviceAddRequest`);
  const authentication = child(root, 'Authentication');
  const memberName = authentication && childText(authentication, 'Membername');
  const password = authentication && child(authentication, 'Password')?.text;
  if (!memberName || !password) return malformed(root.offset, 'Membername or Password is missing');
  const info = child(root, 'DeviceInfo');
  if (info === undefined) return malformed(root.offset, 'DeviceInfo is missing');
  const components: DeviceComponent[] = [];
  for (const component of children(info, 'Component')) {
    const id = attribute(component, 'name') ?? '';
    const value = fromBase64(component.text);
    if (!/^\d{1,6}$/.test(id) || value === undefined) return malformed(component.offset, 'a Component is malformed');
    components.push({ id: Number(id), value });
  }
  const key = descend(info, 'TPMInfo', 'KeyValue', 'RSAKeyValue');
  if (key === undefined) return ok({ memberName, password, components });
  const modulus = fromBase64(childText(key, 'Modulus') ?? '');
  const exponent = fromBase64(childText(key, 'Exponent') ?? '');
  if (!modulus?.length || !exponent?.length) return malformed(key.offset, 'RSAKeyValue is malformed');
  return ok({ memberName, password, components, endorsementKey: { modulus, exponent } });
}

/** The value of a component; the first of several. */
export function deviceComponent(request: DeviceAddRequest, id: number): Uint8Array | undefined {
  return request.components.find((component) => component.id === id)?.value;
}

/** The values of a component that a device may have several of (network adapters, disks). */
export function deviceComponents(request: DeviceAddRequest, id: number): Uint8Array[] {
  return request.components.filter((component) => component.id === id).map(({ value }) => value);
}

export type DeviceAddResponse =
  | {
      readonly success: true;
      /** Hex digits that name the device to the ticket service. */
      readonly puid: string;
      readonly hardwareDeviceId: string;
    }
  | { readonly success: false; readonly error: string };

export function writeDeviceAddResponse(response: DeviceAddResponse): string {
  const content = response.success
    ? `<puid>${escapeXml(response.puid)}</puid><HWDeviceID>${escapeXml(response.hardwareDeviceId)}</HWDeviceID>`
    : `<Error Code="${escapeXml(response.error)}"/>`;
  return `<DeviceAddResponse Success="${response.success}">${content}</DeviceAddResponse>`;
}

export function parseDeviceAddResponse(text: string): Result<DeviceAddResponse> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root.name !== 'DeviceAddResponse') return malformed(root.offset, `<${root.name}> is not DeviceAddResponse`);
  if (attribute(root, 'Success') !== 'true') {
    const error = child(root, 'Error');
    return ok({ success: false, error: (error && attribute(error, 'Code')) ?? '' });
  }
  const puid = childText(root, 'puid');
  if (!puid) return malformed(root.offset, 'puid is missing');
  return ok({ success: true, puid, hardwareDeviceId: childText(root, 'HWDeviceID') ?? '' });
}

/** Asks for a ticket to `appliesTo`, the host of the profile service; the credential is in the security header. */
export function writeDeviceTicketRequest(
  request: { readonly credential: SecurityToken; readonly appliesTo: string },
  addressing: RequestAddressing,
): string {
  return writeSoap({
    ...addressing,
    action: DEVICE_TICKET_ACTION,
    security: request.credential,
    bodyXml:
      `<wst:RequestSecurityToken xmlns:wst="${TRUST_NAMESPACE}" Id="RST0">` +
      `<wst:RequestType>${TRUST_NAMESPACE}/Issue</wst:RequestType>` +
      `<wsp:AppliesTo xmlns:wsp="${POLICY_NAMESPACE}"><a:EndpointReference>` +
      `<a:Address>${escapeXml(request.appliesTo)}</a:Address></a:EndpointReference></wsp:AppliesTo>` +
      `</wst:RequestSecurityToken>`,
  });
}

/** Takes a message's body; the credential is the message's `security`. */
export function parseDeviceTicketRequest(body: XmlElement): Result<{ readonly appliesTo: string }> {
  if (!isElement(body, 'RequestSecurityToken', TRUST_NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not RequestSecurityToken`);
  }
  const appliesTo = descend(body, 'AppliesTo', 'EndpointReference', 'Address')?.text.trim();
  return appliesTo ? ok({ appliesTo }) : malformed(body.offset, 'AppliesTo is missing');
}

export interface DeviceTicket {
  /** What goes into `x-device-token`, opaque to the device. */
  readonly ticket: string;
  /** ISO 8601. */
  readonly created: string;
  readonly expires: string;
}

export function writeDeviceTicketResponse(ticket: DeviceTicket, addressing: ReplyAddressing): string {
  return writeSoap({
    ...addressing,
    action: DEVICE_TICKET_RESPONSE_ACTION,
    bodyXml:
      `<wst:RequestSecurityTokenResponse xmlns:wst="${TRUST_NAMESPACE}"><wst:Lifetime>` +
      `<wst:Created>${escapeXml(ticket.created)}</wst:Created><wst:Expires>${escapeXml(ticket.expires)}</wst:Expires>` +
      `</wst:Lifetime><wst:RequestedSecurityToken><wsse:BinarySecurityToken xmlns:wsse="${SECURITY_NAMESPACE}" ` +
      `ValueType="${TICKET_VALUE_TYPE}">${escapeXml(ticket.ticket)}</wsse:BinarySecurityToken>` +
      `</wst:RequestedSecurityToken></wst:RequestSecurityTokenResponse>`,
  });
}

export function parseDeviceTicketResponse(body: XmlElement): Result<DeviceTicket> {
  if (!isElement(body, 'RequestSecurityTokenResponse', TRUST_NAMESPACE)) {
    return malformed(body.offset, `<${body.name}> is not RequestSecurityTokenResponse`);
  }
  const ticket = descend(body, 'RequestedSecurityToken', 'BinarySecurityToken')?.text.trim();
  if (!ticket) return malformed(body.offset, 'the response holds no ticket');
  const lifetime = child(body, 'Lifetime');
  return ok({
    ticket,
    created: (lifetime && childText(lifetime, 'Created')) ?? '',
    expires: (lifetime && childText(lifetime, 'Expires')) ?? '',
  });
}

function descend(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let current: XmlElement | undefined = element;
  for (const name of names) current = current && child(current, name);
  return current;
}
