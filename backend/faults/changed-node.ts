// Management messages with another value in a node of the device's tree: the server orders something else than it means to.
import { changedItems, changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';

/** The fault that puts `data` wherever a node's address ends so. */
export function changedNode(addressEnd: string, data: string): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['message'],
    act: ({ answer }) =>
      changedSyncml(answer(), (message) =>
        changedItems(message, (item) =>
          item.data !== undefined && item.target?.endsWith(addressEnd) === true ? [{ ...item, data }] : undefined,
        ),
      ),
  };
}
