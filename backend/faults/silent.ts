// The service takes the request and never answers. It has not acted on it.
import { ending } from './delivering.ts';
import type { ExchangeFault } from './fault.ts';

const NOTHING = { status: 200 } as const;

export const silent: ExchangeFault = {
  kind: 'exchange',
  act: () => ending(NOTHING, 'silent'),
};
