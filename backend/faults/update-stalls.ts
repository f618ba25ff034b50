// The content of an update comes drop by drop, so that the watchdog of OOBE cancels it.
import type { ExchangeFault } from './fault.ts';

/** In ten minutes less than any update has; never so silent that the connection ends. */
const BYTES_PER_SECOND = 2;

export const updateStalls: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ answer }) => {
    const reply = answer();
    return { ...reply, delivery: { ...reply.delivery, bytesPerSecond: BYTES_PER_SECOND } };
  },
};
