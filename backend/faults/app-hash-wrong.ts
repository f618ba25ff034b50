// The order to install an MSI names a hash that its content does not have.
import { changedItems, changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';

export const appHashWrong: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: ({ answer }) =>
    changedSyncml(answer(), (message) =>
      changedItems(message, (item) => {
        const { target, data } = item;
        if (target?.endsWith('/DownloadInstall') !== true || data === undefined) return undefined;
        return [{ ...item, data: data.replace(/(<FileHash>)[0-9A-Fa-f]+/, `$1${'0'.repeat(64)}`) }];
      }),
    ),
};
