// What an MDM and a Configuration Manager client tell each other on a co-managed device, through WMI settings in its management tree.
// That the setting `DefaultComanWorkloads` is there is known; what is in it is not public, so the values are ours: the client's own
// co-management flags (its documented bit mask). A client's site is not simulated, so what it would say comes the same way.
import { CO_MANAGEMENT_WORKLOADS } from '../../catalog/content.ts';
import type { CoManagementWorkload } from '../../catalog/content.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonObject } from '../encoding/json.ts';

/**
 * `workloads`: from the MDM, the authorities to take over, in order. `flags`: from the client, those that it has passed so far.
 * `taskSequence`: from the MDM in the site's place, what the client's provisioning task sequence (PROVISIONTS) installs.
 */
export const CO_MANAGEMENT_SETTINGS = {
  workloads: 'DefaultComanWorkloads',
  flags: 'CoManagementFlags',
  taskSequence: 'ProvisioningTS',
} as const;
export type CoManagementSetting = keyof typeof CO_MANAGEMENT_SETTINGS;

/** LocURI of a setting. */
export function coManagementAddress(setting: CoManagementSetting): string {
  const instance = `MDM_ConfigSetting.SettingName=%22${CO_MANAGEMENT_SETTINGS[setting]}%22`;
  return `./cimv2/MDM_ConfigSetting/${instance}/SettingValue`;
}

/** Name of the provider in EnrollmentStatusTracking. */
export const CONFIG_MANAGER_PROVIDER = 'ConfigMgr';

/** Product code of the simulated ccmsetup.msi: the MDM orders it, the client reads from its Status how that went. */
export const CONFIG_MANAGER_PRODUCT = '{C0A6A11E-0000-4000-8000-F10711A00001}';

/** Flags of a device that is co-managed: all authority is Configuration Manager's. */
export const CO_MANAGED = 1;

/** The flags once these workloads have passed to the MDM. */
export function coManagementFlags(workloads: readonly CoManagementWorkload[]): number {
  return workloads.reduce((flags, workload) => flags | (2 << CO_MANAGEMENT_WORKLOADS.indexOf(workload)), CO_MANAGED);
}

/** The workloads of which the flags give the MDM authority, in the order of the mask. */
export function workloadsOf(flags: number): CoManagementWorkload[] {
  return CO_MANAGEMENT_WORKLOADS.filter((_, i) => (flags & (2 << i)) !== 0);
}

/** The flags that the client is to have, one after the other: "1,9,73". */
export function writeWorkloadOrder(workloads: readonly CoManagementWorkload[]): string {
  const steps = workloads.map((_, i) => coManagementFlags(workloads.slice(0, i + 1)));
  return [CO_MANAGED, ...steps].join(',');
}

/** Undefined where it is no such list. */
export function parseWorkloadOrder(text: string): number[] | undefined {
  return /^\d{1,3}(,\d{1,3}){0,7}$/.test(text) ? text.split(',').map(Number) : undefined;
}

/** One app of a task sequence. */
export interface TaskSequenceApp {
  readonly name: string;
  readonly contentUrl: string;
  /** SHA-256 of the content, lower-case hex. */
  readonly sha256: string;
}

export function writeTaskSequence(apps: readonly TaskSequenceApp[]): string {
  return JSON.stringify({ apps });
}

export function parseTaskSequence(text: string): Result<TaskSequenceApp[]> {
  const document = readJsonObject(text);
  if (!document.ok) return document;
  const list = document.value['apps'];
  if (!Array.isArray(list)) return malformed(0, '"apps" is not a list');
  const apps: TaskSequenceApp[] = [];
  for (const entry of list as unknown[]) {
    if (!isObject(entry)) return malformed(0, '"apps" holds what is not an object');
    const members = new Members(entry, { path: 'apps.' });
    const app = members.result({
      name: members.string('name'),
      contentUrl: members.string('contentUrl'),
      sha256: members.string('sha256'),
    });
    if (!app.ok) return app;
    apps.push(app.value);
  }
  return ok(apps);
}
