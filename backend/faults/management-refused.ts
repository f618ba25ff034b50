// Management does not take the device's certificate, though enrollment has just issued it.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const managementRefused: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: () => errorReply(403, 'ClientCertificateUnknown', 'No enrollment has this client certificate (SIMULATED).'),
};
