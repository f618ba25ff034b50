// The management server answers with a message that skips a number.
import { changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';

export const managementOutOfOrder: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: ({ answer }) =>
    changedSyncml(answer(), (message) => ({
      ...message,
      header: { ...message.header, msgId: message.header.msgId + 1 },
    })),
};
