// The content of an update begins to come and goes on no more, so that the watchdog of OOBE cancels it.
import { ending } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

export const updateStalls: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ answer }) => ending(answer(), 'stalled'),
};
