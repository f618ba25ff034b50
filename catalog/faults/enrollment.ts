// Faults of the terms of use and of MDM enrollment.
import type { Fault } from './fault.ts';

export const ENROLLMENT_FAULTS = {
  'terms-of-use-error': {
    title: 'The terms of use end in an error',
    service: 'enrollment',
    causes: { code: 'terms-of-use-failed', step: 'entra-join' },
  },
  'foreign-address': {
    title: 'Discover names a host that is no target of the scenario',
    service: 'enrollment',
    causes: { code: 'target-refused', step: 'mdm-enroll' },
  },
  'enrollment-message-format': {
    title: 'Fault MessageFormat',
    service: 'enrollment',
    causes: { code: '0x80180001', step: 'mdm-enroll' },
  },
  'enrollment-unauthenticated': {
    title: 'Fault Authentication',
    service: 'enrollment',
    causes: { code: '0x80180002', step: 'mdm-enroll' },
  },
  'enrollment-forbidden': {
    title: 'Fault Authorization',
    service: 'enrollment',
    causes: { code: '0x80180003', step: 'mdm-enroll' },
  },
  'certificate-request-refused': {
    title: 'Fault CertificateRequest',
    service: 'enrollment',
    causes: { code: '0x80180004', step: 'mdm-enroll' },
  },
  'enrollment-misconfigured': {
    title: 'Fault EnrollmentServer',
    service: 'enrollment',
    causes: { code: '0x80180005', step: 'mdm-enroll' },
  },
  'enrollment-internal-error': {
    title: 'Fault InternalServiceFault',
    service: 'enrollment',
    causes: { code: '0x80180006', step: 'mdm-enroll' },
  },
  'enrollment-security-invalid': {
    title: 'Fault InvalidSecurity',
    service: 'enrollment',
    causes: { code: '0x80180007', step: 'mdm-enroll' },
  },
  'device-cap-reached': {
    title: 'Fault DeviceCapReached',
    service: 'enrollment',
    causes: { code: '0x80180013', step: 'mdm-enroll' },
  },
  'platform-restricted': {
    title: 'Fault DeviceNotSupported',
    service: 'enrollment',
    causes: { code: '0x80180014', step: 'mdm-enroll' },
  },
  'enrollment-not-supported': {
    title: 'Fault NotSupported',
    service: 'enrollment',
    causes: { code: '0x80180015', step: 'mdm-enroll' },
  },
  'renewal-not-eligible': {
    title: 'Fault NotEligibleToRenew',
    service: 'enrollment',
    causes: { code: '0x80180016', step: 'mdm-enroll' },
  },
  'enrollment-maintenance': {
    title: 'Fault InMaintenance',
    service: 'enrollment',
    causes: { code: '0x80180017', step: 'mdm-enroll' },
  },
  'licence-missing': {
    title: 'Fault UserLicense',
    service: 'enrollment',
    causes: { code: '0x80180018', step: 'mdm-enroll' },
  },
  'enrollment-data-invalid': {
    title: 'Fault InvalidEnrollmentData',
    service: 'enrollment',
    causes: { code: '0x80180019', step: 'mdm-enroll' },
  },
  'enrollment-custom-error': {
    title: 'Fault CustomServerError',
    service: 'enrollment',
    causes: { code: '0x80180032', step: 'mdm-enroll' },
  },
  'provisioning-incomplete': {
    title: 'The provisioning document has no APPLICATION',
    service: 'enrollment',
    causes: { code: 'reply-malformed', step: 'mdm-enroll' },
  },
  'enrollment-certificate-invalid': {
    title: 'The issued certificate is for another key',
    service: 'enrollment',
    causes: { code: 'reply-malformed', step: 'mdm-enroll' },
  },
  'enrollment-fault-unknown': {
    title: 'A fault that Windows has no code for',
    service: 'enrollment',
    causes: { code: 'mdm-fault-unknown', step: 'mdm-enroll' },
  },
} as const satisfies Record<string, Fault>;
