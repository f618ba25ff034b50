// The network and the updates of OOBE.
import type { Failure } from './failure.ts';

export const OOBE_FAILURES = {
  'no-network': {
    steps: ['network-connect'],
    sentence: 'The device has no network.',
    cause: 'The connectivity probe did not get the expected text.',
    remedy: 'Check the connectivity service, or a captive portal on the way.',
    source: 'NCSI: flow.md 1',
  },
  'updates-watchdog': {
    steps: ['oobe-updates', 'quality-updates'],
    sentence: 'The update made no progress for ten minutes and was cancelled.',
    cause: 'Content arrives too slowly.',
    remedy: 'Look at the bandwidth of the link and of the content service.',
    source: 'OOBE script: watchdog of 600 s',
  },
} as const satisfies Record<string, Failure>;
