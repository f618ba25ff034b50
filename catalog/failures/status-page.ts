// The Enrollment Status Page.
import type { Failure } from './failure.ts';

export const STATUS_PAGE_FAILURES = {
  '0x800705b4': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The Enrollment Status Page timed out.',
    cause: 'Something that it waits for was not delivered or installed in time.',
    remedy: 'Look at what the page still waited for: the time parts of the device, then the content service.',
    source: 'Microsoft Learn, ESP troubleshooting: ERROR_TIMEOUT',
  },
  'provisioning-ended-by-server': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The management server ended the Enrollment Status Page as failed.',
    cause: 'It set WasDeviceSuccessfullyProvisioned to 0 and IsSyncDone to true.',
    remedy: "Look at the server's log: the decision was its own.",
    source: 'DMClient CSP, FirstSyncStatus',
  },
} as const satisfies Record<string, Failure>;
