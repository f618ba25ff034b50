// After the desktop: content that no status page waited for arrives in the background, apps that the page did not wait for go on
// installing, then the device polls on the schedule of its provisioning document, as often as the scenario wants. The device has
// succeeded already; nothing here changes that, and nothing here restarts it.
import { LIMITS } from '../../kernel/limits.ts';
import type { DeviceContext } from '../device-context.ts';
import { espSettings } from '../management/esp-tracking.ts';
import { manage, managedOf } from './manage.ts';
import { DEFAULT_POLL_SCHEDULE, pollPauseMs } from './poll-schedule.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { takeUserToken } from './user-token.ts';
import { installerFor } from './work-sources.ts';

export async function polling(device: DeviceContext): Promise<StepResult> {
  const arrived = pagesWereShown(device) ? await secondWave(device) : await backgroundContent(device);
  if (!arrived.ok) return arrived;
  // Nothing asks for a token any more.
  device.state.signIn = null;
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

/** Both pages ran to their end: the server has sent everything. */
function pagesWereShown(device: DeviceContext): boolean {
  const { deviceShown, userShown } = espSettings(managedOf(device));
  return deviceShown && userShown && !device.state.leftStatusPage;
}

/** What the pages left to do, without further sessions. */
async function secondWave(device: DeviceContext): Promise<StepResult> {
  const installer = installerFor(device, 'desktop');
  for (let pieces = 0; pieces < LIMITS.installJobsMax && installer.hasWork; pieces++) {
    const spent = await installer.spend(0, Infinity);
    if (!spent.ok) return spent;
    if (spent.value === 'stopped') return ABANDONED;
  }
  return DONE;
}

/** Sessions and installations without a page: they end when the server orders nothing more. */
async function backgroundContent(device: DeviceContext): Promise<StepResult> {
  managedOf(device).tree.userContext = true;
  const token = device.state.signIn === null ? undefined : await takeUserToken(device);
  if (token?.ok === false) return token;
  const installer = installerFor(device, 'desktop');
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
