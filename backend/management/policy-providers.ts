// Policy providers: agents on the device that the status page waits for, and whose apps it tracks. The server registers each by name and
// reads back how it fares; all else the agents write themselves. Source: EnrollmentStatusTracking CSP.
import type { EspConfig } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { CONFIG_MANAGER_PROVIDER } from '../../protocol/management/co-management.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { addEmpty, PREFIX, replace } from './commands.ts';
import type { Scope } from './commands.ts';

/** The management extension, which installs Win32 apps. */
export const SIDECAR_PROVIDER = 'Sidecar';

/** InstallationState: not required, completed, error. */
const PREPARED: ReadonlySet<string> = new Set(['2', '3', '4']);
const TRUE: ReadonlySet<string> = new Set(['true']);

/**
 * The providers that a group's page waits for. `Sidecar` stands for Win32 apps, so a group that has none does not register it; then
 * `ConfigMgr` of a co-managed group is alone. The page looks for `Sidecar` by name, so such a group's devices stay at "Apps
 * (Identifying)" until the page's time-out, whatever Configuration Manager reports: known behaviour of Windows, reproduced
 * (realism.md, "ESP mechanics").
 */
export function policyProviders(group: Pick<GroupConfig, 'esp' | 'coManagement'>, scope: Scope): string[] {
  return [
    ...(hasWin32Apps(group.esp) ? [SIDECAR_PROVIDER] : []),
    // Its task sequence runs in the device phase only.
    ...(group.coManagement !== null && scope === 'device' ? [CONFIG_MANAGER_PROVIDER] : []),
  ];
}

export function hasWin32Apps({ device, user }: EspConfig): boolean {
  return device.win32Apps.length + user.win32Apps.length > 0;
}

export function registerProviders(names: readonly string[], scope: Scope, timeoutMinutes: number): RequestCommand[] {
  return names.flatMap((name) => {
    const preparation = preparationNode(name);
    return [
      ...(scope === 'device'
        ? [
            addEmpty(preparation),
            replace(`${preparation}/Timeout`, 'int', String(timeoutMinutes)),
            replace(`${preparation}/TrackedResourceTypes/Apps`, 'bool', 'true'),
          ]
        : []),
      addEmpty(setupNode(scope, name)),
    ];
  });
}

/** What is read back of the providers, with the values after which a node does not change any more. */
export function providerStates(names: readonly string[], scope: Scope): [string, ReadonlySet<string>][] {
  const created = names.map((name): [string, ReadonlySet<string>] => [
    `${setupNode(scope, name)}/TrackingPoliciesCreated`,
    TRUE,
  ]);
  if (scope === 'user') return created;
  return [
    ...names.map((name): [string, ReadonlySet<string>] => [`${preparationNode(name)}/InstallationState`, PREPARED]),
    ...created,
  ];
}

/** Where a provider lists the apps that it tracks. */
export function trackedApps(scope: Scope, name: string): string {
  return `${trackingRoot(scope)}/Setup/Apps/Tracking/${name}`;
}

function preparationNode(name: string): string {
  return `${trackingRoot('device')}/DevicePreparation/PolicyProviders/${name}`;
}

function setupNode(scope: Scope, name: string): string {
  return `${trackingRoot(scope)}/Setup/Apps/PolicyProviders/${name}`;
}

function trackingRoot(scope: Scope): string {
  return `${PREFIX[scope]}/Vendor/MSFT/EnrollmentStatusTracking`;
}
