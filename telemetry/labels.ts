// The labels of metrics and the values that each may take. All but those of the plan (cohort, site) and of the generator's
// threads are closed sets from the catalogue: no URL, message or name from the wire ever becomes a label.
import { FAILURE_CODES } from '../catalog/failures.ts';
import { EXCHANGE_STATUSES, RETRY_CAUSES, SERVICE_NAMES, SERVICES } from '../catalog/services.ts';
import { STEP_NAMES, STEP_OUTCOMES, TIME_PARTS } from '../catalog/steps.ts';
import { VARIANT_NAMES } from '../catalog/variants.ts';

/** Where a device stands in the books. */
export const DEVICE_STATES = ['started', 'succeeded', 'failed', 'abandoned', 'not-started'] as const;
export type DeviceStateName = (typeof DEVICE_STATES)[number];

/** `full`: only the server has a certificate; `mutual`: both have; `resumed`: a session of the same device; `failed`: none. */
export const TLS_HANDSHAKE_KINDS = ['full', 'mutual', 'resumed', 'failed'] as const;
export type TlsHandshakeKind = (typeof TLS_HANDSHAKE_KINDS)[number];

export const DIRECTIONS = ['sent', 'received'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What made a device open a management session; `background`: content after the desktop where no status page is shown. */
export const SESSION_TRIGGERS = ['device-esp', 'user-esp', 'background', 'poll'] as const;
export type SessionTrigger = (typeof SESSION_TRIGGERS)[number];

/** SyncML status codes that a device answers with (OMA-SyncML-Representation 1.2; MS-MDM); a new one goes under `other`. */
export const MANAGEMENT_STATUSES = [
  '200',
  '202',
  '212',
  '213',
  '214',
  '215',
  '216',
  '400',
  '401',
  '403',
  '404',
  '405',
  '406',
  '415',
  '418',
  '425',
  '500',
  '507',
  '516',
  'other',
] as const;
export type ManagementStatus = (typeof MANAGEMENT_STATUSES)[number];

/** Subcodes and error types of MDM enrollment faults (MS-MDE2 2.2.9); an unknown one goes under `other`. */
export const SOAP_FAULT_SUBCODES = [
  'MessageFormat',
  'Authentication',
  'Authorization',
  'CertificateRequest',
  'EnrollmentServer',
  'InternalServiceFault',
  'InvalidSecurity',
  'DeviceCapReached',
  'DeviceNotSupported',
  'NotSupported',
  'NotEligibleToRenew',
  'InMaintenance',
  'UserLicense',
  'InvalidEnrollmentData',
  'CustomServerError',
  'other',
] as const;

/** How the management extension's work on an app ended; `skipped`: a dependency was not there. */
export const APP_RESULTS = ['installed', 'failed', 'skipped'] as const;
export type AppResult = (typeof APP_RESULTS)[number];

const OPERATION_NAMES: readonly string[] = [
  ...new Set(SERVICE_NAMES.flatMap((service) => SERVICES[service].operations as readonly string[])),
];

/** Values of each label, where a metric says nothing else; null where the plan or the machine decides them. */
export const LABEL_VALUES = {
  cohort: null,
  site: null,
  variant: VARIANT_NAMES,
  state: DEVICE_STATES,
  step: STEP_NAMES,
  outcome: STEP_OUTCOMES,
  code: FAILURE_CODES,
  service: SERVICE_NAMES,
  operation: OPERATION_NAMES,
  status: EXCHANGE_STATUSES,
  cause: RETRY_CAUSES,
  kind: TLS_HANDSHAKE_KINDS,
  trigger: SESSION_TRIGGERS,
  subcode: SOAP_FAULT_SUBCODES,
  direction: DIRECTIONS,
  thread: null,
  threshold: null,
  app: null,
  result: APP_RESULTS,
  part: TIME_PARTS,
} as const satisfies Record<string, readonly string[] | null>;

export type LabelName = keyof typeof LABEL_VALUES;
