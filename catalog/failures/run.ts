// How the run ended for a device; not the device's own failure.
import type { Failure } from './failure.ts';

export const RUN_FAILURES = {
  'agent-error': {
    steps: [],
    sentence: 'The simulated device itself failed.',
    cause: 'An error in Flotilla, not in the target.',
    remedy: 'Please report it with the trace of the device.',
    source: 'ours',
  },
  abandoned: {
    steps: [],
    sentence: 'The run ended before the device did.',
    cause: 'The run was interrupted, or its deadline passed.',
    remedy: 'Give the run more time.',
    source: 'ours',
  },
  'shard-died': {
    steps: [],
    sentence: 'The worker that ran the device died.',
    cause: 'A crash or lack of memory of the generator.',
    remedy: 'Look at the reported error; lower the number of devices in flight.',
    source: 'ours',
  },
} as const satisfies Record<string, Failure>;
