// The connection ends in the middle of the answer; the service has acted on the request.
import { ending } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

export const truncated: ExchangeFault = {
  kind: 'exchange',
  act: ({ answer }) => ending(answer(), 'truncated'),
};
