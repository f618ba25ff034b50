// The gateway knows no content of an app that it has assigned.
import { errorReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const contentInfoMissing: ExchangeFault = {
  kind: 'exchange',
  operations: ['content-info'],
  act: () => errorReply(404, 'NotFound', 'The app has no content (SIMULATED).'),
};
