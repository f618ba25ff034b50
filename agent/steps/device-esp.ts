// The first management session and, if the tenant shows the Enrollment Status Page, its device phase. Where the page is not shown
// this is one session: content arrives after the desktop, in the background.
import type { DeviceContext } from '../device-context.ts';
import { espSettings } from '../management/esp-tracking.ts';
import { espPhase, phaseSession } from './esp-phase.ts';
import { manage, managedOf } from './manage.ts';
import { DONE, type StepResult } from './result.ts';
import { pageDeadlineMs } from './status-page.ts';

export async function deviceEsp(device: DeviceContext): Promise<StepResult> {
  const beganMs = device.ledger.deviceMs;
  const session = phaseSession('device');
  const first = await manage(device, session, pageDeadlineMs(device, beganMs));
  if (!first.ok) return first;
  if (!espSettings(managedOf(device)).deviceShown) return DONE;
  return espPhase(device, 'device', beganMs, session);
}
