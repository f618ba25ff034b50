// Discovery of device registration does not take the request or its version.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const joinDiscoveryRefused: ExchangeFault = {
  kind: 'exchange',
  operations: ['discover'],
  act: () => errorReply(400, 'BadRequest', 'api-version is not one that is spoken here (SIMULATED).'),
};
