// The installer of the management extension is gone from the content origin, so its policy provider never comes.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const extensionMissing: ExchangeFault = {
  kind: 'exchange',
  operations: ['content'],
  act: ({ request }) =>
    request.path.endsWith('/IntuneWindowsAgent.msi')
      ? errorReply(404, 'BlobNotFound', 'The blob does not exist (SIMULATED).')
      : undefined,
};
