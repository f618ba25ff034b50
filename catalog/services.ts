// The parts of a backend, each an origin of its own, and the operations that agents call on them: both are metric labels,
// so both are closed sets.

export const SERVICES = {
  registration: { title: 'Device registration', scheme: 'https', operations: ['import', 'token'] },
  connectivity: { title: 'Connectivity probe', scheme: 'http', operations: ['probe'] },
  profile: { title: 'Autopilot profile', scheme: 'https', operations: ['device-add', 'device-token', 'download'] },
  updates: { title: 'Critical updates', scheme: 'https', operations: ['check', 'content'] },
  login: {
    title: 'Sign-in',
    scheme: 'https',
    operations: ['openid-configuration', 'realm', 'authorize', 'logo', 'sign-in', 'token'],
  },
  join: { title: 'Device registration in Entra ID', scheme: 'https', operations: ['discover', 'register'] },
  enrollment: {
    title: 'MDM enrollment',
    scheme: 'https',
    operations: ['terms-of-use', 'discover', 'policies', 'request-security-token'],
  },
  management: { title: 'OMA-DM management', scheme: 'https', operations: ['message'] },
  apps: { title: 'App content', scheme: 'http', operations: ['content'] },
} as const satisfies Record<string, { title: string; scheme: 'http' | 'https'; operations: readonly string[] }>;

export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

export type OperationName = (typeof SERVICES)[ServiceName]['operations'][number];

/** How an exchange ended, as a metric label: an HTTP status that occurs in this flow, or why there was none. */
export const EXCHANGE_STATUSES = [
  '200',
  '201',
  '202',
  '204',
  '302',
  '400',
  '401',
  '403',
  '404',
  '405',
  '409',
  '411',
  '413',
  '415',
  '429',
  '500',
  '502',
  '503',
  'other',
  'refused',
  'reset',
  'timeout',
  'tls',
  'malformed',
  'too-large',
  'aborted',
] as const;
export type ExchangeStatus = (typeof EXCHANGE_STATUSES)[number];

/** Why an exchange was tried again. */
export const RETRY_CAUSES = ['throttled', 'server-error', 'transport', 'timeout'] as const;
export type RetryCause = (typeof RETRY_CAUSES)[number];
