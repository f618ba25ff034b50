// Nobody knows where the device registration service is.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const joinDiscoveryFailed: ExchangeFault = {
  kind: 'exchange',
  operations: ['discover'],
  act: () => errorReply(404, 'NotFound', 'There is no device registration service (SIMULATED).'),
};
