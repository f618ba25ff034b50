// Where the Configuration Manager client reads and writes in the device's tree. Sources: EnrollmentStatusTracking CSP,
// EnterpriseDesktopAppManagement CSP, protocol/management/co-management.ts.
import { assert } from '../../kernel/result.ts';
import {
  coManagementAddress,
  CONFIG_MANAGER_PRODUCT,
  CONFIG_MANAGER_PROVIDER,
} from '../../protocol/management/co-management.ts';
import type { CoManagementSetting } from '../../protocol/management/co-management.ts';
import { keyOf, parseLocUri } from '../management/loc-uri.ts';

/** InstallationState of a provider or an app. */
export const INSTALLATION = { notInstalled: '1', inProgress: '2', completed: '3', failed: '4' } as const;

const VENDOR = ['Vendor', 'MSFT'];
const STATUS_TRACKING = [...VENDOR, 'EnrollmentStatusTracking'];
const TRACKING = [...STATUS_TRACKING, 'Setup', 'Apps', 'Tracking', CONFIG_MANAGER_PROVIDER];

export const CLIENT_KEYS = {
  workloads: settingKey('workloads'),
  flags: settingKey('flags'),
  taskSequence: settingKey('taskSequence'),
  /** Status of ccmsetup.msi. */
  setup: keyOf('device', [...VENDOR, 'EnterpriseDesktopAppManagement', 'MSI', CONFIG_MANAGER_PRODUCT, 'Status']),
  provider: keyOf('device', [
    ...STATUS_TRACKING,
    'DevicePreparation',
    'PolicyProviders',
    CONFIG_MANAGER_PROVIDER,
    'InstallationState',
  ]),
  trackingPoliciesCreated: keyOf('device', [
    ...STATUS_TRACKING,
    'Setup',
    'Apps',
    'PolicyProviders',
    CONFIG_MANAGER_PROVIDER,
    'TrackingPoliciesCreated',
  ]),
  /** The node above the apps that the client tracks. */
  tracking: keyOf('device', TRACKING),
} as const;

/** The node of a tracked app, or one below it. A slash in the name must not become a step of the path. */
export function trackedAppKey(app: string, ...below: readonly 'InstallationState'[]): string {
  return keyOf('device', [...TRACKING, app.replaceAll('/', '%2F'), ...below]);
}

function settingKey(setting: CoManagementSetting): string {
  const uri = parseLocUri(coManagementAddress(setting));
  assert(uri !== undefined, 'the address of a setting is a LocURI');
  return uri.key;
}
