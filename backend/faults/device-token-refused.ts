// The device sign-in does not take the device's credential (ztd.md 2.2).
import type { ExchangeFault } from './fault.ts';
import { soapFaultReply } from './soap-fault-reply.ts';

export const deviceTokenRefused: ExchangeFault = {
  kind: 'exchange',
  operations: ['device-token'],
  act: ({ request }) =>
    soapFaultReply(request, { subcode: 'Authentication', reason: 'The device is not known (SIMULATED).' }),
};
