// The content of an app is not what was announced: its hash does not match.
import { corruptBody } from './corrupt-body.ts';
import type { ExchangeFault } from './fault.ts';

export const contentCorrupt: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ answer }) => corruptBody(answer()),
};
