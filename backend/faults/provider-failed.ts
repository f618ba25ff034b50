// The management server declares that a policy provider of the status page has failed.
import { changedItems, changedSyncml } from './changed-syncml.ts';
import type { ExchangeFault } from './fault.ts';

const TIMEOUT = /^(.*\/DevicePreparation\/PolicyProviders\/[^/]+)\/Timeout$/;

export const providerFailed: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: ({ answer }) =>
    changedSyncml(answer(), (message) =>
      changedItems(message, (item) => {
        const provider = TIMEOUT.exec(item.target ?? '')?.[1];
        // Error (EnrollmentStatusTracking CSP).
        return provider === undefined
          ? undefined
          : [item, { ...item, target: `${provider}/InstallationState`, format: 'int', data: '4' }];
      }),
    ),
};
