// A fault of MDM enrollment in place of a provisioning document. Where it names an error type, that decides over the subcode.
import type { SoapFault, SoapFaultErrorType } from '../../protocol/enrollment/soap-fault.ts';
import type { ExchangeFault } from './fault.ts';
import { soapFaultReply } from './soap-fault-reply.ts';

export function enrollmentRefusal(
  name: { readonly subcode: SoapFault['subcode'] } | { readonly errorType: SoapFaultErrorType },
  sentence: string,
): ExchangeFault {
  const reason = `${sentence} (SIMULATED)`;
  const fault: SoapFault =
    'subcode' in name ? { ...name, reason } : { subcode: 'Authorization', ...name, reason, message: reason };
  return {
    kind: 'exchange',
    operations: ['request-security-token'],
    act: ({ request }) => soapFaultReply(request, fault),
  };
}
