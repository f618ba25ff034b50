// One SOAP call: an envelope out, the body's element back. A fault comes with any status; the client reads it and not the status
// (mde2.md 6), and the device fails with the HRESULT that Windows shows for it.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseSoapFault, soapFaultHresult } from '../../protocol/enrollment/soap-fault.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { readSoap, SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import type { XmlElement } from '../../protocol/encoding/xml.ts';
import type { DeviceNetwork, OperationOf } from '../network/device-network.ts';
import { knownCode, malformedReply, unexpectedReply } from './replies.ts';

/** The desktop enrollment client's name on the wire. */
const HEADERS = { 'Content-Type': SOAP_CONTENT_TYPE, 'User-Agent': 'ENROLLClient' };

export type SoapCallReply =
  { readonly kind: 'body'; readonly body: XmlElement } | { readonly kind: 'fault'; readonly fault: SoapFault };

export async function callSoap<Service extends 'profile' | 'enrollment'>(
  network: DeviceNetwork,
  service: Service,
  operation: OperationOf<Service>,
  target: string,
  envelope: string,
): Promise<Result<SoapCallReply, StepFailure>> {
  const sent = await network.exchange(service, operation, { method: 'POST', target, headers: HEADERS, body: envelope });
  if (!sent.ok) return sent;
  const reply = sent.value;
  const message = readSoap(reply.text());
  if (!message.ok) {
    return reply.status === 200 ? malformedReply(message.error, operation) : unexpectedReply(reply, operation);
  }
  const { body } = message.value;
  const fault = parseSoapFault(body);
  if (fault !== undefined) return ok({ kind: 'fault', fault });
  return reply.status === 200 ? ok({ kind: 'body', body }) : unexpectedReply(reply, operation);
}

/** The failure of MDM enrollment behind a fault. */
export function faultFailure(fault: SoapFault): ReturnType<typeof stepFailure> {
  const hresult = soapFaultHresult(fault);
  const code = hresult === undefined ? undefined : knownCode(`0x${hresult.toString(16)}`);
  const detail = `fault ${fault.subcode} ${fault.errorType ?? ''}: ${fault.message ?? fault.reason}`;
  return stepFailure(code ?? 'mdm-fault-unknown', detail);
}
