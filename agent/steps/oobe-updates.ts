// Critical updates of OOBE (zero-day patch): check, content, install; a restart if one asks for it, after which the device
// connects and asks for its profile again. A download that stands still is cancelled by the watchdog.
import { MINUTE_MS } from '../../kernel/units.ts';
import { decodeOobeConfig } from '../../protocol/autopilot-profile.ts';
import type { DeviceContext } from '../device-context.ts';
import { ABANDONED, DONE, failed, RESTARTED, type StepResult } from './result.ts';

/** OOBE cancels updates after ten minutes without a change of status (flow.md 3). */
export const UPDATES_WATCHDOG_MS = 10 * MINUTE_MS;

export async function oobeUpdates(device: DeviceContext): Promise<StepResult> {
  const { network, services, state } = device;
  const oobeConfig = state.profile?.CloudAssignedOobeConfig;
  if (oobeConfig !== undefined && !decodeOobeConfig(oobeConfig).enablePatchDownload) return DONE;
  const found = await services.checkUpdates(network, {
    deviceToken: state.deviceToken ?? '',
    osVersion: device.identity().osVersion,
  });
  if (!found.ok) return found;
  let restart = false;
  for (const update of found.value) {
    const content = await device.within(UPDATES_WATCHDOG_MS, services.downloadUpdate(network, update));
    if (content === undefined) {
      network.close('updates');
      return failed('updates-watchdog', `no progress of ${update.id} in ${UPDATES_WATCHDOG_MS} ms`);
    }
    if (!content.ok) return content;
    const installMs = device.draw(device.cohort.installs.update, `install:update:${update.id}`);
    if ((await device.wait('install', installMs)) === 'stopped') return ABANDONED;
    restart ||= update.restart;
  }
  if (!restart) {
    network.close('updates');
    return DONE;
  }
  return (await device.restart('oobe')) === 'elapsed' ? RESTARTED : ABANDONED;
}
