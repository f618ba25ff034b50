import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import { DEFAULT_POLL_SCHEDULE, pollPauseMs } from './poll-schedule.ts';

describe('poll schedule', () => {
  it('is dense at first and then sparse for ever', () => {
    const minutes = [0, 4, 5, 12, 13, 1_000].map((poll) => pollPauseMs(DEFAULT_POLL_SCHEDULE, poll)! / MINUTE_MS);
    expect(minutes).toEqual([3, 3, 15, 15, 480, 480]);
  });
  it('ends where the remaining retries are counted', () => {
    const schedule = { ...DEFAULT_POLL_SCHEDULE, firstRetries: 0, secondRetries: 1, remainingRetries: 2 };
    expect([0, 1, 2, 3].map((poll) => pollPauseMs(schedule, poll))).toEqual([
      15 * MINUTE_MS,
      480 * MINUTE_MS,
      480 * MINUTE_MS,
      undefined,
    ]);
  });
});
