// The content of an update is not what was announced.
import { corruptBody } from './corrupt-body.ts';
import type { ExchangeFault } from './fault.ts';

export const updateCorrupt: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ answer }) => corruptBody(answer()),
};
