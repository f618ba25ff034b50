// The Enrollment Status Page while it shows: management sessions back to back, with the scenario's pause between them and work going
// on meanwhile, until everything that the server expects is there, something failed, or the page's time is over (device time). It
// writes no results and asks nobody: that is for the phase.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import type { WaitEnd } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import { describePhase, forgetFailures, pageTimeoutMs, trackPhase } from '../management/esp-tracking.ts';
import type { Scope } from '../management/loc-uri.ts';
import type { Installer } from './installer.ts';
import { manage, managedOf, type ManageOptions } from './manage.ts';
import { ABANDONED } from './result.ts';
import { installerFor } from './work-sources.ts';

/** Sessions without a pause after which nothing was in work, and the pause that comes then. Ours. */
const IDLE_SESSIONS_MAX = 3;
const IDLE_PAUSE_MS = 10 * SECOND_MS;

/** How a page ended: with all that it waited for, or with what it shows as failed. */
export type PageEnd = 'complete' | StepFailure;

/** Device time at which a page that began at `beganMs` times out, as far as the server has said so. */
export function pageDeadlineMs(device: DeviceContext, beganMs: number): number {
  return beganMs + pageTimeoutMs(managedOf(device));
}

export class StatusPage {
  readonly scope: Scope;
  readonly #device: DeviceContext;
  readonly #session: ManageOptions;
  readonly #newInstaller: () => Installer;
  #beganMs: number;
  /** When the page times out, in device time, as it was known at the last look. */
  #deadlineMs = Infinity;
  #installer: Installer;
  #blockingMs = 0;
  #restarts = 0;
  /** Sessions in a row after which there was nothing to do. */
  #idleSessions = 0;
  #restartLater = false;

  constructor(
    device: DeviceContext,
    scope: Scope,
    session: ManageOptions,
    beganMs: number,
    newInstaller = (): Installer => installerFor(device, scope === 'user' ? 'user-esp' : 'device-esp'),
  ) {
    this.scope = scope;
    this.#device = device;
    this.#session = session;
    this.#beganMs = beganMs;
    this.#newInstaller = newInstaller;
    this.#installer = newInstaller();
  }

  /** Work that is done wants a restart, which need not come at once. */
  get restartLater(): boolean {
    return this.#restartLater || this.#installer.restartLater;
  }

  /** Shows the page until it ends. A failure ends the device: of a session, or of work that cannot go on. */
  async run(): Promise<Result<PageEnd, StepFailure>> {
    const device = this.#device;
    for (let sessions = 1; sessions <= LIMITS.espSessionsMax; sessions++) {
      const before = this.#verdict();
      if (before !== undefined) return ok(before);
      const pauseMs = this.#pauseMs(sessions);
      // Through a pause only the connection to the management server is kept: a second one would double what a waiting device holds.
      if (pauseMs > 0) device.network.close('login');
      const spent = await this.#installer.spend(pauseMs, this.#deadlineMs);
      if (!spent.ok) return spent;
      if (spent.value === 'stopped') return ABANDONED;
      if (spent.value === 'restart-now' && (await this.restart()) === 'stopped') return ABANDONED;
      const after = this.#verdict();
      if (after !== undefined) return ok(after);
      const managing = await manage(device, this.#session, this.#deadlineMs);
      if (!managing.ok) return managing;
    }
    return stepFailure('management-protocol', `the phase did not end within ${LIMITS.espSessionsMax} sessions`);
  }

  /** What failed is tried again, and the page's time starts anew. */
  tryAgain(): void {
    this.#leaveWork(true);
    forgetFailures(managedOf(this.#device), this.scope);
    this.#beganMs = this.#device.ledger.deviceMs;
    this.#installer = this.#newInstaller();
  }

  /** A restart in the device phase; afterwards the page goes on, and its time with it. */
  async restart(): Promise<WaitEnd> {
    this.#leaveWork(false);
    const end = await this.#device.restart(`device-esp:${this.#restarts++}`);
    this.#restartLater = false;
    this.#installer = this.#newInstaller();
    return end;
  }

  /** The page is left: what it has not done arrives later, and its critical path is known. */
  close(failedToo: boolean): void {
    this.#leaveWork(failedToo);
    const { step, shard } = this.#device;
    if (step === null || this.#blockingMs === 0) return;
    shard.recorder.observe('flotilla_esp_blocking_apps_seconds', [step], this.#blockingMs / SECOND_MS);
  }

  /** The scenario's pause. None at all is for sessions that bring something: a page that only waits must not become a thousand sessions. */
  #pauseMs(session: number): number {
    const { cohort } = this.#device;
    const pauseMs = this.#device.draw(cohort.sessionPause, `session-pause:${this.scope}:${session}`);
    this.#idleSessions = this.#installer.hasWork ? 0 : this.#idleSessions + 1;
    return pauseMs === 0 && this.#idleSessions > IDLE_SESSIONS_MAX ? IDLE_PAUSE_MS : pauseMs;
  }

  #leaveWork(failedToo: boolean): void {
    this.#blockingMs += this.#installer.blockingMs;
    this.#restartLater = this.restartLater;
    this.#installer.release(failedToo);
  }

  /** How the page ends now, if it does. What is complete at the deadline is complete. */
  #verdict(): PageEnd | undefined {
    const managed = managedOf(this.#device);
    const progress = trackPhase(managed, this.scope);
    const preparedByMs = this.#beganMs + progress.preparationTimeoutMs;
    this.#deadlineMs = Math.min(pageDeadlineMs(this.#device, this.#beganMs), preparedByMs);
    if (progress.state === 'ready') return 'complete';
    if (progress.failure !== undefined) {
      const { code, detail } = progress.failure;
      const known = code === '0x87d1041c' ? this.#installer.failure : undefined;
      return {
        kind: 'failure',
        code: known?.code ?? code,
        detail: known === undefined ? detail : `${detail}: ${known.detail}`,
      };
    }
    if (this.#device.ledger.deviceMs < this.#deadlineMs) return undefined;
    return stepFailure('0x800705b4', describePhase(progress)).error;
  }
}
