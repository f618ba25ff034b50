// What a management server would have written into a device's tree, for tests of the status page without one.
import type { DeviceContext } from '../../agent/device-context.ts';
import type { InstallJob } from '../../agent/management/jobs.ts';
import { keyOf, type Scope } from '../../agent/management/loc-uri.ts';
import type { ManagedDevice } from '../../agent/management/managed-device.ts';
import { managedOf } from '../../agent/steps/manage.ts';

/** Sets a node of FirstSyncStatus. */
export function setFirstSync(managed: ManagedDevice, scope: Scope, name: string, value: string): void {
  managed.tree.write(firstSync(managed, scope, name), value);
}

export function readFirstSync(managed: ManagedDevice, scope: Scope, name: string): string | undefined {
  return managed.tree.read(firstSync(managed, scope, name));
}

/** The tenant shows the page in both phases. */
export function showEsp(device: DeviceContext): void {
  setFirstSync(managedOf(device), 'device', 'SkipDeviceStatusPage', 'false');
  setFirstSync(managedOf(device), 'device', 'SkipUserStatusPage', 'false');
}

/** The ESP profile installs quality updates at the end of OOBE. */
export function wantQualityUpdates(device: DeviceContext): void {
  managedOf(device).tree.write('D/Vendor/MSFT/Policy/Config/Update/SimulatedQualityUpdatesAfterOobe', '1');
}

/** What a person may do at a failed page. */
export function allowButtons(device: DeviceContext, ...buttons: readonly ('reset' | 'try-again' | 'continue')[]): void {
  const bits = { reset: 1, 'try-again': 2, continue: 4 };
  const block = buttons.reduce((sum, button) => sum + bits[button], 0);
  setFirstSync(managedOf(device), 'device', 'BlockInStatusPage', String(block));
}

/** Registers a policy provider that tracks apps, with its time-out in minutes. */
export function registerProvider(managed: ManagedDevice, name: string, timeoutMinutes = 15): void {
  const provider = `D/Vendor/MSFT/EnrollmentStatusTracking/DevicePreparation/PolicyProviders/${name}`;
  managed.tree.write(provider, '');
  managed.tree.write(`${provider}/Timeout`, String(timeoutMinutes));
  managed.tree.write(`${provider}/TrackedResourceTypes/Apps`, 'true');
}

export function setProviderState(managed: ManagedDevice, name: string, state: '1' | '2' | '3' | '4'): void {
  const provider = `D/Vendor/MSFT/EnrollmentStatusTracking/DevicePreparation/PolicyProviders/${name}`;
  managed.tree.write(`${provider}/InstallationState`, state);
}

/** A provider has made its list of apps, here with one app in this state. */
export function trackApp(managed: ManagedDevice, name: string, state: string, rebootRequired = '1'): void {
  const apps = 'D/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps';
  managed.tree.write(`${apps}/PolicyProviders/${name}`, '');
  managed.tree.write(`${apps}/PolicyProviders/${name}/TrackingPoliciesCreated`, 'true');
  managed.tree.write(`${apps}/Tracking/${name}`, '');
  managed.tree.write(`${apps}/Tracking/${name}/App`, '');
  managed.tree.write(`${apps}/Tracking/${name}/App/InstallationState`, state);
  managed.tree.write(`${apps}/Tracking/${name}/App/RebootRequired`, rebootRequired);
}

/** Orders an MSI and puts it on the list of what the page waits for. */
export function orderMsi(
  managed: ManagedDevice,
  scope: Scope,
  ids: readonly string[],
  order: Partial<InstallJob> = {},
): void {
  const address = (id: string): string => `./${scope === 'user' ? 'User' : 'Device'}/${MSI.join('/')}/${id}`;
  setFirstSync(managed, scope, 'ExpectedMSIAppPackages', ids.map((id) => `${address(id)}/Status;1`).join('\uf000'));
  for (const id of ids) {
    const node = keyOf(scope, [...MSI, id]);
    const job: InstallJob = {
      kind: 'msi',
      scope,
      id,
      contentUrl: `http://localhost/${id}`,
      fileHash: 'ab',
      node,
      ...order,
    };
    managed.tree.write(node, '');
    managed.tree.order(job);
  }
}

const MSI = ['Vendor', 'MSFT', 'EnterpriseDesktopAppManagement', 'MSI'];

function firstSync(managed: ManagedDevice, scope: Scope, name: string): string {
  return keyOf(scope, ['Vendor', 'MSFT', 'DMClient', 'Provider', managed.facts.providerId, 'FirstSyncStatus', name]);
}
