// The parts of a backend, each an origin of its own, and the operations that agents call on them: both are metric labels,
// so both are closed sets.

/** `mutual`: it asks its clients for a certificate: the one of MDM enrollment, or (join) that of the joined device. */
interface ServiceDefinition {
  readonly title: string;
  readonly scheme: 'http' | 'https';
  readonly mutual: boolean;
  readonly operations: readonly string[];
}

export const SERVICES = {
  registration: {
    title: 'Device registration',
    scheme: 'https',
    mutual: false,
    operations: ['import', 'import-state', 'sync', 'identities', 'assign-user', 'devices'],
  },
  connectivity: { title: 'Connectivity probe', scheme: 'http', mutual: false, operations: ['probe'] },
  profile: {
    title: 'Autopilot profile',
    scheme: 'https',
    mutual: false,
    operations: ['device-add', 'device-token', 'download'],
  },
  updates: { title: 'Windows updates', scheme: 'https', mutual: false, operations: ['check', 'content'] },
  login: {
    title: 'Sign-in',
    scheme: 'https',
    mutual: false,
    operations: [
      'openid-configuration',
      'realm',
      'authorize',
      'logo',
      'sign-in',
      'multifactor',
      'federated-return',
      'token',
      'nonce',
    ],
  },
  federation: {
    title: 'Federated sign-in (AD FS)',
    scheme: 'https',
    mutual: false,
    operations: ['metadata', 'sign-in-page', 'sign-in', 'ws-trust'],
  },
  join: {
    title: 'Device registration in Entra ID',
    scheme: 'https',
    mutual: true,
    operations: ['discover', 'register', 'key', 'unregister'],
  },
  enrollment: {
    title: 'MDM enrollment',
    scheme: 'https',
    mutual: false,
    operations: ['terms-of-use', 'discover', 'policies', 'request-security-token'],
  },
  management: { title: 'OMA-DM management', scheme: 'https', mutual: true, operations: ['message'] },
  certificates: {
    title: 'Certificate enrollment (SCEP)',
    scheme: 'http',
    mutual: false,
    operations: ['capabilities', 'ca-certificate', 'enroll'],
  },
  gateway: {
    title: 'Gateway of the management extension',
    scheme: 'https',
    mutual: true,
    operations: ['service-addresses', 'selected-apps', 'content-info', 'app-status'],
  },
  apps: { title: 'App content', scheme: 'http', mutual: false, operations: ['content'] },
} as const satisfies Record<string, ServiceDefinition>;

export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

export type OperationName = (typeof SERVICES)[ServiceName]['operations'][number];

/** How an exchange ended, as a metric label: an HTTP status that occurs in this flow, or why there was none. */
export const EXCHANGE_STATUSES = [
  '200',
  '201',
  '202',
  '204',
  '206',
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
