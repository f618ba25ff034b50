// Installs what the server ordered, one package after the other as Windows does: its content comes over the network, then the
// installation takes device time while management sessions go on. Nothing is installed that was not ordered.
import type { StepFailure } from '../../catalog/failures.ts';
import type { WaitEnd } from '../../kernel/clock.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import type { InstallJob, JobOutcome } from '../management/jobs.ts';

/** Where jobs come from and where their outcomes go: the managed device. */
export interface JobSource {
  /** What was ordered since the last call. */
  takeJobs(): InstallJob[];
  jobStarted(job: InstallJob): void;
  finishJob(job: InstallJob, outcome: JobOutcome): void;
}

/** Device time is a sum of fractions; closer than this is the same instant. */
const INSTANT_MS = 0.001;

export class Installer {
  readonly #device: DeviceContext;
  readonly #jobs: JobSource;
  readonly #queue: InstallJob[] = [];
  #running: InstallJob | undefined;
  /** Device time at which the running installation ends. */
  #endsMs = 0;
  #begun = 0;

  constructor(device: DeviceContext, jobs: JobSource) {
    this.#device = device;
    this.#jobs = jobs;
  }

  /** Something is being installed or was ordered. */
  get hasWork(): boolean {
    this.#queue.push(...this.#jobs.takeJobs());
    return this.#running !== undefined || this.#queue.length > 0;
  }

  /**
   * Spends a pause between two sessions: installs while it lasts, and waits out the rest. No pause at all means that the next
   * session comes when an installation is over: it must not be turned into a thousand sessions.
   */
  async spend(pauseMs: number, deadlineMs: number): Promise<Result<WaitEnd, StepFailure>> {
    const { ledger } = this.#device;
    const untilMs = Math.min(ledger.deviceMs + pauseMs, deadlineMs);
    for (;;) {
      if (this.#running === undefined) {
        const begun = await this.#begin();
        if (!begun.ok) return begun;
      }
      const installing = this.#running !== undefined;
      const endMs = installing ? Math.min(this.#endsMs, pauseMs > 0 ? untilMs : deadlineMs) : untilMs;
      const waitMs = endMs - ledger.deviceMs;
      const end = await this.#device.wait(installing ? 'install' : 'poll', waitMs);
      if (end === 'stopped') return ok(end);
      const nowMs = ledger.deviceMs;
      if (this.#running !== undefined && nowMs >= this.#endsMs - INSTANT_MS) this.#finish('succeeded');
      // What takes no time, as a certificate does, is no reason for a session of its own.
      const tookTime = waitMs > 0 || !this.hasWork || nowMs >= deadlineMs;
      if (pauseMs > 0 ? nowMs >= untilMs - INSTANT_MS : tookTime) return ok('elapsed');
    }
  }

  /** Takes the next job and fetches its content. Content that is not what the server announced fails the job, not the device. */
  async #begin(): Promise<Result<null, StepFailure>> {
    if (!this.hasWork) return ok(null);
    const job = this.#queue.shift()!;
    this.#running = job;
    this.#jobs.jobStarted(job);
    if (job.contentUrl !== undefined) {
      const { network, services } = this.#device;
      const expected = job.fileHash === undefined ? undefined : { sha256Hex: job.fileHash };
      const content = await services.downloadContent(network, job.contentUrl, expected);
      if (!content.ok) {
        if (content.error.code !== '0x87d1041c') return content;
        this.#finish('failed');
        return ok(null);
      }
    }
    // A certificate is issued, not installed: only packages take the time of an installation.
    const installMs =
      job.kind === 'scep'
        ? 0
        : this.#device.draw(this.#device.cohort.installs.app, `install:${job.scope}:${this.#begun++}`);
    this.#endsMs = this.#device.ledger.deviceMs + installMs;
    return ok(null);
  }

  #finish(outcome: JobOutcome): void {
    this.#jobs.finishJob(this.#running!, outcome);
    this.#running = undefined;
  }
}
