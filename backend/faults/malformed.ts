// What comes back is not HTTP, as when something else listens at the port.
import { ending } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

const NOTHING = { status: 200 } as const;

export const malformed: ExchangeFault = {
  kind: 'exchange',
  act: () => ending(NOTHING, 'malformed'),
};
