// What an embedded tenant is set up with: the scenario compiles to it, the backend serves it. Pure data that crosses a
// process boundary as JSON.
import { dealt } from '../kernel/dealing.ts';
import type { AccountsConfig } from './accounts.ts';
import type { CoManagementConfig, EspConfig, UpdatesConfig } from './content.ts';
import type { FaultConfig } from './faults.ts';

/** What the Autopilot profile of a group says (ztd.md 3): true hides the page. */
export interface ProfileConfig {
  readonly name: string;
  readonly hidePrivacy: boolean;
  readonly hideLicence: boolean;
  readonly hideOemRegistration: boolean;
  readonly hideKeyboard: boolean;
  readonly standardUser: boolean;
  /** Region and language that a wired device takes without asking; null asks. */
  readonly locale: string | null;
  /** CloudAssignedDeviceName template: `%SERIAL%`, `%RAND:n%`; empty keeps the name. */
  readonly deviceNameTemplate: string;
}

/** How a group comes to its devices and the profile to the group (mission.md 13, 14; flow.md 0.3). */
export interface AssignmentConfig {
  /**
   * `order-id`: dynamic group by registration tag; `all-devices`: dynamic group of every registered device; `static`: a group
   * that lists its devices; `device`: the profile is on the device itself; `default`: no group, the tenant's default profile;
   * `none`: nobody has assigned a profile yet.
   */
  readonly by: 'order-id' | 'all-devices' | 'static' | 'device' | 'default' | 'none';
  /** Device time from registration until the profile's status is "Assigned", milliseconds. */
  readonly lagMs: number;
  /** Where several profiles are assigned the oldest wins: days since this one was made. */
  readonly profileAgeDays: number;
  /** The profile was deleted after it was assigned (809). */
  readonly profileDeleted: boolean;
}

/** A device group of the tenant: the devices registered with this group tag (OrderID). One per cohort. */
export interface GroupConfig {
  readonly tag: string;
  readonly profile: ProfileConfig;
  readonly assignment: AssignmentConfig;
  readonly accounts: AccountsConfig;
  readonly esp: EspConfig;
  readonly updates: UpdatesConfig;
  /** Windows Hello for Business is asked for after the user phase. */
  readonly windowsHello: boolean;
  readonly coManagement: CoManagementConfig | null;
}

/** Who may join devices, and how many each. */
export interface JoinConfig {
  /** `selected`: all but users with the trait `not-in-join-scope`. */
  readonly scope: 'all' | 'selected' | 'none';
  /** Devices a user may have (Entra: 50 by default; Autopilot devices count). */
  readonly quota: number;
}

/** What the tenant's MDM lets in. */
export interface EnrollmentConfig {
  /** `selected`: all but users with the trait `not-in-mdm-scope`. */
  readonly scope: 'all' | 'selected' | 'none';
  /** Platform restriction: the lowest OS version that may enroll, as `10.0.22631.0`; null: any. */
  readonly minimumOsVersion: string | null;
}

export interface TenantConfig {
  readonly tenantId: string;
  /** Initial domain; users are `user<index>@<domain>`. Ends in `.example`: it can never be somebody's. */
  readonly domain: string;
  readonly displayName: string;
  /** Text under the sign-in box (company branding). */
  readonly signInText: string;
  /** Password of every user of this tenant: simulated people share one. */
  readonly password: string;
  /** Users `user0` ... `user<n-1>` exist. */
  readonly users: number;
  readonly termsOfUse: boolean;
  readonly join: JoinConfig;
  readonly enrollment: EnrollmentConfig;
  readonly groups: readonly GroupConfig[];
  readonly faults: readonly FaultConfig[];
  /** Delays that the backend simulates shrink by this factor. */
  readonly speed: number;
  /** Certificates, tokens and ids derive from the run's seed and epoch. */
  readonly seed: string;
  readonly epochMs: number;
}

/** Users of federated groups have their names in a domain of their own, which the tenant has federated. */
export function federatedDomain(tenant: Pick<TenantConfig, 'domain'>): string {
  return `federated.${tenant.domain}`;
}

/** The domain of another tenant that the same services know: devices that it registered before are not to be had (808). */
export function otherTenantDomain(tenant: Pick<TenantConfig, 'domain'>): string {
  return `elsewhere.${tenant.domain}`;
}

/** What says who the users of a tenant are. */
export type TenantUsers = Pick<TenantConfig, 'seed' | 'domain' | 'groups'>;

/** By the groups of a tenant, which never change: dealt once. */
const DEALT = new WeakMap<TenantConfig['groups'], Uint8Array>();

/** The group of user `index`, who has the device of that index; undefined where no group has the user. */
export function groupOfUser({ seed, groups }: TenantUsers, index: number): GroupConfig | undefined {
  let groupOf = DEALT.get(groups);
  if (groupOf === undefined) {
    groupOf = dealt(
      seed,
      groups.map(({ accounts }) => accounts.count),
    );
    DEALT.set(groups, groupOf);
  }
  const group = groupOf[index];
  return group === undefined ? undefined : groups[group];
}

/** The accounts that user `index` is one of; undefined where no group has the user. */
export function accountsOf(tenant: TenantUsers, index: number): AccountsConfig | undefined {
  return groupOfUser(tenant, index)?.accounts;
}

/** The user name of device `index` in a tenant. */
export function userName(tenant: TenantUsers, index: number): string {
  const federated = (accountsOf(tenant, index)?.kind ?? 'managed') !== 'managed';
  return `user${index}@${federated ? federatedDomain(tenant) : tenant.domain}`;
}

/** The provider id of the embedded MDM, in APPLICATION/PROVIDER-ID and the DMClient CSP. */
export const MDM_PROVIDER_ID = 'Flotilla MDM';
