// Updates, critical or quality: check, content of their real size over the link, installation one after the other. A download that
// stands still is cancelled by a watchdog: progress counts, not how long the whole takes. What a restart means is its caller's matter.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import type { UpdateKind } from '../services/updates.ts';
import { ABANDONED } from './result.ts';

/** OOBE cancels updates after ten minutes without a change of status (flow.md 3). */
export const UPDATES_WATCHDOG_MS = 10 * MINUTE_MS;

const TIMES: Record<UpdateKind, (device: DeviceContext) => Distribution> = {
  critical: ({ cohort }) => cohort.installs.update,
  quality: ({ cohort }) => cohort.installs.qualityUpdate,
};

/** Installs what the check finds; whether any of it wants a restart. */
export async function installUpdates(
  device: DeviceContext,
  kind: UpdateKind,
  deviceToken: string,
): Promise<Result<{ readonly restart: boolean }, StepFailure>> {
  const { network, services, shard, cohort } = device;
  const { osVersion } = device.identity();
  const found = await services.checkUpdates(network, { kind, deviceToken, osVersion });
  if (!found.ok) return found;
  let restart = false;
  for (const update of found.value) {
    const content = await device.whileProgressing(UPDATES_WATCHDOG_MS, (progress) =>
      services.downloadUpdate(network, update, progress),
    );
    if (content === undefined) {
      network.close('updates');
      return stepFailure('updates-watchdog', `no progress of ${update.id} in ${UPDATES_WATCHDOG_MS} ms`);
    }
    if (!content.ok) return content;
    shard.recorder.count('flotilla_content_bytes_total', [cohort.site], content.value.bytes);
    const installMs = device.draw(TIMES[kind](device), `install:update:${update.id}`);
    if ((await device.wait('install', installMs)) === 'stopped') return ABANDONED;
    restart ||= update.restart;
  }
  network.close('updates');
  return ok({ restart });
}
