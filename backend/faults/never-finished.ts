// A phase that the server never declares finished: it says ServerHasFinishedProvisioning is false where it should be true.
import type { Item } from '../../protocol/management/syncml.ts';
import { changedItems, changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';

/** Whether an item says that everything of the phase was sent (DMClient CSP). */
export function saysFinished({ target = '' }: Item, scope: 'Device' | 'User'): boolean {
  return target.startsWith(`./${scope}/`) && target.endsWith('/FirstSyncStatus/ServerHasFinishedProvisioning');
}

export function neverFinished(scope: 'Device' | 'User'): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['message'],
    act: ({ answer }) =>
      changedSyncml(answer(), (message) =>
        changedItems(message, (item) => (saysFinished(item, scope) ? [{ ...item, data: 'false' }] : undefined)),
      ),
  };
}
