// Does the work of a device's sources one piece after the other, as Windows does: what a piece needs comes over the network, then it
// takes device time while management sessions go on. Where work comes from and what its end means is the sources' own.
import { ABANDONED } from './result.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { WaitEnd } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import type { Work, WorkEnd, WorkSource } from '../work.ts';

/** Device time is a sum of fractions; closer than this is the same instant. */
const INSTANT_MS = 0.001;

/** How a pause ended. `restart-now`: a piece of work wants the device to restart at once. */
export type SpendEnd = WaitEnd | 'restart-now';

interface Running {
  readonly work: Work;
  /** Device time at which its content was begun to be fetched, and at which it ends. */
  readonly beganMs: number;
  readonly endsMs: number;
}

export class Installer {
  readonly #device: DeviceContext;
  readonly #sources: readonly WorkSource[];
  #running: Running | undefined;
  #blockingMs = 0;
  /** A piece of work that ended wants a restart, which need not come at once. */
  restartLater = false;

  /** The sources by precedence: the first that has work is served first. */
  constructor(device: DeviceContext, sources: readonly WorkSource[]) {
    this.#device = device;
    this.#sources = sources;
  }

  /** Something is in work, can be begun, or waits until it can be. */
  get hasWork(): boolean {
    return this.#running !== undefined || this.#canBegin || this.#dueMs !== Infinity;
  }

  /**
   * Critical path: device time in which a blocking piece was in work, its download included. Pieces come one after the other, so their
   * intervals never overlap and their union is their sum.
   */
  get blockingMs(): number {
    return this.#blockingMs + (this.#running === undefined ? 0 : this.#blockingPart(this.#running));
  }

  /** Why what the page waits for has failed, where a source knows. */
  get failure(): StepFailure | undefined {
    for (const source of this.#sources) {
      const failure = source.failure?.();
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Nothing more is begun: what is not done goes back to where it was ordered. */
  release(failedToo = false): void {
    this.#running = undefined;
    for (const source of this.#sources) source.release?.(failedToo);
  }

  /**
   * Spends a pause between two sessions: works while it lasts, and waits out the rest. No pause at all means that the next session
   * comes when a piece of work is over: it must not be turned into a thousand sessions. Ends at the deadline, whatever is under way.
   */
  async spend(pauseMs: number, deadlineMs: number): Promise<Result<SpendEnd, StepFailure>> {
    const { ledger } = this.#device;
    const untilMs = Math.min(ledger.deviceMs + pauseMs, deadlineMs);
    for (;;) {
      if (this.#running === undefined) {
        const begun = await this.#begin(deadlineMs);
        if (!begun.ok) return begun;
      }
      const lastMs = pauseMs > 0 ? untilMs : deadlineMs;
      const nextMs = this.#running?.endsMs ?? this.#dueMs;
      // Without a pause there is nothing to wait for where nothing is in work.
      const endMs = nextMs === Infinity ? untilMs : Math.min(nextMs, lastMs);
      const waitMs = endMs - ledger.deviceMs;
      const end = await this.#device.wait(this.#running === undefined ? 'poll' : 'install', waitMs);
      if (end === 'stopped') return ok(end);
      if (this.#running !== undefined && ledger.deviceMs >= this.#running.endsMs - INSTANT_MS) {
        const wants = await this.#finish(this.#running, deadlineMs);
        if (wants === 'restart-now') return ok(wants);
      }
      const nowMs = ledger.deviceMs;
      // What takes no time, as a certificate does, is no reason for a session of its own.
      const tookTime = waitMs > 0 || !this.#canBegin || nowMs >= deadlineMs;
      if (pauseMs > 0 ? nowMs >= untilMs - INSTANT_MS : tookTime) return ok('elapsed');
    }
  }

  get #canBegin(): boolean {
    return this.#sources.some((source) => source.hasWork());
  }

  /** Device time at which something that waits can be begun; Infinity where nothing waits. */
  get #dueMs(): number {
    return Math.min(...this.#sources.map((source) => source.dueMs() ?? Infinity));
  }

  /** Begins the next piece that takes time; what takes none is over already. */
  async #begin(deadlineMs: number): Promise<Result<null, StepFailure>> {
    const { ledger, network } = this.#device;
    for (let begun = 0; begun < LIMITS.installJobsMax && ledger.deviceMs < deadlineMs; begun++) {
      const source = this.#sources.find((candidate) => candidate.hasWork());
      if (source === undefined) return ok(null);
      const beganMs = ledger.deviceMs;
      const beginning = await this.#device.until(deadlineMs, () => source.begin());
      if (this.#device.stopped) return ABANDONED;
      if (beginning === undefined || (!beginning.ok && ledger.deviceMs >= deadlineMs)) {
        // The page's time is over: what is being fetched is broken off.
        network.close();
        return ok(null);
      }
      if (!beginning.ok) return beginning;
      const work = beginning.value;
      if (work !== undefined) {
        this.#running = { work, beganMs, endsMs: ledger.deviceMs + work.deviceMs };
        return ok(null);
      }
    }
    return ok(null);
  }

  async #finish(running: Running, deadlineMs: number): Promise<WorkEnd> {
    this.#blockingMs += this.#blockingPart(running);
    this.#running = undefined;
    const finishing = running.work.finish();
    const end = typeof finishing === 'string' ? finishing : await this.#device.until(deadlineMs, () => finishing);
    if (end === 'restart-later') this.restartLater = true;
    return end ?? 'done';
  }

  #blockingPart({ work, beganMs }: Running): number {
    return work.blocking ? this.#device.ledger.deviceMs - beganMs : 0;
  }
}
