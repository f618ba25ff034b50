// What an embedded tenant is set up with: the scenario compiles to it, the backend serves it. Pure data that crosses a
// process boundary as JSON.

/** An app of a content set. Install time is the device's matter (scenario `installs`); size is what the content origin sends. */
export interface AppContent {
  readonly name: string;
  readonly sizeBytes: number;
}

/** What one ESP phase delivers. */
export interface PhaseContent {
  /** Policy settings written in this phase; the page shows them as one item, "Security policies". */
  readonly policies: number;
  readonly scepCertificates: number;
  readonly networkProfiles: number;
  readonly msiApps: readonly AppContent[];
  readonly modernApps: readonly AppContent[];
}

export interface EspConfig {
  /** False: SkipDeviceStatusPage and SkipUserStatusPage stay true, and content arrives after the desktop. */
  readonly shown: boolean;
  /** TimeOutUntilSyncFailure, minutes of device time (DMClient CSP; default 60, maximum 1440). */
  readonly timeoutMinutes: number;
  readonly allowReset: boolean;
  readonly allowTryAgain: boolean;
  readonly allowContinueAnyway: boolean;
  readonly device: PhaseContent;
  readonly user: PhaseContent;
}

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

/** What the update check at OOBE finds; `off`: the profile does not enable the download of patches, so nothing is checked. */
export interface UpdatesConfig {
  readonly kind: 'off' | 'none' | 'some' | 'restart';
  readonly sizeBytes: number;
}

/** Whether a check finds something to install. */
export function findsUpdates({ kind }: UpdatesConfig): boolean {
  return kind === 'some' || kind === 'restart';
}

/** A device group of the tenant: the devices registered with this group tag (OrderID). One per cohort. */
export interface GroupConfig {
  readonly tag: string;
  readonly profile: ProfileConfig;
  readonly esp: EspConfig;
  readonly updates: UpdatesConfig;
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
  readonly groups: readonly GroupConfig[];
  /** Delays that the backend simulates shrink by this factor. */
  readonly speed: number;
  /** Certificates, tokens and ids derive from the run's seed and epoch. */
  readonly seed: string;
  readonly epochMs: number;
}

/** The user name of device `index` in a tenant. */
export function userName(tenant: Pick<TenantConfig, 'domain'>, index: number): string {
  return `user${index}@${tenant.domain}`;
}

/** The provider id of the embedded MDM, in APPLICATION/PROVIDER-ID and the DMClient CSP. */
export const MDM_PROVIDER_ID = 'Flotilla MDM';
