// The package of a Win32 app is not what was encrypted: its authentication code does not match.
import { isPackage } from './content-kind.ts';
import { corruptBody } from './corrupt-body.ts';
import type { ExchangeFault } from './fault.ts';

export const packageCorrupt: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ request, answer }) => (isPackage(request) ? corruptBody(answer()) : undefined),
};
