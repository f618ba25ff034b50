// What the Enrollment Status Page shows and waits for, computed from the tree: the server's lists in FirstSyncStatus and what agents on
// the device track themselves. It decides nothing about time: deadlines are the step's. Sources: DMClient and
// EnrollmentStatusTracking CSPs; "Enrollment Status Page tracking information".
import type { FailureCode } from '../../catalog/failures.ts';
import { SCEP_STATUS } from './csp/client-certificate-install.ts';
import { MSI_STATUS } from './csp/enterprise-desktop-app-management.ts';
import { MODERN_APP_STATUS } from './csp/enterprise-modern-app-management.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { firstSyncKey } from './first-sync-status.ts';
import type { InstallJob } from './jobs.ts';
import { keyOf, parseLocUri } from './loc-uri.ts';
import type { Scope } from './loc-uri.ts';
import type { ManagedDevice } from './managed-device.ts';

export { beginPhase, espSettings, finishPhase, pageTimeoutMs } from './first-sync-status.ts';
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
  /** How long the page waits for those that are not there yet: the shortest of their Timeouts (default 15 minutes), or Infinity. */
  readonly preparationTimeoutMs: number;
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
  const providers = scope === 'device' ? device.tree.childNames(PROVIDERS) : [];
  const { preparation, preparationTimeoutMs } = trackPreparation(device, providers);
  const apps = merge(
    trackList(device, read('ExpectedMSIAppPackages'), msiState),
    trackList(device, read('ExpectedModernAppPackages'), modernAppState),
    trackProviders(device, scope, providers),
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
  const ended = read('IsSyncDone') === 'true' && read('WasDeviceSuccessfullyProvisioned') === '0';
  const failure = failureOf(ended, preparation, apps);
  const state =
    failure === undefined ? stateOf(finished, read('IsSyncDone') === 'true', preparation, trackers) : 'failed';
  return { state, preparation, preparationTimeoutMs, trackers, failure };
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

/** Certificates that fail are waited for until the page times out; an app or provider that failed ends the page. */
function failureOf(
  endedByServer: boolean,
  preparation: TrackerProgress,
  apps: TrackerProgress,
): PhaseProgress['failure'] {
  if (endedByServer) {
    return {
      code: 'provisioning-ended-by-server',
      detail: 'WasDeviceSuccessfullyProvisioned is 0, IsSyncDone is true',
    };
  }
  if (preparation.failed > 0)
    return { code: 'policy-provider-failed', detail: describeTracker('preparation', preparation) };
  if (apps.failed > 0) return { code: '0x87d1041c', detail: describeTracker('apps', apps) };
  return undefined;
}

/** Lines of the page: the tracker's name and what is done to its items. */
const LINES: Readonly<Record<TrackerName | 'preparation', readonly [title: string, done: string]>> = {
  preparation: ['Preparing your device for mobile management', 'ready'],
  securityPolicies: ['Security policies', 'applied'],
  certificates: ['Certificates', 'applied'],
  networkConnections: ['Network connections', 'added'],
  apps: ['Apps', 'installed'],
};

/** What the page still waits for, as it shows it: "Apps (3 of 8 installed)". */
export function describePhase({ preparation, trackers }: PhaseProgress): string {
  const lines: [TrackerName | 'preparation', TrackerProgress][] = [
    ['preparation', preparation],
    ...TRACKERS.map((name): [TrackerName, TrackerProgress] => [name, trackers[name]]),
  ];
  const open = lines.filter(([, tracker]) => !isComplete(tracker));
  return open.map(([name, tracker]) => describeTracker(name, tracker)).join(', ');
}

function describeTracker(name: TrackerName | 'preparation', { expected, completed }: TrackerProgress): string {
  const [title, done] = LINES[name];
  return expected < 0 ? `${title} (Identifying)` : `${title} (${completed} of ${expected} ${done})`;
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

/** Whether the page counts this job among its apps. */
export function isExpected(device: ManagedDevice, job: InstallJob): boolean {
  if (job.kind === 'scep') return false;
  const list = job.kind === 'msi' ? 'ExpectedMSIAppPackages' : 'ExpectedModernAppPackages';
  const entries = listEntries(device.tree.read(firstSyncKey(device, job.scope, list)));
  return entries.some(({ key }) => key === job.node || key?.startsWith(`${job.node}/`) === true);
}

interface ListEntry {
  /** Undefined where the entry is no LocURI: nothing can ever fulfil it. */
  readonly key: string | undefined;
  /** Items that it stands for. */
  readonly items: number;
}

/** Each entry is a LocURI, for apps with ";n": so many apps in the package, which finish together. */
function listEntries(list: string | undefined): ListEntry[] {
  if (list === undefined || list === '') return [];
  return list.split(DELIMITER).flatMap((entry) => {
    const [, address, count] = /^\s*(.*?)(?:;(\d{1,4}))?\s*$/s.exec(entry) ?? [];
    if (address === undefined || address === '') return [];
    return [{ key: parseLocUri(address)?.key, items: count === undefined ? 1 : Number(count) }];
  });
}

function trackList(
  device: ManagedDevice,
  list: string | undefined,
  stateOfItem: (device: ManagedDevice, key: string) => ItemState,
): TrackerProgress {
  if (list === undefined || list === '') return NOTHING;
  const progress = { expected: 0, completed: 0, failed: 0 };
  for (const { key, items } of listEntries(list)) {
    const state = key === undefined ? 'open' : stateOfItem(device, key);
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
const INSTALLED = { not: '1', notRequired: '2', completed: '3', failed: '4' } as const;

const PROVIDERS = trackingKey('device', 'DevicePreparation', 'PolicyProviders');

function trackPreparation(
  { tree }: ManagedDevice,
  providers: readonly string[],
): Pick<PhaseProgress, 'preparation' | 'preparationTimeoutMs'> {
  const preparation = { expected: 0, completed: 0, failed: 0 };
  let preparationTimeoutMs = Infinity;
  for (const name of providers) {
    const state = tree.read(`${PROVIDERS}/${name}/InstallationState`);
    preparation.expected++;
    if (state === INSTALLED.notRequired || state === INSTALLED.completed) {
      preparation.completed++;
      continue;
    }
    if (state === INSTALLED.failed) preparation.failed++;
    const timeoutMs = Number(tree.read(`${PROVIDERS}/${name}/Timeout`)) * MINUTE_MS;
    preparationTimeoutMs = Math.min(preparationTimeoutMs, timeoutMs);
  }
  return { preparation, preparationTimeoutMs };
}

/** "Try again": what has failed is not installed yet, and what is ordered is ordered as at first. */
export function forgetFailures(device: ManagedDevice, scope: Scope): void {
  const { tree } = device;
  for (const job of tree.jobs) device.jobReached(job, 'ordered');
  const again = (key: string): void => {
    if (tree.read(key) === INSTALLED.failed) tree.write(key, INSTALLED.not);
  };
  if (scope === 'device')
    for (const name of tree.childNames(PROVIDERS)) again(`${PROVIDERS}/${name}/InstallationState`);
  const tracking = trackingKey(scope, 'Setup', 'Apps', 'Tracking');
  for (const provider of tree.childNames(tracking)) {
    for (const app of tree.childNames(`${tracking}/${provider}`))
      again(`${tracking}/${provider}/${app}/InstallationState`);
  }
}

/** The management extension, which the page knows by its name. */
const EXTENSION = 'Sidecar';

/**
 * Providers whose list of apps the page waits for, by name and without a time-out of its own: those that a Setup node names, in the
 * device phase those that were registered to track apps, and where there is any, the management extension too. So a lone
 * Configuration Manager client keeps the page identifying (realism.md, "ESP mechanics").
 */
function appProviders({ tree }: ManagedDevice, scope: Scope, prepared: readonly string[]): ReadonlySet<string> {
  const names = new Set(tree.childNames(trackingKey(scope, 'Setup', 'Apps', 'PolicyProviders')));
  for (const name of prepared) {
    if (tree.read(`${PROVIDERS}/${name}/TrackedResourceTypes/Apps`) === 'true') names.add(name);
  }
  if (names.size > 0) names.add(EXTENSION);
  return names;
}

/** Apps that providers track. Until each has said that its list is made, the page goes on identifying. */
function trackProviders(device: ManagedDevice, scope: Scope, prepared: readonly string[]): TrackerProgress {
  const providers = trackingKey(scope, 'Setup', 'Apps', 'PolicyProviders');
  const tracking = trackingKey(scope, 'Setup', 'Apps', 'Tracking');
  const progress = { expected: 0, completed: 0, failed: 0 };
  for (const name of appProviders(device, scope, prepared)) {
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
