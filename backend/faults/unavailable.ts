// A service that is down behind its front: 503, with the time after which to ask again.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';
import { retryAfter } from './retry-after.ts';

export const unavailable: ExchangeFault = {
  kind: 'exchange',
  act: ({ fault }) =>
    errorReply(503, 'ServiceUnavailable', 'The service is not available (SIMULATED).', retryAfter(fault)),
};
