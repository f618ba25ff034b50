// The answer is right but late.
import type { ExchangeFault } from './fault.ts';
import { delayed } from './delivering.ts';

export const slow: ExchangeFault = {
  kind: 'exchange',
  act: ({ fault, answer }) => delayed(answer(), fault.delayMs),
};
