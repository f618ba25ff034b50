// One phase of the Enrollment Status Page: management sessions back to back, with the scenario's pause between them and
// installations going on meanwhile, until everything that the server expects is there, something failed, or the page's time is
// over (device time). Then the results are written into the tree and a last session shows them to the server.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import { espSettings, finishPhase, TRACKERS, trackPhase, type PhaseProgress } from '../management/esp-tracking.ts';
import type { Scope } from '../management/loc-uri.ts';
import { Installer } from './installer.ts';
import { manage, managedOf, type ManageOptions } from './manage.ts';
import { ABANDONED, type StepResult } from './result.ts';

/** The options of a phase's sessions; the user's token belongs to the user phase. */
export function phaseSession(scope: Scope, userToken?: string): ManageOptions {
  return {
    trigger: scope === 'user' ? 'user-esp' : 'device-esp',
    bootstrapSync: scope,
    ...(userToken !== undefined && { userToken }),
  };
}

/**
 * Runs a phase that is shown from after its first session to its end. `beganMs` is the start of the phase in device time: the
 * page's time-out counts from there.
 */
export async function espPhase(
  device: DeviceContext,
  scope: Scope,
  beganMs: number,
  session: ManageOptions,
): Promise<StepResult> {
  const managed = managedOf(device);
  const installer = new Installer(device, managed);
  for (let sessions = 1; sessions <= LIMITS.espSessionsMax; sessions++) {
    const deadlineMs = beganMs + espSettings(managed).timeoutMs;
    const verdict = (): ReturnType<typeof judge> =>
      judge(trackPhase(managed, scope), device.ledger.deviceMs >= deadlineMs);
    let end = verdict();
    if (end === undefined) {
      const pauseMs = device.draw(device.cohort.sessionPause, `session-pause:${scope}:${sessions}`);
      // Through a pause only the connection to the management server is kept: a second one would double what a waiting device holds.
      if (pauseMs > 0) device.network.close('login');
      const spent = await installer.spend(pauseMs, deadlineMs);
      if (!spent.ok) return spent;
      if (spent.value === 'stopped') return ABANDONED;
      end = verdict();
    }
    if (end !== undefined) finishPhase(managed, scope, end.ok);
    const managing = await manage(device, session);
    if (end !== undefined) return end.ok && !managing.ok ? managing : end;
    if (!managing.ok) return managing;
  }
  return stepFailure('management-protocol', `the phase did not end within ${LIMITS.espSessionsMax} sessions`);
}

/** How the phase ends now, if it does. What is complete at the deadline is complete. */
function judge(progress: PhaseProgress, timedOut: boolean): Result<'done', StepFailure> | undefined {
  if (progress.state === 'ready') return ok('done');
  if (progress.failure !== undefined) return stepFailure(progress.failure.code, progress.failure.detail);
  return timedOut ? stepFailure('0x800705b4', describe(progress)) : undefined;
}

function describe({ state, trackers }: PhaseProgress): string {
  const parts = TRACKERS.map((name) => `${name} ${trackers[name].completed} of ${trackers[name].expected}`);
  return `${state}: ${parts.join(', ')}`;
}
