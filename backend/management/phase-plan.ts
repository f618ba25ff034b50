// A phase as the server means to run it: rounds of commands, one message each. It is made once for a group and scope and shared
// by all its devices; what is a device's own is put in when a round is sent.
import type { EspConfig } from '../../catalog/content.ts';
import { MDM_PROVIDER_ID } from '../../catalog/tenant.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { MSI_FINAL, msiOrder } from './app-orders.ts';
import type { AppOrder } from './app-orders.ts';
import { orderAgain, SCEP_ENROLLED } from './certificate-orders.ts';
import { clientOrder, coManagementSetting, finalFlags, FLAGS_ADDRESS } from './co-management-orders.ts';
import { add, atomic, get, PREFIX, replace } from './commands.ts';
import type { Scope } from './commands.ts';
import { phaseOrders } from './content.ts';
import type { PhaseOrders } from './content.ts';
import type { ContentSource } from './content-source.ts';
import { flowPolicies } from './policies.ts';
import { hasWin32Apps, policyProviders, providerStates, registerProviders, trackedApps } from './policy-providers.ts';
import { own, writeRound } from './round.ts';
import type { Round } from './round.ts';

export interface PhasePlan {
  /** The rounds of the first session; a session that broke off goes on where it was. */
  readonly provision: readonly Round[];
  /** What is asked of a device that has been sent everything and is still at work; undefined where nothing is. */
  readonly follow: Round | undefined;
  /** What is asked once every node of `watched` is at its end and only the page itself is not. */
  readonly results: Round | undefined;
  /** Nodes that are read back, with the values after which they do not change. */
  readonly watched: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the Status node of a certificate: the round that orders it again. */
  readonly certificates: ReadonlyMap<string, Round>;
}

export interface GroupPlan {
  readonly phases: Readonly<Record<Scope, PhasePlan>>;
  /** A poll after provisioning: has anything changed? */
  readonly poll: Round;
}

/** Divides the entries of an expected list (DMClient DDF). */
const DELIMITER = '\uf000';

export const PROVIDER_PATH = `Vendor/MSFT/DMClient/Provider/${encodeURIComponent(MDM_PROVIDER_ID)}`;
const NODE_CACHE = `./Vendor/MSFT/NodeCache/${encodeURIComponent(MDM_PROVIDER_ID)}`;
/** What the page shows when it failed, above its code. */
const ERROR_TEXT = 'Setup could not be completed. This device is simulated; its run tells why.';

export function firstSyncAddress(scope: Scope, name: string): string {
  return `${PREFIX[scope]}/${PROVIDER_PATH}/FirstSyncStatus/${name}`;
}

export function groupPlan(group: GroupConfig, source: ContentSource): GroupPlan {
  return {
    phases: { device: phasePlan(group, 'device', source), user: phasePlan(group, 'user', source) },
    poll: pollRound(group),
  };
}

/**
 * The plan of devices whose user has no licence: the page is set up, and then nothing comes and nothing is ever finished, so that it
 * identifies until its time is over.
 */
export function unlicensedPlan(group: GroupConfig): GroupPlan {
  const { esp } = group;
  const nothing = { follow: undefined, results: undefined, watched: new Map(), certificates: new Map() };
  const asked = esp.shown ? resultsRound('device') : undefined;
  const rounds = [...inventoryRounds(), ...(esp.shown ? [pageRound(esp), expectedRound([], 'device')] : [])];
  return {
    phases: {
      device: { ...nothing, provision: rounds.map(writeRound), follow: asked, results: asked },
      user: { ...nothing, provision: [] },
    },
    poll: pollRound({ coManagement: null }),
  };
}

export function phasePlan(group: GroupConfig, scope: Scope, source: ContentSource): PhasePlan {
  const { esp } = group;
  const orders = phaseOrders(esp, scope, source);
  const agents = scope === 'device' ? agentOrders(group, source) : [];
  const providers = esp.shown ? policyProviders(group, scope) : [];
  const registered = registerProviders(providers, scope, esp.providerTimeoutMinutes);
  const settings = scope === 'device' ? deviceSettings(group, source) : [];
  const rounds: (readonly RequestCommand[])[] = [
    ...(scope === 'device' ? inventoryRounds() : []),
    ...(scope === 'device' && esp.shown ? [[...pageRound(esp), ...registered]] : []),
    ...(esp.shown ? [[...(scope === 'user' ? registered : []), ...expectedRound(orders.expected, scope)]] : []),
    [...settings, ...agents.map(({ command }) => command)],
    ...orders.rounds,
    [replace(firstSyncAddress(scope, 'ServerHasFinishedProvisioning'), 'bool', 'true')],
    ...(scope === 'device' ? [stateRound()] : []),
  ];
  const watched = watchedNodes(group, scope, orders, agents, providers);
  return {
    provision: rounds.filter((commands) => commands.length > 0).map(writeRound),
    follow: followRound(esp.shown, scope, watched, providers),
    results: esp.shown ? resultsRound(scope) : undefined,
    watched,
    certificates: new Map(orders.scep.map((order) => [`${order.node}/Status`, writeRound(orderAgain(order))])),
  };
}

/** The agents that install what OMA-DM does not: each comes as an MSI itself. */
function agentOrders({ esp, coManagement }: GroupConfig, source: ContentSource): AppOrder[] {
  return [
    ...(hasWin32Apps(esp) ? [msiOrder(source.extensionInstaller(), 'device')] : []),
    ...(coManagement === null ? [] : [clientOrder(coManagement, source)]),
  ];
}

function deviceSettings(group: GroupConfig, source: ContentSource): RequestCommand[] {
  return [
    ...flowPolicies(group, source.tenantId),
    ...(group.coManagement === null ? [] : coManagementSetting(group.coManagement, source)),
  ];
}

function watchedNodes(
  { coManagement }: GroupConfig,
  scope: Scope,
  orders: PhaseOrders,
  agents: readonly AppOrder[],
  providers: readonly string[],
): Map<string, ReadonlySet<string>> {
  const watched = new Map<string, ReadonlySet<string>>(providerStates(providers, scope));
  for (const { node } of [...agents, ...orders.msi]) watched.set(node, MSI_FINAL);
  for (const { node } of orders.scep) watched.set(`${node}/Status`, new Set([SCEP_ENROLLED]));
  if (coManagement !== null && scope === 'device') watched.set(FLAGS_ADDRESS, new Set([finalFlags(coManagement)]));
  return watched;
}

function followRound(
  shown: boolean,
  scope: Scope,
  watched: ReadonlyMap<string, unknown>,
  providers: readonly string[],
): Round | undefined {
  const there = [...watched.keys()].filter((node) => node !== FLAGS_ADDRESS);
  const commands = [
    ...(shown ? resultsOf(scope) : []),
    ...(there.length === 0 ? [] : [get(...there)]),
    // What is missing until an agent has written it is a question of its own: its 404 would be the Status of all.
    ...(watched.has(FLAGS_ADDRESS) ? [get(FLAGS_ADDRESS)] : []),
    ...providers.map((name) => get(trackedApps(scope, name))),
  ];
  return commands.length === 0 ? undefined : writeRound(commands);
}

function resultsOf(scope: Scope): RequestCommand[] {
  return [get(firstSyncAddress(scope, 'IsSyncDone')), get(firstSyncAddress(scope, 'WasDeviceSuccessfullyProvisioned'))];
}

function resultsRound(scope: Scope): Round {
  return writeRound(resultsOf(scope));
}

function pollRound({ coManagement }: Pick<GroupConfig, 'coManagement'>): Round {
  return writeRound([
    get('./DevDetail/SwV', './DevDetail/Ext/Microsoft/DeviceName'),
    get(`${NODE_CACHE}/ChangedNodes`),
    get('./Vendor/MSFT/DeviceStatus/OS/Mode'),
    ...(coManagement === null ? [] : [get(FLAGS_ADDRESS)]),
  ]);
}

/** The first questions of a service about a device it does not know. */
function inventoryRounds(): RequestCommand[][] {
  const microsoft = './DevDetail/Ext/Microsoft';
  return [
    [
      get('./DevDetail/SwV', './DevDetail/FwV', './DevDetail/HwV', './DevDetail/OEM', './DevDetail/DevTyp'),
      get(`${microsoft}/DeviceName`, `${microsoft}/OSPlatform`, `${microsoft}/ProcessorArchitecture`),
      get(`${microsoft}/SMBIOSSerialNumber`, './Vendor/MSFT/DMClient/HWDevID'),
      get(`${NODE_CACHE}/CacheVersion`),
    ],
    [
      get(`./${PROVIDER_PATH}/MaxSyncApplicationVersion`, `./${PROVIDER_PATH}/AADDeviceID`),
      replace(`./${PROVIDER_PATH}/EntDMID`, 'chr', own('managed-device-id')),
      replace(`./${PROVIDER_PATH}/SyncApplicationVersion`, 'chr', '4.0'),
    ],
  ];
}

function pageRound(esp: EspConfig): RequestCommand[] {
  const block = (esp.allowReset ? 1 : 0) + (esp.allowTryAgain ? 2 : 0) + (esp.allowContinueAnyway ? 4 : 0);
  const set = (name: string, format: string, data: string): RequestCommand =>
    replace(firstSyncAddress('device', name), format, data);
  return [
    atomic([
      set('SkipDeviceStatusPage', 'bool', 'false'),
      set('SkipUserStatusPage', 'bool', 'false'),
      set('TimeOutUntilSyncFailure', 'int', String(esp.timeoutMinutes)),
      set('BlockInStatusPage', 'int', String(block)),
      set('AllowCollectLogsButton', 'bool', 'true'),
      set('CustomErrorText', 'chr', ERROR_TEXT),
    ]),
  ];
}

/** What the page waits for. Policies are one dummy item, the device's id, as Intune does it. */
function expectedRound(expected: PhaseOrders['expected'], scope: Scope): RequestCommand[] {
  const policies = { node: 'ExpectedPolicies', entries: [`./${PROVIDER_PATH}/EntDMID`] };
  return [policies, ...expected]
    .filter(({ entries }) => entries.length > 0)
    .map(({ node, entries }) => add(firstSyncAddress(scope, node), 'chr', entries.join(DELIMITER)));
}

/** How the device is after all was sent, and the mark by which the next visit finds what changed. */
function stateRound(): RequestCommand[] {
  return [
    get('./Vendor/MSFT/WindowsLicensing/Edition', './Vendor/MSFT/WindowsLicensing/Status'),
    get('./Vendor/MSFT/DeviceStatus/OS/Mode', './Vendor/MSFT/DeviceStatus/TPM/SpecificationVersion'),
    get('./Device/Vendor/MSFT/BitLocker/Status/DeviceEncryptionStatus', './Vendor/MSFT/HealthAttestation/Status'),
    replace(`${NODE_CACHE}/CacheVersion`, 'chr', '1'),
  ];
}
