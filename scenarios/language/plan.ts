// The plan: the frozen, printable result of compiling a scenario with a seed. It is all that the orchestrator takes and all
// that a shard is sent, so it is plain JSON; what can be computed from it (arrival times, a device's cohort) is not in it.
import type { DeviceModelName } from '../../catalog/device-models.ts';
import type { OsVersionName } from '../../catalog/os-versions.ts';
import type { NetworkProfileName } from '../../catalog/network-profiles.ts';
import type { PromptName } from '../../catalog/prompts.ts';
import type { ServiceName } from '../../catalog/services.ts';
import type { TenantConfig } from '../../catalog/tenant.ts';
import type { ValidationName } from '../../catalog/validation.ts';
import type { VariantName } from '../../catalog/variants.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import type { Weighted } from '../../kernel/weighted.ts';

/** When devices are switched on, in real seconds from the start of the run: load is not scaled, waits are. */
export type Arrivals =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'constant'; readonly ratePerSecond: number }
  | { readonly kind: 'poisson'; readonly ratePerSecond: number };

/** Faults of a cohort's links, by probability of each exchange. */
export interface LinkFaults {
  readonly reset: number;
  readonly drop: number;
}

/** How the devices of a cohort come to be registered, and what is wrong with the registration of some (shares). */
export interface RegistrationPlan {
  /** `partner`: hardware hash in the partner's CSV; `csv`: by hand, 500 rows; `graph`: one by one; `tuple`: manufacturer, model, serial. */
  readonly by: 'partner' | 'csv' | 'graph' | 'tuple';
  /** The rows name the user of the device. */
  readonly assignUser: boolean;
  /** Nobody registers them (807). */
  readonly missing: number;
  /** Another tenant owns them (808 at import). */
  readonly otherTenant: number;
  /** Their mainboard was changed after the hash was taken (908). */
  readonly hardwareChanged: number;
}

/** What an app's installer does on the devices of a cohort. */
export interface InstallerPlan {
  /** Exit codes by share: 0 installed, 3010 and 1641 want a restart, others fail. */
  readonly exitCodes: readonly Weighted<number>[];
  /** Share of successful installs after which detection finds the app. */
  readonly detected: number;
  /** Time of one install (device time); null: the cohort's `installs.app`. */
  readonly time: Distribution | null;
}

/** What people do that is not as it should be: probabilities for each time they could. */
export interface MistakesPlan {
  /** Mistypes the key of a Wi-Fi network: below 1, or nobody would get on it. */
  readonly mistypedKey: number;
  /** Mistypes the password. */
  readonly mistypedPassword: number;
  /** Signs in as somebody else than the assigned user, where the page lets them. */
  readonly otherUser: number;
  /** Declines the terms of use, or closes their page. */
  readonly declinedTerms: number;
  readonly closedTerms: number;
}

/** What a person does at a failed status page, where it lets them. */
export interface FailedPagePlan {
  /** How often "Try again" is pressed first. */
  readonly tryAgain: number;
  readonly atLast: 'give-up' | 'continue-anyway' | 'reset';
}

export interface CohortPlan {
  readonly name: string;
  readonly site: string;
  readonly variant: VariantName;
  readonly count: number;
  readonly models: readonly Weighted<DeviceModelName>[];
  readonly networks: readonly Weighted<NetworkProfileName>[];
  readonly linkFaults: LinkFaults;
  /** Builds and editions of Windows by share; empty: those of the device's model. */
  readonly osVersions: readonly Weighted<OsVersionName>[];
  readonly registration: RegistrationPlan;
  /** Languages installed: more than one makes the device ask. */
  readonly languages: number;
  /** Time of a person on each page that is shown (device time). */
  readonly people: Readonly<Record<PromptName, Distribution>>;
  readonly mistakes: MistakesPlan;
  /** How often a person restarts a device that found no profile before it is given up. */
  readonly restartsWithoutProfile: number;
  readonly failedPage: FailedPagePlan;
  /** Time to install one app, one update at OOBE, and the quality updates after the ESP (device time). */
  readonly installs: {
    readonly app: Distribution;
    readonly update: Distribution;
    readonly qualityUpdate: Distribution;
  };
  /** What the installers of Win32 apps do, by name of the app. */
  readonly installers: Readonly<Record<string, InstallerPlan>>;
  readonly restart: Distribution;
  /** Pause between two management sessions of the ESP (device time). */
  readonly sessionPause: Distribution;
  /** Management sessions on the poll schedule after the desktop; 0 ends the device there. */
  readonly pollSessions: number;
}

/** A measured value that must hold for the run to pass. */
export interface ThresholdPlan {
  /** As the scenario wrote it, e.g. `deployment p95 < 20 min`. */
  readonly text: string;
  readonly measure:
    { readonly of: 'failed-share' } | { readonly of: 'deployment' | 'setup'; readonly quantile: number };
  /** A share of devices that are done, or milliseconds of device time. */
  readonly below: number;
}

export interface Plan {
  readonly planVersion: 1;
  readonly name: string;
  readonly description: string;
  readonly seed: string;
  /** What every identifier, time stamp and validity date derives from, with the seed. */
  readonly epochMs: number;
  readonly speed: number;
  readonly devices: number;
  readonly cohorts: readonly CohortPlan[];
  readonly arrivals: Arrivals;
  readonly inFlightMax: number;
  readonly keys: 'pool' | 'real';
  readonly tenant: TenantConfig;
  /** Where each service is: the embedded tenant or somebody's URL. */
  readonly target: Readonly<Record<ServiceName, string>>;
  /** PEM text of roots to trust beside the embedded CA; null where none was given. */
  readonly targetCa: string | null;
  /** The list that the run is checked against; null: none. */
  readonly validation: ValidationName | null;
  /** No thresholds: the run has one of its own, that no device failed or was abandoned. */
  readonly thresholds: readonly ThresholdPlan[];
}

/** The word in `Plan.target` for a service of the embedded tenant. */
export const EMBEDDED = 'embedded';
