// SOAP 1.2 faults of MDM enrollment and the HRESULT that Windows shows for each ([MS-MDE2] 2.2.10).
import { writeSoap } from './soap.ts';
import type { ReplyAddressing } from './soap.ts';
import { escapeXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

/** Subcodes with the namespace prefix they are written with. */
export const SOAP_FAULT_SUBCODES = {
  MessageFormat: { prefix: 's', hresult: 0x80180001 },
  Authentication: { prefix: 's', hresult: 0x80180002 },
  Authorization: { prefix: 's', hresult: 0x80180003 },
  CertificateRequest: { prefix: 's', hresult: 0x80180004 },
  EnrollmentServer: { prefix: 's', hresult: 0x80180005 },
  InternalServiceFault: { prefix: 'a', hresult: 0x80180006 },
  InvalidSecurity: { prefix: 'a', hresult: 0x80180007 },
} as const;

/** ErrorType of a DeviceEnrollmentServiceError detail; where there is one, it decides over the subcode. */
export const SOAP_FAULT_ERROR_TYPES = {
  DeviceCapReached: 0x80180013,
  DeviceNotSupported: 0x80180014,
  NotSupported: 0x80180015,
  NotEligibleToRenew: 0x80180016,
  InMaintenance: 0x80180017,
  UserLicense: 0x80180018,
  InvalidEnrollmentData: 0x80180019,
  CustomServerError: 0x80180032,
} as const;

/** Both tables as one: what a fault's name means to the client. */
export const SOAP_FAULTS: Readonly<Record<SoapFaultSubcode | SoapFaultErrorType, number>> = {
  ...SOAP_FAULT_ERROR_TYPES,
  MessageFormat: SOAP_FAULT_SUBCODES.MessageFormat.hresult,
  Authentication: SOAP_FAULT_SUBCODES.Authentication.hresult,
  Authorization: SOAP_FAULT_SUBCODES.Authorization.hresult,
  CertificateRequest: SOAP_FAULT_SUBCODES.CertificateRequest.hresult,
  EnrollmentServer: SOAP_FAULT_SUBCODES.EnrollmentServer.hresult,
  InternalServiceFault: SOAP_FAULT_SUBCODES.InternalServiceFault.hresult,
  InvalidSecurity: SOAP_FAULT_SUBCODES.InvalidSecurity.hresult,
};

export type SoapFaultSubcode = keyof typeof SOAP_FAULT_SUBCODES;
export type SoapFaultErrorType = keyof typeof SOAP_FAULT_ERROR_TYPES;

export interface SoapFault {
  /** One of SOAP_FAULT_SUBCODES, or whatever else a server sends; without its prefix. */
  readonly subcode: SoapFaultSubcode | (string & {});
  /** Shown to the user for CustomServerError. */
  readonly reason: string;
  /** One of SOAP_FAULT_ERROR_TYPES, or whatever else a server sends. */
  readonly errorType?: SoapFaultErrorType | (string & {}) | undefined;
  readonly message?: string | undefined;
  readonly traceId?: string | undefined;
}

const FAULT_ACTION = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment/rstrc/wstep';
const ENROLLMENT_NAMESPACE = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment';

/** A whole envelope. Servers answer with HTTP 500 or 400; clients read the body. */
export function writeSoapFault(fault: SoapFault, addressing: ReplyAddressing = {}): string {
  const prefix = Object.hasOwn(SOAP_FAULT_SUBCODES, fault.subcode)
    ? SOAP_FAULT_SUBCODES[fault.subcode as SoapFaultSubcode].prefix
    : 's';
  const detail =
    fault.errorType === undefined && fault.message === undefined && fault.traceId === undefined
      ? ''
      : `<s:Detail><DeviceEnrollmentServiceError xmlns="${ENROLLMENT_NAMESPACE}">` +
        member('ErrorType', fault.errorType) +
        member('Message', fault.message) +
        member('TraceId', fault.traceId) +
        `</DeviceEnrollmentServiceError></s:Detail>`;
  return writeSoap({
    ...addressing,
    action: FAULT_ACTION,
    bodyXml:
      `<s:Fault><s:Code><s:Value>s:Receiver</s:Value>` +
      `<s:Subcode><s:Value>${prefix}:${escapeXml(fault.subcode)}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="en-us">${escapeXml(fault.reason)}</s:Text></s:Reason>${detail}</s:Fault>`,
  });
}

function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`;
}

/**
 * The fault in a SOAP body's first child; undefined if it is none. Element names are compared without regard to case and
 * namespace: the documentation prints them in lower case, and services copy that.
 */
export function parseSoapFault(body: XmlElement): SoapFault | undefined {
  if (body.name.toLowerCase() !== 'fault') return undefined;
  const subcode = path(body, 'code', 'subcode', 'value') ?? path(body, 'code', 'value') ?? '';
  const detail = body.children.find((element) => element.name.toLowerCase() === 'detail')?.children[0];
  return {
    subcode: subcode.slice(subcode.indexOf(':') + 1),
    reason: path(body, 'reason', 'text') ?? '',
    errorType: detail && path(detail, 'errortype'),
    message: detail && path(detail, 'message'),
    traceId: detail && path(detail, 'traceid'),
  };
}

function path(element: XmlElement, ...names: readonly string[]): string | undefined {
  let current: XmlElement | undefined = element;
  for (const name of names) current = current?.children.find((candidate) => candidate.name.toLowerCase() === name);
  return current?.text.trim();
}

/** What Windows shows for a fault; undefined if neither subcode nor error type is a documented one. */
export function soapFaultHresult(fault: SoapFault): number | undefined {
  const byType = hresultOf(SOAP_FAULT_ERROR_TYPES, fault.errorType);
  return byType ?? hresultOf(SOAP_FAULTS, fault.subcode);
}

/** Spelling of case differs in the documentation (`s:authorization`), so it doesn't count. */
function hresultOf(table: Readonly<Record<string, number>>, name: string | undefined): number | undefined {
  const wanted = name?.toLowerCase();
  return Object.entries(table).find(([known]) => known.toLowerCase() === wanted)?.[1];
}
