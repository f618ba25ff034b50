// Faults of management, apps and certificates: what the status page waits for.
import type { Fault } from './fault.ts';

export const MANAGEMENT_FAULTS = {
  'management-refused': {
    title: 'Management does not take the client certificate',
    service: 'management',
    causes: { code: 'management-refused', step: 'device-esp' },
  },
  'management-out-of-order': {
    title: 'Messages of management skip a number',
    service: 'management',
    causes: { code: 'management-protocol', step: 'device-esp' },
  },
  'management-unreadable': {
    title: 'Messages of management end in the middle',
    service: 'management',
    causes: { code: 'reply-malformed', step: 'device-esp' },
  },
  'device-phase-endless': {
    title: 'The server never says that the device phase is complete',
    service: 'management',
    causes: { code: '0x800705b4', step: 'device-esp' },
  },
  'user-phase-endless': {
    title: 'The server never says that the user phase is complete',
    service: 'management',
    causes: { code: '0x800705b4', step: 'user-esp' },
  },
  'ended-by-server': {
    title: 'The server ends the status page as failed',
    service: 'management',
    causes: { code: 'provisioning-ended-by-server', step: 'device-esp' },
  },
  'app-hash-wrong': {
    title: 'The order to install an MSI names a wrong hash',
    service: 'management',
    causes: { code: '0x87d1041c', step: 'device-esp' },
  },
  'content-corrupt': {
    title: 'The content of MSI and modern apps does not match its hash',
    service: 'apps',
    causes: { code: '0x87d1041c', step: 'device-esp' },
  },
  'content-info-missing': {
    title: 'The gateway knows no content of a Win32 app',
    service: 'gateway',
    causes: { code: '0x87d30065', step: 'device-esp' },
  },
  'package-missing': {
    title: 'The packages of Win32 apps are gone',
    service: 'apps',
    causes: { code: '0x87d30068', step: 'device-esp' },
  },
  'package-corrupt': {
    title: 'The packages of Win32 apps are not what was encrypted',
    service: 'apps',
    causes: { code: '0x87d30067', step: 'device-esp' },
  },
  'provider-failed': {
    title: 'The server declares a policy provider failed',
    service: 'management',
    causes: { code: 'policy-provider-failed', step: 'device-esp' },
  },
  'extension-missing': {
    title: 'The installer of the management extension is gone',
    service: 'apps',
    causes: { code: '0x800705b4', step: 'device-esp' },
    anonymous: true,
  },
  'scep-profile-broken': {
    title: 'The profile of a SCEP certificate cannot be used',
    service: 'management',
    causes: { code: '0x800705b4', step: 'device-esp' },
    notes: { code: 'certificate-settings', step: 'device-esp' },
  },
  'scep-ca-wrong': {
    title: 'The profile of a SCEP certificate names another CA',
    service: 'management',
    causes: { code: '0x800705b4', step: 'device-esp' },
    notes: { code: '0x80091007', step: 'device-esp' },
  },
  'scep-challenge-wrong': {
    title: 'The challenge in the profile of a SCEP certificate is wrong',
    service: 'management',
    causes: { code: '0x800705b4', step: 'device-esp' },
    notes: { code: 'certificate-refused', step: 'device-esp' },
  },
  'scep-reply-forged': {
    title: 'The answer of the SCEP server is not signed by it',
    service: 'certificates',
    causes: { code: '0x800705b4', step: 'device-esp' },
    notes: { code: '0x80090006', step: 'device-esp' },
  },
  'scep-undecided': {
    title: 'The SCEP server never decides',
    service: 'certificates',
    causes: { code: '0x800705b4', step: 'device-esp' },
    notes: { code: 'certificate-pending', step: 'device-esp' },
  },
} as const satisfies Record<string, Fault>;
