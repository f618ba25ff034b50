// The service takes the request and acts on it, and the connection is reset before the answer begins.
import { ending } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

export const reset: ExchangeFault = {
  kind: 'exchange',
  act: ({ answer }) => ending(answer(), 'reset'),
};
