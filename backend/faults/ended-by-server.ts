// The server ends the status page as failed: IsSyncDone is true and WasDeviceSuccessfullyProvisioned is 0 (DMClient CSP).
import type { Item } from '../../protocol/management/syncml.ts';
import { changedItems, changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';
import { saysFinished } from './never-finished.ts';

export const endedByServer: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: ({ answer }) =>
    changedSyncml(answer(), (message) =>
      changedItems(message, (item) =>
        saysFinished(item, 'Device')
          ? [
              { ...item, target: sibling(item, 'WasDeviceSuccessfullyProvisioned'), format: 'int', data: '0' },
              { ...item, target: sibling(item, 'IsSyncDone') },
            ]
          : undefined,
      ),
    ),
};

function sibling({ target = '' }: Item, name: string): string {
  return target.slice(0, target.lastIndexOf('/') + 1) + name;
}
