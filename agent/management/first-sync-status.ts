// FirstSyncStatus as the device itself reads and writes it: what the server wants the page to be like, what it says it has sent,
// and the results that the device gives back. Source: DMClient CSP.
import { MINUTE_MS } from '../../kernel/units.ts';
import type { Scope } from './loc-uri.ts';
import { keyOf } from './loc-uri.ts';
import type { ManagedDevice } from './managed-device.ts';

export interface EspSettings {
  /** The device and the user phase show a page: SkipDeviceStatusPage and SkipUserStatusPage are false. */
  readonly deviceShown: boolean;
  readonly userShown: boolean;
  readonly timeoutMs: number;
  /** BlockInStatusPage: what a person may do when it failed. */
  readonly allowReset: boolean;
  readonly allowTryAgain: boolean;
  readonly allowContinueAnyway: boolean;
}

/** Canonical key of a node of FirstSyncStatus. */
export function firstSyncKey(device: ManagedDevice, scope: Scope, name: string): string {
  const path = ['Vendor', 'MSFT', 'DMClient', 'Provider', device.facts.providerId, 'FirstSyncStatus', name];
  return keyOf(scope, path);
}

/** What the server set the page to; Windows' defaults before the first session. */
export function espSettings(device: ManagedDevice): EspSettings {
  const read = (name: string): string | undefined => device.tree.read(firstSyncKey(device, 'device', name));
  const block = Number(read('BlockInStatusPage'));
  return {
    deviceShown: read('SkipDeviceStatusPage') === 'false',
    userShown: read('SkipUserStatusPage') === 'false',
    timeoutMs: pageTimeoutMs(device),
    allowReset: (block & 1) !== 0,
    allowTryAgain: (block & 2) !== 0,
    allowContinueAnyway: (block & 4) !== 0,
  };
}

/** TimeOutUntilSyncFailure: how long a page may show. */
export function pageTimeoutMs(device: ManagedDevice): number {
  return Number(device.tree.read(firstSyncKey(device, 'device', 'TimeOutUntilSyncFailure'))) * MINUTE_MS;
}

/** The page of a phase begins. Only with the account phase do ./User nodes become reachable. */
export function beginPhase(device: ManagedDevice, scope: Scope): void {
  if (scope === 'user') device.tree.userContext = true;
  writeProvisioningCompleted(device, scope, false);
}

/** The page of a phase ended: the results that the next session brings to the server (SendResultsToMdmServer). */
export function finishPhase(device: ManagedDevice, scope: Scope, succeeded: boolean): void {
  device.tree.write(firstSyncKey(device, scope, 'WasDeviceSuccessfullyProvisioned'), succeeded ? '1' : '0');
  device.tree.write(firstSyncKey(device, scope, 'IsSyncDone'), 'true');
  writeProvisioningCompleted(device, scope, true);
}

function writeProvisioningCompleted(device: ManagedDevice, scope: Scope, completed: boolean): void {
  const path = ['Vendor', 'MSFT', 'EnrollmentStatusTracking', 'Setup', 'HasProvisioningCompleted'];
  device.tree.write(keyOf(scope, path), String(completed));
}
