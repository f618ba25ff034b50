// The Enrollment Status Page.
import type { Failure } from './failure.ts';

export const STATUS_PAGE_FAILURES = {
  '0x800705b4': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The Enrollment Status Page timed out.',
    cause: 'Something that it waits for was not delivered or installed in time, or a policy provider never came.',
    remedy:
      'Run the device again with `--trace`: the failure names what the page still waited for. Then look at that service.',
    source: 'Microsoft Learn, ESP troubleshooting: ERROR_TIMEOUT',
  },
  'policy-provider-failed': {
    steps: ['device-esp'],
    sentence: 'A policy provider that the Enrollment Status Page prepares the device with could not be installed.',
    cause: 'Its InstallationState in EnrollmentStatusTracking is 4 (error).',
    remedy: 'Look at the install of the management extension or the Configuration Manager client, and at LastError.',
    source: 'EnrollmentStatusTracking CSP, DevicePreparation/PolicyProviders',
  },
  'provisioning-ended-by-server': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The management server ended the Enrollment Status Page as failed.',
    cause: 'It set WasDeviceSuccessfullyProvisioned to 0 and IsSyncDone to true.',
    remedy: "Look at the server's log: the decision was its own.",
    source: 'DMClient CSP, FirstSyncStatus',
  },
} as const satisfies Record<string, Failure>;
