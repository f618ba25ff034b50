// The user phase of the Enrollment Status Page: with a token of the user who has signed in, over the user's part of the tree,
// which is reachable from here on. Not shown, or left before, it costs nothing.
import type { DeviceContext } from '../device-context.ts';
import { beginPhase, espSettings } from '../management/esp-tracking.ts';
import { espPhase, phaseSession } from './esp-phase.ts';
import { manage, managedOf } from './manage.ts';
import { DONE, type StepResult } from './result.ts';
import { pageDeadlineMs } from './status-page.ts';
import { takeUserToken } from './user-token.ts';

export async function userEsp(device: DeviceContext): Promise<StepResult> {
  const managed = managedOf(device);
  if (!espSettings(managed).userShown || device.state.leftStatusPage) return DONE;
  const beganMs = device.ledger.deviceMs;
  beginPhase(managed, 'user');
  const token = await takeUserToken(device);
  if (!token.ok) return token;
  const session = phaseSession('user', token.value);
  const first = await manage(device, session, pageDeadlineMs(device, beganMs));
  return first.ok ? espPhase(device, 'user', beganMs, session) : first;
}
