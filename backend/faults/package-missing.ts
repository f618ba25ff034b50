// The package of a Win32 app is gone from the content origin.
import { errorReply } from '../http/message.ts';
import { isPackage } from './content-kind.ts';
import type { ExchangeFault } from './fault.ts';

export const packageMissing: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ request }) =>
    isPackage(request) ? errorReply(404, 'BlobNotFound', 'The blob does not exist (SIMULATED).') : undefined,
};
