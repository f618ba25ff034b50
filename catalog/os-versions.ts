// The builds of Windows that a simulated device can have: what decides support and known failures (mission.md 18; the builds
// of realism.md, "hybrid"). Names are what a scenario writes.

export interface OsVersion {
  readonly title: string;
  /** As DevDetail/SwV and OSVersion show it. */
  readonly version: string;
  readonly edition: 'Home' | 'Pro' | 'Enterprise' | 'Education';
  /** User-driven mode with Microsoft Entra join works from 1703 on, and not in Home. */
  readonly userDriven: boolean;
  /** Microsoft still services it. */
  readonly supported: boolean;
}

export const OS_VERSIONS = {
  'windows-11-24h2': {
    title: 'Windows 11 24H2 Pro',
    version: '10.0.26100.6584',
    edition: 'Pro',
    userDriven: true,
    supported: true,
  },
} as const satisfies Record<string, OsVersion>;

export type OsVersionName = keyof typeof OS_VERSIONS;
export const OS_VERSION_NAMES = Object.keys(OS_VERSIONS) as OsVersionName[];
