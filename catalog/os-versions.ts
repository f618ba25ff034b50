// The builds of Windows that a simulated device can have: what decides support and known failures (mission.md 18; the builds
// of realism.md, "hybrid"). Names are what a scenario writes. Builds and dates: Windows release information, as of November 2026.

/** Editions with Windows' number of each: OSEdition of MDM enrollment, DeviceStatus/OS/Edition. */
export const WINDOWS_EDITIONS = { Enterprise: 4, Pro: 48, Home: 101, Education: 121 } as const;
export type WindowsEdition = keyof typeof WINDOWS_EDITIONS;

/** Build of Windows 10, version 1703: the first with user-driven mode. */
export const FIRST_USER_DRIVEN_BUILD = 15_063;

export interface OsVersion {
  readonly title: string;
  /** As DevDetail/SwV and OSVersion show it. */
  readonly version: string;
  readonly edition: WindowsEdition;
  /** User-driven mode with Microsoft Entra join works from 1703 on, and not in Home. */
  readonly userDriven: boolean;
  /** Last day of Microsoft's servicing for this edition, without paid extensions: year, month, day. */
  readonly servicedUntil: string;
  /** Microsoft still services it. */
  readonly supported: boolean;
}

export const OS_VERSIONS = {
  'windows-10-1607': {
    title: 'Windows 10 1607 Pro, before user-driven mode',
    version: '10.0.14393.2189',
    edition: 'Pro',
    userDriven: false,
    servicedUntil: '2018-04-10',
    supported: false,
  },
  'windows-10-1703': {
    title: 'Windows 10 1703 Pro, the first with user-driven mode',
    version: '10.0.15063.1387',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2018-10-09',
    supported: false,
  },
  'windows-10-1809': {
    title: 'Windows 10 1809 Pro',
    version: '10.0.17763.1577',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2020-11-10',
    supported: false,
  },
  'windows-10-22h2': {
    title: 'Windows 10 22H2 Pro',
    version: '10.0.19045.6456',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2025-10-14',
    supported: false,
  },
  'windows-11-23h2': {
    title: 'Windows 11 23H2 Enterprise, no longer serviced',
    version: '10.0.22631.6276',
    edition: 'Enterprise',
    userDriven: true,
    servicedUntil: '2026-11-10',
    supported: false,
  },
  'windows-11-23h2-5624': {
    title: 'Windows 11 23H2 Enterprise, before the fix for hybrid join',
    version: '10.0.22631.5624',
    edition: 'Enterprise',
    userDriven: true,
    servicedUntil: '2026-11-10',
    supported: false,
  },
  'windows-11-24h2': {
    title: 'Windows 11 24H2 Pro, no longer serviced',
    version: '10.0.26100.6584',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2026-10-13',
    supported: false,
  },
  'windows-11-24h2-enterprise': {
    title: 'Windows 11 24H2 Enterprise',
    version: '10.0.26100.6584',
    edition: 'Enterprise',
    userDriven: true,
    servicedUntil: '2027-10-12',
    supported: true,
  },
  'windows-11-24h2-4652': {
    title: 'Windows 11 24H2 Enterprise, before the fix for hybrid join',
    version: '10.0.26100.4652',
    edition: 'Enterprise',
    userDriven: true,
    servicedUntil: '2027-10-12',
    supported: true,
  },
  'windows-11-25h2': {
    title: 'Windows 11 25H2 Pro',
    version: '10.0.26200.6725',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2027-10-12',
    supported: true,
  },
  'windows-11-25h2-6584': {
    title: 'Windows 11 25H2 Pro, before the fix for hybrid join',
    version: '10.0.26200.6584',
    edition: 'Pro',
    userDriven: true,
    servicedUntil: '2027-10-12',
    supported: true,
  },
  'windows-11-25h2-enterprise': {
    title: 'Windows 11 25H2 Enterprise',
    version: '10.0.26200.6725',
    edition: 'Enterprise',
    userDriven: true,
    servicedUntil: '2028-10-10',
    supported: true,
  },
  'windows-11-25h2-education': {
    title: 'Windows 11 25H2 Education',
    version: '10.0.26200.6725',
    edition: 'Education',
    userDriven: true,
    servicedUntil: '2028-10-10',
    supported: true,
  },
  'windows-11-25h2-home': {
    title: 'Windows 11 25H2 Home, which joins no organisation',
    version: '10.0.26200.6725',
    edition: 'Home',
    userDriven: false,
    servicedUntil: '2027-10-12',
    supported: true,
  },
} as const satisfies Record<string, OsVersion>;

export type OsVersionName = keyof typeof OS_VERSIONS;
export const OS_VERSION_NAMES = Object.keys(OS_VERSIONS) as OsVersionName[];
