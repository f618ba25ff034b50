// Failures that need no fault: a tenant's settings, its accounts, its registrations or what people and installers do on the devices
// cause them, each as a scenario says it. And the codes that no backend can cause, with the reason.
import type { FailureCode } from '../../catalog/failures.ts';
import type { StepName } from '../../catalog/steps.ts';

export interface ConfiguredFailure {
  readonly code: FailureCode;
  readonly step: StepName;
  /** Keys of the cohort whose device fails so. */
  readonly cohort: string;
  /** Keys of its tenant. */
  readonly tenant?: string;
}

/** An app of the management extension whose installer does what it says. */
function installer(does: string): string {
  return `esp: { timeout: 20 h, device: { apps: [{ name: Suite, kind: win32, size: 10 KB, installer: { ${does} } }] } }`;
}

function exits(code: number): string {
  return installer(`exitCodes: { ${code}: 100% }`);
}

export const CONFIGURED: readonly ConfiguredFailure[] = [
  { code: '807', step: 'profile-download', cohort: 'registration: { missing: 100% }' },
  { code: '809', step: 'profile-download', cohort: 'assignment: { profileDeleted: true }' },
  { code: '815', step: 'profile-download', cohort: 'assignment: { by: none }' },
  { code: '908', step: 'profile-download', cohort: 'registration: { hardwareChanged: 100% }' },
  { code: '114', step: 'profile-download', cohort: 'osVersions: { windows-11-25h2-home: 1 }' },
  { code: 'windows-too-old', step: 'profile-download', cohort: 'osVersions: { windows-10-1607: 1 }' },
  { code: '50053', step: 'sign-in', cohort: 'accounts: { traits: { locked: 100% } }' },
  { code: '50057', step: 'sign-in', cohort: 'accounts: { traits: { disabled: 100% } }' },
  { code: '53003', step: 'sign-in', cohort: 'accounts: { traits: { blocked: 100% } }' },
  { code: '500121', step: 'sign-in', cohort: 'accounts: { multifactor: true, traits: { multifactor-denied: 100% } }' },
  { code: '50076', step: 'sign-in', cohort: 'accounts: { kind: ws-trust, multifactor: true }' },
  { code: '0x801c03ed', step: 'entra-join', cohort: 'accounts: {}', tenant: 'join: { scope: none }' },
  { code: '0x801c000e', step: 'entra-join', cohort: 'accounts: { traits: { quota-reached: 100% } }' },
  {
    code: 'terms-of-use-declined',
    step: 'entra-join',
    cohort: 'mistakes: { declinedTerms: 100% }',
    tenant: 'termsOfUse: true',
  },
  {
    code: 'terms-of-use-closed',
    step: 'entra-join',
    cohort: 'mistakes: { closedTerms: 100% }',
    tenant: 'termsOfUse: true',
  },
  { code: '0x8018002b', step: 'mdm-enroll', cohort: 'accounts: {}', tenant: 'mdm: { scope: none }' },
  { code: '0x80180014', step: 'mdm-enroll', cohort: 'accounts: {}', tenant: 'mdm: { minimumOs: 10.0.99999.1 }' },
  { code: '0x87d1041c', step: 'device-esp', cohort: installer('detected: 0%') },
  { code: '0x87d300c9', step: 'device-esp', cohort: installer('time: 5 h') },
  { code: '0x80070002', step: 'device-esp', cohort: exits(2) },
  { code: '0x80070005', step: 'device-esp', cohort: exits(5) },
  { code: '0x80070070', step: 'device-esp', cohort: exits(112) },
  { code: '0x80070642', step: 'device-esp', cohort: exits(1602) },
  { code: '0x80070643', step: 'device-esp', cohort: exits(1603) },
  { code: '0x80070652', step: 'device-esp', cohort: exits(1618) },
  { code: '0x80070653', step: 'device-esp', cohort: exits(1619) },
  { code: '0x80070666', step: 'device-esp', cohort: exits(1638) },
  { code: 'installer-failed', step: 'device-esp', cohort: exits(17) },
];

/** Codes that no fault and no setting of an embedded backend causes. */
export const NOT_CAUSED: Readonly<Partial<Record<FailureCode, string>>> = {
  'agent-error': "An error of Flotilla's own.",
  abandoned: 'The run ended first.',
  'shard-died': 'A worker died.',
  'name-not-resolved': 'Devices go to named hosts and loopback only, and find those without a name server.',
};
