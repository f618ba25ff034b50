// The content of an app that OMA-DM orders is not what was announced: its hash does not match.
import { isPackage } from './content-kind.ts';
import { corruptBody } from './corrupt-body.ts';
import type { ExchangeFault } from './fault.ts';

export const contentCorrupt: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ request, answer }) => (isPackage(request) ? undefined : corruptBody(answer())),
};
