// OMA-DM management.
import type { Failure } from './failure.ts';

export const MANAGEMENT_FAILURES = {
  'management-refused': {
    steps: ['mdm-enroll', 'device-esp', 'user-esp', 'polling'],
    sentence: 'The management server refused the session.',
    cause: 'The client certificate does not belong to an enrolled device.',
    remedy: 'Check the certificate that the server issued and the one it expects.',
    source: 'MS-MDM',
  },
  'management-protocol': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The management server broke the protocol.',
    cause: 'Messages out of order, without end, or with references to commands that were never sent.',
    remedy: 'Run the device again with `--trace` and inspect the SyncML.',
    source: 'OMA-TS-DM_Protocol-V1_2',
  },
} as const satisfies Record<string, Failure>;
