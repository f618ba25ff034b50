// A phase as the server means to run it: rounds of commands, one message each. It is made once for a group and scope and shared
// by all its devices; what is a device's own (its EntDMID) is put in when a round is sent.
import { MDM_PROVIDER_ID } from '../../catalog/tenant.ts';
import type { EspConfig } from '../../catalog/content.ts';
import type { RequestCommand } from '../../protocol/syncml.ts';
import { add, atomic, get, numbered, PREFIX, replace } from './commands.ts';
import type { Scope } from './commands.ts';
import { contentParts } from './content.ts';
import type { ContentPart, ContentSource } from './content.ts';

/** Commands of one message, numbered from 1. */
export type Round = readonly RequestCommand[];

export interface PhasePlan {
  /** The rounds of the first session; a session that broke off goes on where it was. */
  readonly provision: readonly Round[];
  /** What is asked of a device that has been sent everything and is still at work. */
  readonly follow: Round;
}

/** Divides the entries of an expected list (DMClient DDF). */
const DELIMITER = '\uf000';

export const PROVIDER_PATH = `Vendor/MSFT/DMClient/Provider/${encodeURIComponent(MDM_PROVIDER_ID)}`;

export function firstSyncAddress(scope: Scope, name: string): string {
  return `${PREFIX[scope]}/${PROVIDER_PATH}/FirstSyncStatus/${name}`;
}

export function phasePlan(esp: EspConfig, scope: Scope, source: ContentSource): PhasePlan {
  const parts = contentParts(esp[scope], scope, source);
  const rounds: RequestCommand[][] = [
    ...(scope === 'device' ? [...inventoryRounds(), ...(esp.shown ? [pageRound(esp)] : [])] : []),
    ...(esp.shown ? [expectedRound(parts, scope)] : []),
    ...parts.flatMap(({ rounds: contentRounds }) => contentRounds.map((round) => [...round])),
    [replace(firstSyncAddress(scope, 'ServerHasFinishedProvisioning'), 'bool', 'true')],
    ...(scope === 'device' ? [stateRound()] : []),
  ];
  const statuses = parts.flatMap(({ expected, expectedNode }) =>
    expectedNode === 'ExpectedMSIAppPackages' ? expected.map((entry) => entry.slice(0, entry.indexOf(';'))) : [],
  );
  return {
    provision: rounds.map(numbered),
    follow: numbered([
      get(firstSyncAddress(scope, 'IsSyncDone')),
      get(firstSyncAddress(scope, 'WasDeviceSuccessfullyProvisioned')),
      ...(statuses.length === 0 ? [] : [get(...statuses)]),
    ]),
  };
}

/** A poll after provisioning: has anything changed? */
export const POLL_ROUND: Round = numbered([
  get('./DevDetail/SwV', './DevDetail/Ext/Microsoft/DeviceName'),
  get(`./Vendor/MSFT/NodeCache/${encodeURIComponent(MDM_PROVIDER_ID)}/ChangedNodes`),
  get('./Vendor/MSFT/DeviceStatus/OS/Mode'),
]);

/** The first questions of a service about a device it does not know. */
function inventoryRounds(): RequestCommand[][] {
  const microsoft = './DevDetail/Ext/Microsoft';
  return [
    [
      get('./DevDetail/SwV', './DevDetail/FwV', './DevDetail/HwV', './DevDetail/OEM', './DevDetail/DevTyp'),
      get(`${microsoft}/DeviceName`, `${microsoft}/OSPlatform`, `${microsoft}/ProcessorArchitecture`),
      get(`${microsoft}/SMBIOSSerialNumber`, './Vendor/MSFT/DMClient/HWDevID'),
      get(`./Vendor/MSFT/NodeCache/${encodeURIComponent(MDM_PROVIDER_ID)}/CacheVersion`),
    ],
    [
      get(`./${PROVIDER_PATH}/MaxSyncApplicationVersion`, `./${PROVIDER_PATH}/AADDeviceID`),
      replace(`./${PROVIDER_PATH}/EntDMID`, 'chr', ENTERPRISE_ID),
      replace(`./${PROVIDER_PATH}/SyncApplicationVersion`, 'chr', '4.0'),
    ],
  ];
}

/** Stands for the device's own id until a round is sent. */
const ENTERPRISE_ID = '%EntDMID%';

/** The round with the device's own id where it belongs. */
export function roundFor(round: Round, managedDeviceId: string): Round {
  if (!round.some((command) => command.kind === 'replace' && command.items[0]?.data === ENTERPRISE_ID)) return round;
  return round.map((command) => {
    if (command.kind !== 'replace' || command.items[0]?.data !== ENTERPRISE_ID) return command;
    return { ...command, items: [{ ...command.items[0], data: managedDeviceId }] };
  });
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
    ]),
  ];
}

/** What the page waits for. Policies are one dummy item, the device's id, as Intune does it. */
function expectedRound(parts: readonly ContentPart[], scope: Scope): RequestCommand[] {
  return parts.flatMap(({ expectedNode, expected }) => {
    const list = expectedNode === 'ExpectedPolicies' ? [`./${PROVIDER_PATH}/EntDMID`] : expected;
    return list.length === 0 ? [] : [add(firstSyncAddress(scope, expectedNode), 'chr', list.join(DELIMITER))];
  });
}

/** How the device is after all was sent, and the mark by which the next visit finds what changed. */
function stateRound(): RequestCommand[] {
  return [
    get('./Vendor/MSFT/WindowsLicensing/Edition', './Vendor/MSFT/WindowsLicensing/Status'),
    get('./Vendor/MSFT/DeviceStatus/OS/Mode', './Vendor/MSFT/DeviceStatus/TPM/SpecificationVersion'),
    get('./Device/Vendor/MSFT/BitLocker/Status/DeviceEncryptionStatus', './Vendor/MSFT/HealthAttestation/Status'),
    replace(`./Vendor/MSFT/NodeCache/${encodeURIComponent(MDM_PROVIDER_ID)}/CacheVersion`, 'chr', '1'),
  ];
}
