// When an enrolled device polls: the provisioning document's two sets of retries, then the remaining interval for ever (DMClient
// CSP, Poll). Without a schedule in the document, the one that is documented for newly enrolled devices.
import { MINUTE_MS } from '../../kernel/units.ts';
import type { PollSchedule } from '../../protocol/enrollment/provisioning-document.ts';

/** Every 3 minutes for 15 minutes, every 15 minutes for 2 hours, then every 8 hours (omadm.md, "Polling schedule"). */
export const DEFAULT_POLL_SCHEDULE: PollSchedule = {
  firstRetries: 5,
  firstIntervalMinutes: 3,
  secondRetries: 8,
  secondIntervalMinutes: 15,
  remainingRetries: 0,
  remainingIntervalMinutes: 480,
};

/** Device time before poll `poll` (from 0), or nothing where the schedule has ended. */
export function pollPauseMs(schedule: PollSchedule, poll: number): number | undefined {
  const { firstRetries, secondRetries, remainingRetries } = schedule;
  if (poll < firstRetries) return schedule.firstIntervalMinutes * MINUTE_MS;
  if (poll < firstRetries + secondRetries) return schedule.secondIntervalMinutes * MINUTE_MS;
  if (remainingRetries > 0 && poll >= firstRetries + secondRetries + remainingRetries) return undefined;
  return schedule.remainingIntervalMinutes * MINUTE_MS;
}
