// Imports devices one by one and waits for their outcomes, as an administrator's script does: a service that throttles is obeyed for
// as long as it lets something through, and what is pending is asked for each half minute.
import { stepFailure } from '../catalog/failures.ts';
import type { StepFailure } from '../catalog/failures.ts';
import type { Clock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Stop } from '../kernel/stop.ts';
import { SECOND_MS } from '../kernel/units.ts';
import type { RegistrationRow } from '../protocol/autopilot/registration-csv.ts';
import type { DeviceNetwork } from './network/device-network.ts';
import { importIdentity, importState } from './services/graph-registration.ts';

/** Device time between two questions for outcomes: that of the scripts in circulation. */
const POLL_MS = 30 * SECOND_MS;

/** What is to be imported: each row is made when its turn comes. */
export interface Singles<T> {
  readonly rows: readonly T[];
  readonly row: (item: T) => RegistrationRow;
}

/** How many imports were completed; those that ended in error are not. */
export async function importOneByOne<T>(
  network: DeviceNetwork,
  token: string,
  { rows, row }: Singles<T>,
  { clock, stop }: { readonly clock: Clock; readonly stop: Stop },
): Promise<Result<number, StepFailure>> {
  let pending: string[] = [];
  for (const item of rows) {
    const id = await patiently(() => importIdentity(network, token, row(item)));
    if (!id.ok) return id;
    pending.push(id.value);
  }
  let complete = 0;
  for (let polls = 0; pending.length > 0; polls++) {
    if (polls === LIMITS.importPollsMax) {
      return stepFailure('reply-timeout', `${pending.length} imports are pending after ${polls} polls`);
    }
    network.close();
    if ((await clock.waitSimulated(POLL_MS, stop)) === 'stopped') return stepFailure('abandoned', 'the run ended');
    const still: string[] = [];
    for (const id of pending) {
      const state = await patiently(() => importState(network, token, id));
      if (!state.ok) return state;
      if (state.value.status === 'complete') complete++;
      if (state.value.status === 'pending') still.push(id);
    }
    pending = still;
  }
  return ok(complete);
}

/** An exchange obeys Retry-After a few times by itself; a clerk then begins again. */
async function patiently<T>(work: () => Promise<Result<T, StepFailure>>): Promise<Result<T, StepFailure>> {
  for (let times = 1; ; times++) {
    const result = await work();
    if (result.ok || result.error.code !== 'throttled' || times === LIMITS.throttledTimesMax) return result;
  }
}
