// Records and frames for tests: a device that got to the desktop, and one that did not.
import type { DeviceRecord } from './records.ts';
import { FRAME_VERSION } from './frames.ts';
import type { Frame } from './frames.ts';

export function sampleRecord(changes: Partial<DeviceRecord> = {}): DeviceRecord {
  return {
    index: 0,
    cohort: 0,
    outcome: 'succeeded',
    code: null,
    step: null,
    intendedStartMs: 0,
    latenessMs: 1.5,
    deploymentMs: 600_000,
    setupMs: 300_000,
    steps: [
      {
        step: 'sign-in',
        outcome: 'succeeded',
        partsMs: { person: 30_000, service: 120.5, install: 0, restart: 0, poll: 0 },
      },
      {
        step: 'device-esp',
        outcome: 'succeeded',
        partsMs: { person: 0, service: 900, install: 200_000, restart: 0, poll: 5_000 },
      },
    ],
    exchanges: 31,
    sessions: 4,
    messages: 12,
    retries: 1,
    ...changes,
  };
}

export function sampleFrame(changes: Partial<Frame> = {}): Frame {
  return {
    version: FRAME_VERSION,
    shard: 0,
    sequence: 1,
    sentAtMs: 1_000_000,
    counters: [],
    gauges: [],
    histograms: [],
    started: [],
    notStarted: [],
    finished: [],
    ...changes,
  };
}
