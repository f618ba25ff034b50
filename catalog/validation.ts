// The validation list of user-driven mode (mission.md, rows 1 to 11): what an administrator ticks off after a trial. Each line says
// by which steps and exchanges of a run it is judged; the orchestrator gives the verdict.
import type { OperationName, ServiceName } from './services.ts';
import type { StepName } from './steps.ts';

export interface ValidationLine {
  readonly title: string;
  /** Steps that have to succeed; a failure in one of them misses the line, with its code. */
  readonly steps: readonly StepName[];
  /** Exchanges that must have been answered well at least once. */
  readonly exchanges?: readonly { readonly service: ServiceName; readonly operation: OperationName }[];
}

/** `user-driven`: Microsoft Entra join, from the box to the desktop. */
export const VALIDATIONS = {
  'user-driven': [
    { title: 'Switched on: region and keyboard, hidden where the profile is there first', steps: ['oobe-locale'] },
    {
      title: 'On the network, the internet reached',
      steps: ['network-connect'],
      exchanges: [{ service: 'connectivity', operation: 'probe' }],
    },
    {
      title: 'Autopilot profile downloaded',
      steps: ['profile-download'],
      exchanges: [{ service: 'profile', operation: 'download' }],
    },
    { title: 'Critical updates checked and installed', steps: ['oobe-updates'] },
    {
      title: "Sign-in page with the organisation's name and logo; signed in",
      steps: ['sign-in'],
      exchanges: [
        { service: 'login', operation: 'logo' },
        { service: 'login', operation: 'token' },
      ],
    },
    {
      title: 'Joined to Microsoft Entra ID',
      steps: ['entra-join'],
      exchanges: [{ service: 'join', operation: 'register' }],
    },
    {
      title: 'Enrolled in MDM automatically',
      steps: ['mdm-enroll'],
      exchanges: [{ service: 'enrollment', operation: 'request-security-token' }],
    },
    {
      title: 'Enrollment Status Page, device phase: preparation, policies, certificates, networks, apps',
      steps: ['device-esp'],
      exchanges: [{ service: 'management', operation: 'message' }],
    },
    { title: 'Signed in to Windows', steps: ['windows-sign-in'] },
    { title: 'Enrollment Status Page, user phase', steps: ['user-esp'] },
    {
      title: 'Last updates, Windows Hello, desktop; what nothing waited for installs, then polling',
      steps: ['quality-updates', 'windows-hello', 'polling'],
    },
  ],
} as const satisfies Record<string, readonly ValidationLine[]>;

export type ValidationName = keyof typeof VALIDATIONS;
export const VALIDATION_NAMES = Object.keys(VALIDATIONS) as ValidationName[];
