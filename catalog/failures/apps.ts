// Apps: what an installer, the app platform or the management extension reports.
import type { Failure } from './failure.ts';

export const APPS_FAILURES = {
  '0x87d1041c': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'An app was installed but not detected, or its installation failed.',
    cause: 'The installer failed, or the content did not match its hash.',
    remedy: 'Check the app package and its content.',
    source: 'Microsoft Learn, ESP troubleshooting',
  },
} as const satisfies Record<string, Failure>;
