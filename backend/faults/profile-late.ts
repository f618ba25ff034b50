// The profile comes, but later than OOBE waits for it: 36 seconds (flow.md 2).
import { SECOND_MS } from '../../kernel/units.ts';
import { delayed } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

const LATE_MS = 40 * SECOND_MS;

export const profileLate: ExchangeFault = {
  kind: 'exchange',
  operations: ['download'],
  act: ({ fault, answer }) => delayed(answer(), Math.max(LATE_MS, fault.delayMs)),
};
