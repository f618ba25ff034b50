// Who has asked for a restart of the device: settings that need one, and apps that ended with one outstanding. Source:
// EnrollmentStatusTracking CSP, RebootRequired (1 none, 2 soft, 3 hard).
import { keyOf } from './loc-uri.ts';
import type { ManagedDevice } from './managed-device.ts';

const TRACKING = keyOf('device', ['Vendor', 'MSFT', 'EnrollmentStatusTracking', 'Setup', 'Apps', 'Tracking']);
const NO_RESTART = '1';

/** A restart that the end of the device phase must make. */
export function asksForRestart(device: ManagedDevice): boolean {
  return device.tree.restartPending || requests(device).length > 0;
}

/** After a restart: what the apps had asked for has happened. */
export function clearRestartRequests(device: ManagedDevice): void {
  for (const key of requests(device)) device.tree.write(key, NO_RESTART);
}

/** Keys of the RebootRequired nodes of the device phase that ask for a restart. */
function requests({ tree }: ManagedDevice): string[] {
  return tree.childNames(TRACKING).flatMap((provider) =>
    tree
      .childNames(`${TRACKING}/${provider}`)
      .map((app) => `${TRACKING}/${provider}/${app}/RebootRequired`)
      .filter((key) => (tree.read(key) ?? NO_RESTART) !== NO_RESTART),
  );
}
