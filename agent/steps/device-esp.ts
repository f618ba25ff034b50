// The first management session and, if the tenant shows the Enrollment Status Page, its device phase. A restart that installed
// apps ask for comes once, at the end, and throws the kept credentials away. Where the page is not shown this is one session:
// content arrives after the desktop, in the background.
import type { DeviceContext } from '../device-context.ts';
import { beginPhase, espSettings } from '../management/esp-tracking.ts';
import { keyOf } from '../management/loc-uri.ts';
import type { ManagedDevice } from '../management/managed-device.ts';
import { espPhase, phaseSession } from './esp-phase.ts';
import { manage, managedOf } from './manage.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function deviceEsp(device: DeviceContext): Promise<StepResult> {
  const managed = managedOf(device);
  const beganMs = device.ledger.deviceMs;
  const session = phaseSession('device');
  const first = await manage(device, session);
  if (!first.ok) return first;
  if (!espSettings(managed).deviceShown) return DONE;
  beginPhase(managed, 'device');
  const phase = await espPhase(device, 'device', beganMs, session);
  if (!phase.ok) return phase;
  if (!asksForRestart(managed)) return DONE;
  device.state.credentialsKept = false;
  return (await device.restart('device-esp:0')) === 'elapsed' ? DONE : ABANDONED;
}

/** An app tracked in this phase ended with a soft (2) or hard (3) restart outstanding (EnrollmentStatusTracking CSP, RebootRequired). */
function asksForRestart({ tree }: ManagedDevice): boolean {
  const tracking = keyOf('device', ['Vendor', 'MSFT', 'EnrollmentStatusTracking', 'Setup', 'Apps', 'Tracking']);
  return tree.childNames(tracking).some((provider) =>
    tree.childNames(`${tracking}/${provider}`).some((app) => {
      const required = tree.read(`${tracking}/${provider}/${app}/RebootRequired`);
      return required === '2' || required === '3';
    }),
  );
}
