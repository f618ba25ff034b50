// A SOAP fault as an answer to a request: HTTP 500, related to the request's MessageID (mde2.md 6).
import { readSoap, SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import { writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import type { BackendRequest, Reply } from '../http/message.ts';

const HEADERS = { 'content-type': SOAP_CONTENT_TYPE, 'cache-control': 'no-store' };

export function soapFaultReply(request: BackendRequest, fault: SoapFault): Reply {
  const message = readSoap(request.body.toString('utf8'));
  const relatesTo = message.ok ? message.value.messageId : undefined;
  return { status: 500, headers: HEADERS, body: writeSoapFault(fault, { relatesTo }) };
}
