// A service that has more requests than it takes: 429, with the time after which to ask again.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';
import { retryAfter } from './retry-after.ts';

export const throttled: ExchangeFault = {
  kind: 'exchange',
  act: ({ fault }) => errorReply(429, 'TooManyRequests', 'Too many requests (SIMULATED).', retryAfter(fault)),
};
