// What an MDM delivers to the devices of a group, and how the Enrollment Status Page waits for it. Part of a tenant's
// configuration: pure data.

/** An app of a content set. Install time is the device's matter (scenario `installs`); size is what the content origin sends. */
export interface AppContent {
  readonly name: string;
  readonly sizeBytes: number;
}

/** What happens when an installer asks for a restart: as its exit code says, never, or always (Intune, "Device restart behavior"). */
export type RestartBehaviour = 'by-exit-code' | 'suppress' | 'force';

/** An app that the management extension installs; it is not in FirstSyncStatus but in the extension's own app policies. */
export interface Win32AppContent extends AppContent {
  /** The status page waits for it; one that is not blocking installs after the desktop, in a second wave. */
  readonly blocking: boolean;
  /** Names of apps of the same cohort that must be installed first. */
  readonly dependsOn: readonly string[];
  readonly restart: RestartBehaviour;
}

/** What one ESP phase delivers. */
export interface PhaseContent {
  /** Policy settings written in this phase; the page shows them as one item, "Security policies". */
  readonly policies: number;
  /** Further settings, at URIs that take effect only with a restart: one coalesced restart ends the device phase. */
  readonly restartPolicies: number;
  readonly scepCertificates: number;
  /** PKCS: keys and certificates that the server makes (ClientCertificateInstall/PFXCertInstall). The page does not wait for them. */
  readonly pfxCertificates: number;
  readonly networkProfiles: number;
  readonly msiApps: readonly AppContent[];
  readonly modernApps: readonly AppContent[];
  readonly win32Apps: readonly Win32AppContent[];
}

export const NO_CONTENT: PhaseContent = {
  policies: 0,
  restartPolicies: 0,
  scepCertificates: 0,
  pfxCertificates: 0,
  networkProfiles: 0,
  msiApps: [],
  modernApps: [],
  win32Apps: [],
};

export interface EspConfig {
  /** False: SkipDeviceStatusPage and SkipUserStatusPage stay true, and content arrives after the desktop. */
  readonly shown: boolean;
  /** TimeOutUntilSyncFailure, minutes of device time (DMClient CSP; default 60, maximum 1440). */
  readonly timeoutMinutes: number;
  readonly allowReset: boolean;
  readonly allowTryAgain: boolean;
  readonly allowContinueAnyway: boolean;
  /** Whom the ESP profile is assigned to: the list of blocking apps of one for users is ignored in the device phase. */
  readonly assignedTo: 'devices' | 'users';
  /** `selected`: only apps that are `blocking`; `all`: every app of the phase, blocking or not. */
  readonly blocks: 'all' | 'selected';
  /** How long the page waits for a policy provider, minutes of device time (EnrollmentStatusTracking CSP: default 15). */
  readonly providerTimeoutMinutes: number;
  readonly device: PhaseContent;
  readonly user: PhaseContent;
}

/** Workloads whose authority can pass from Configuration Manager to the MDM, in the order of the client's bit mask. */
export const CO_MANAGEMENT_WORKLOADS = [
  'compliance-policies',
  'resource-access',
  'device-configuration',
  'windows-update',
  'endpoint-protection',
  'client-apps',
  'office-apps',
] as const;
export type CoManagementWorkload = (typeof CO_MANAGEMENT_WORKLOADS)[number];

/** The co-management setting that comes with enrollment (mission.md 17). */
export interface CoManagementConfig {
  /** Size of ccmsetup.msi, and how many of its installs fail. */
  readonly clientSizeBytes: number;
  /** Workloads that pass to the MDM, one after the other, once the client is there. */
  readonly workloads: readonly CoManagementWorkload[];
  /** Apps that the client's task sequence installs and reports through the Apps tracker. */
  readonly taskSequenceApps: readonly AppContent[];
}

/** What the update check at OOBE finds; `off`: the profile does not enable the download of patches, so nothing is checked. */
export interface UpdatesConfig {
  readonly kind: 'off' | 'none' | 'some' | 'restart';
  readonly sizeBytes: number;
  /** Quality updates at the end of OOBE, after the ESP; null: the ESP profile does not install them. */
  readonly quality: { readonly sizeBytes: number; readonly restart: boolean } | null;
}

/** Whether a check at OOBE finds something to install. */
export function findsUpdates({ kind }: UpdatesConfig): boolean {
  return kind === 'some' || kind === 'restart';
}
