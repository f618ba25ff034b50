// After the desktop: content that no status page waited for arrives in the background, then the device polls on the schedule of
// its provisioning document, as often as the scenario wants. The device has succeeded already; nothing here changes that.
import { LIMITS } from '../../kernel/limits.ts';
import type { DeviceContext } from '../device-context.ts';
import { espSettings } from '../management/esp-tracking.ts';
import { Installer } from './installer.ts';
import { manage, managedOf } from './manage.ts';
import { DEFAULT_POLL_SCHEDULE, pollPauseMs } from './poll-schedule.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { takeUserToken } from './user-token.ts';

export async function polling(device: DeviceContext): Promise<StepResult> {
  const { deviceShown, userShown } = espSettings(managedOf(device));
  if (!deviceShown || !userShown) {
    const background = await backgroundContent(device);
    if (!background.ok) return background;
  }
  const schedule = device.state.pollSchedule ?? DEFAULT_POLL_SCHEDULE;
  for (let poll = 0; poll < device.cohort.pollSessions; poll++) {
    const pauseMs = pollPauseMs(schedule, poll);
    if (pauseMs === undefined) break;
    if ((await device.wait('poll', pauseMs)) === 'stopped') return ABANDONED;
    const session = await manage(device, { trigger: 'poll' });
    if (!session.ok) return session;
  }
  return DONE;
}

/** Sessions and installations without a page: they end when the server orders nothing more. */
async function backgroundContent(device: DeviceContext): Promise<StepResult> {
  const managed = managedOf(device);
  managed.tree.userContext = true;
  const token = device.state.signIn === null ? undefined : await takeUserToken(device);
  if (token?.ok === false) return token;
  const installer = new Installer(device, managed);
  for (let sessions = 1; sessions <= LIMITS.espSessionsMax; sessions++) {
    const session = await manage(device, {
      trigger: 'background',
      ...(token !== undefined && { userToken: token.value }),
    });
    if (!session.ok) return session;
    if (!installer.hasWork) return DONE;
    const pauseMs = device.draw(device.cohort.sessionPause, `session-pause:background:${sessions}`);
    const spent = await installer.spend(pauseMs, Infinity);
    if (!spent.ok) return spent;
    if (spent.value === 'stopped') return ABANDONED;
  }
  return DONE;
}
