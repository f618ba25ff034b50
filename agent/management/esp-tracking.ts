// What the Enrollment Status Page shows and waits for, computed from the tree: the server's lists in FirstSyncStatus and what agents on
// the device track themselves. It decides nothing about time: deadlines are the step's. Sources: DMClient and
// EnrollmentStatusTracking CSPs; "Enrollment Status Page tracking information".
import type { FailureCode } from '../../catalog/failures.ts';
import { SCEP_STATUS } from './csp/client-certificate-install.ts';
import { MSI_STATUS } from './csp/enterprise-desktop-app-management.ts';
import { MODERN_APP_STATUS } from './csp/enterprise-modern-app-management.ts';
import { firstSyncKey } from './first-sync-status.ts';
import { keyOf, parseLocUri } from './loc-uri.ts';
import type { Scope } from './loc-uri.ts';
import type { ManagedDevice } from './managed-device.ts';

export { beginPhase, espSettings, finishPhase } from './first-sync-status.ts';
export type { EspSettings } from './first-sync-status.ts';

export const TRACKERS = ['securityPolicies', 'certificates', 'networkConnections', 'apps'] as const;
export type TrackerName = (typeof TRACKERS)[number];

export interface TrackerProgress {
  /** -1 while the page is still identifying what to wait for. */
  readonly expected: number;
  readonly completed: number;
  readonly failed: number;
}

export interface PhaseProgress {
  readonly state: 'identifying' | 'working' | 'ready' | 'failed';
  /** Policy providers that the device phase prepares before anything else; none in the user phase. */
  readonly preparation: TrackerProgress;
  readonly trackers: Readonly<Record<TrackerName, TrackerProgress>>;
  readonly failure?: { readonly code: FailureCode; readonly detail: string } | undefined;
}

/** Divides the entries of a list. */
const DELIMITER = '\uf000';
type ItemState = 'open' | 'completed' | 'failed';

const IDENTIFYING: TrackerProgress = { expected: -1, completed: 0, failed: 0 };
const NOTHING: TrackerProgress = { expected: 0, completed: 0, failed: 0 };

export function trackPhase(device: ManagedDevice, scope: Scope): PhaseProgress {
  const read = (name: string): string | undefined => device.tree.read(firstSyncKey(device, scope, name));
  const finished = read('ServerHasFinishedProvisioning') === 'true';
  const preparation = scope === 'device' ? trackPreparation(device) : NOTHING;
  const apps = merge(
    trackList(device, read('ExpectedMSIAppPackages'), msiState),
    trackList(device, read('ExpectedModernAppPackages'), modernAppState),
    trackProviders(device, scope),
  );
  const policies = trackList(device, read('ExpectedPolicies'), presence);
  const trackers: Record<TrackerName, TrackerProgress> = {
    // Windows shows all policies as one item.
    securityPolicies: { expected: 1, completed: isComplete(policies) ? 1 : 0, failed: 0 },
    certificates: merge(
      trackList(device, read('ExpectedSCEPCerts'), scepState),
      trackList(device, read('ExpectedPFXCerts'), presence),
    ),
    networkConnections: trackList(device, read('ExpectedNetworkProfiles'), presence),
    apps,
  };
  if (!finished) for (const name of TRACKERS) if (trackers[name].failed === 0) trackers[name] = IDENTIFYING;
  const failure = failureOf(read('IsSyncDone') === 'true', read('WasDeviceSuccessfullyProvisioned'), preparation, apps);
  if (failure !== undefined) return { state: 'failed', preparation, trackers, failure };
  return { state: stateOf(finished, read('IsSyncDone') === 'true', preparation, trackers), preparation, trackers };
}

function stateOf(
  finished: boolean,
  done: boolean,
  preparation: TrackerProgress,
  trackers: Record<TrackerName, TrackerProgress>,
): PhaseProgress['state'] {
  // A server may end the page itself; what was still expected is then nobody's matter.
  if (done) return 'ready';
  const all = [preparation, ...Object.values(trackers)];
  if (!finished || all.some(({ expected }) => expected < 0)) return 'identifying';
  return all.every(isComplete) ? 'ready' : 'working';
}

/** Certificates that fail are tried again until the page times out; an app or provider that failed ends the page. */
function failureOf(
  done: boolean,
  result: string | undefined,
  preparation: TrackerProgress,
  apps: TrackerProgress,
): PhaseProgress['failure'] {
  if (done && result === '0') {
    return {
      code: 'provisioning-ended-by-server',
      detail: 'WasDeviceSuccessfullyProvisioned is 0, IsSyncDone is true',
    };
  }
  if (preparation.failed > 0) return { code: '0x87d1041c', detail: 'a policy provider failed to install' };
  if (apps.failed > 0) return { code: '0x87d1041c', detail: `Apps (${apps.completed} of ${apps.expected} installed)` };
  return undefined;
}

function isComplete(tracker: TrackerProgress): boolean {
  return tracker.completed === tracker.expected;
}

function merge(...parts: readonly TrackerProgress[]): TrackerProgress {
  const identifying = parts.some(({ expected }) => expected < 0);
  const sum = (pick: (part: TrackerProgress) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const expected = identifying ? -1 : sum((part) => part.expected);
  return { expected, completed: sum((part) => part.completed), failed: sum((part) => part.failed) };
}

/** Each entry is a LocURI, for apps with ";n": so many apps in the package, which finish together. */
function trackList(
  device: ManagedDevice,
  list: string | undefined,
  stateOfItem: (device: ManagedDevice, key: string) => ItemState,
): TrackerProgress {
  if (list === undefined || list === '') return NOTHING;
  const progress = { expected: 0, completed: 0, failed: 0 };
  for (const entry of list.split(DELIMITER)) {
    const [, address, count] = /^\s*(.*?)(?:;(\d{1,4}))?\s*$/s.exec(entry) ?? [];
    if (address === undefined || address === '') continue;
    const items = count === undefined ? 1 : Number(count);
    const uri = parseLocUri(address);
    const state = uri === undefined ? 'open' : stateOfItem(device, uri.key);
    progress.expected += items;
    if (state !== 'open') progress[state] += items;
  }
  return progress;
}

function presence(device: ManagedDevice, key: string): ItemState {
  return device.tree.read(key) === undefined ? 'open' : 'completed';
}

/** The instance that an address is about, however far below it the address goes: "<...>/MSI/{ProductID}". */
function statusBelow(device: ManagedDevice, key: string, container: string): string | undefined {
  const start = key.indexOf(`/${container}/`);
  if (start < 0) return undefined;
  const end = key.indexOf('/', start + container.length + 2);
  return device.tree.read(`${end < 0 ? key : key.slice(0, end)}/Status`);
}

function msiState(device: ManagedDevice, key: string): ItemState {
  const status = statusBelow(device, key, 'MSI');
  if (status === MSI_STATUS.enforced) return 'completed';
  return status === MSI_STATUS.enforcementFailed || status === MSI_STATUS.downloadFailed ? 'failed' : 'open';
}

function modernAppState(device: ManagedDevice, key: string): ItemState {
  const status = statusBelow(device, key, 'AppInstallation');
  if (status === MODERN_APP_STATUS.installed) return 'completed';
  return status === MODERN_APP_STATUS.failed ? 'failed' : 'open';
}

function scepState(device: ManagedDevice, key: string): ItemState {
  const status = statusBelow(device, key, 'SCEP');
  if (status === SCEP_STATUS.enrolled) return 'completed';
  return status === SCEP_STATUS.failed ? 'failed' : 'open';
}

function trackingKey(scope: Scope, ...path: readonly string[]): string {
  return keyOf(scope, ['Vendor', 'MSFT', 'EnrollmentStatusTracking', ...path]);
}

/** InstallationState of providers and apps. */
const INSTALLED = { notRequired: '2', completed: '3', failed: '4' } as const;

function trackPreparation(device: ManagedDevice): TrackerProgress {
  const providers = trackingKey('device', 'DevicePreparation', 'PolicyProviders');
  const progress = { expected: 0, completed: 0, failed: 0 };
  for (const name of device.tree.childNames(providers)) {
    const state = device.tree.read(`${providers}/${name}/InstallationState`);
    progress.expected++;
    if (state === INSTALLED.notRequired || state === INSTALLED.completed) progress.completed++;
    else if (state === INSTALLED.failed) progress.failed++;
  }
  return progress;
}

/** Apps that providers track. Until each has said that its list is made, the page goes on identifying. */
function trackProviders(device: ManagedDevice, scope: Scope): TrackerProgress {
  const providers = trackingKey(scope, 'Setup', 'Apps', 'PolicyProviders');
  const tracking = trackingKey(scope, 'Setup', 'Apps', 'Tracking');
  const progress = { expected: 0, completed: 0, failed: 0 };
  for (const name of device.tree.childNames(providers)) {
    if (device.tree.read(`${providers}/${name}/TrackingPoliciesCreated`) !== 'true') return IDENTIFYING;
  }
  for (const provider of device.tree.childNames(tracking)) {
    for (const app of device.tree.childNames(`${tracking}/${provider}`)) {
      const state = device.tree.read(`${tracking}/${provider}/${app}/InstallationState`);
      progress.expected++;
      if (state === INSTALLED.completed) progress.completed++;
      else if (state === INSTALLED.failed) progress.failed++;
    }
  }
  return progress;
}
