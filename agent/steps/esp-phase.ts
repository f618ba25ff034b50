// One phase of the Enrollment Status Page, from its first session to its end: the page runs until it is complete or failed; of one
// that failed the person may try again, go on anyway or give up, as the server allows. At the end the results are written into the
// tree and a last session shows them to the server.
import type { DeviceContext } from '../device-context.ts';
import { beginPhase, espSettings, finishPhase } from '../management/esp-tracking.ts';
import type { Scope } from '../management/loc-uri.ts';
import { asksForRestart } from '../management/restart-requests.ts';
import { manage, managedOf, type ManageOptions } from './manage.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { StatusPage } from './status-page.ts';

/** The options of a phase's sessions; the user's token belongs to the user phase. */
export function phaseSession(scope: Scope, userToken?: string): ManageOptions {
  return {
    trigger: scope === 'user' ? 'user-esp' : 'device-esp',
    bootstrapSync: scope,
    ...(userToken !== undefined && { userToken }),
  };
}

/** Runs a phase that is shown, after its first session. `beganMs` is its start in device time: the page's time-out counts from there. */
export async function espPhase(
  device: DeviceContext,
  scope: Scope,
  beganMs: number,
  session: ManageOptions,
): Promise<StepResult> {
  const managed = managedOf(device);
  beginPhase(managed, scope);
  const page = new StatusPage(device, scope, session, beganMs);
  const { tryAgain } = device.cohort.failedPage;
  for (let tries = 0; ; tries++) {
    const end = await page.run();
    if (!end.ok) return end;
    if (end.value === 'complete') return complete(device, page, session);
    const failure = end.value;
    const choice = await choiceOfPerson(device, tries < tryAgain);
    if (choice === 'stopped') return ABANDONED;
    if (choice === 'try-again') {
      device.noteSoftFailure(failure);
      page.tryAgain();
      continue;
    }
    page.close(true);
    await showResults(device, scope, session, false);
    if (choice === 'give-up') return { ok: false, error: failure };
    device.noteSoftFailure(failure);
    device.state.leftStatusPage = true;
    return DONE;
  }
}

/** All is there. A restart that settings or apps ask for comes once, at the end of the device phase, before the results. */
async function complete(device: DeviceContext, page: StatusPage, session: ManageOptions): Promise<StepResult> {
  const restarts = page.scope === 'device' && (page.restartLater || asksForRestart(managedOf(device)));
  if (restarts && (await page.restart()) === 'stopped') return ABANDONED;
  page.close(false);
  return showResults(device, page.scope, session, true);
}

/** SendResultsToMdmServer. */
async function showResults(
  device: DeviceContext,
  scope: Scope,
  session: ManageOptions,
  succeeded: boolean,
): Promise<StepResult> {
  finishPhase(managedOf(device), scope, succeeded);
  const shown = await manage(device, session);
  return shown.ok ? DONE : shown;
}

type Choice = 'try-again' | 'continue-anyway' | 'give-up' | 'stopped';

/**
 * What the person does at a failed page, of what the server allows. Resetting the device ends it as giving up does, with the page's
 * own code: what a reset device does then is another deployment.
 */
async function choiceOfPerson(device: DeviceContext, mayTryAgain: boolean): Promise<Choice> {
  const { allowTryAgain, allowContinueAnyway, allowReset } = espSettings(managedOf(device));
  const { atLast } = device.cohort.failedPage;
  let choice: Choice = 'give-up';
  if (mayTryAgain && allowTryAgain) choice = 'try-again';
  else if (atLast === 'continue-anyway' && allowContinueAnyway) choice = 'continue-anyway';
  // Without a button to press nobody is waited for.
  else if (atLast !== 'reset' || !allowReset) return choice;
  return (await device.prompt('failed-page')) === 'stopped' ? 'stopped' : choice;
}
