// One shard of a plan, from orders to the last frame: derives its devices by arithmetic, starts each at its scheduled time
// whatever the backend does (an open model), and keeps the books: planned = started + not started, and every device that
// started is settled once. It knows neither sockets nor steps: both are ports, so that its arithmetic is tested in virtual time.
import type { Clock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import type { Stop } from '../kernel/stop.ts';
import type { DeviceRecord } from '../telemetry/records.ts';
import type { DeviceStartTimes } from './device-agent.ts';

/** Where the runner reports devices: the part of the recorder that the books are made from. */
export interface Books {
  deviceStarted(index: number, latenessMs: number): void;
  deviceNotStarted(index: number): void;
  deviceFinished(record: DeviceRecord): void;
}

/** Runs one device to its end; calls `settle` exactly once on the way. Never rejects. */
export type Launch = (index: number, start: DeviceStartTimes, settle: (record: DeviceRecord) => void) => Promise<void>;

export interface ShardRunnerOptions {
  readonly clock: Clock;
  readonly books: Books;
  /** Stops devices in flight when their time is over. */
  readonly stop: Stop;
  readonly launch: Launch;
  /** Devices of this shard in order of their arrival, and for each its intended start in real milliseconds from time zero. */
  readonly devices: Iterable<number>;
  readonly offsetMs: (index: number) => number;
  readonly cohortOf: (index: number) => number;
  /** Devices of this shard that may be in flight at once. */
  readonly inFlightMax: number;
}

/** Devices are started in slices of this length, so that frames go out and replies come in while ten thousand start at once. */
const SLICE_MS = 5;

export class ShardRunner {
  readonly #options: ShardRunnerOptions;
  readonly #devices: Iterator<number>;
  #next: number | undefined;
  /** Time zero of the plan by the clock, once the barrier is open. */
  #zeroMs: number | undefined;
  /** When devices in flight are abandoned, once that is known. */
  #deadlineMs = Infinity;
  #cancelTimer: () => void = () => {};
  #cancelDeadline: () => void = () => {};
  #inFlight = 0;
  /** Devices that started and have no record yet. */
  readonly #unsettled = new Map<number, DeviceStartTimes>();
  #resolveDone: () => void = () => {};
  /** Comes when no device of this shard will start or is in flight any more. */
  readonly done: Promise<void>;

  constructor(options: ShardRunnerOptions) {
    this.#options = options;
    this.#devices = options.devices[Symbol.iterator]();
    this.#next = this.#take();
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Opens the barrier: time zero of the plan, in milliseconds since the epoch. Orders may come twice; the first counts. */
  start(atWallMs: number): void {
    const { clock } = this.#options;
    if (this.#zeroMs !== undefined) return;
    this.#zeroMs = clock.nowMs() + (atWallMs - clock.wallMs());
    this.#startDue(this.#zeroMs);
  }

  /** No device starts any more; those that were still to come are counted as not started. */
  stopArrivals(): void {
    this.#cancelTimer();
    for (; this.#next !== undefined; this.#next = this.#take()) this.#options.books.deviceNotStarted(this.#next);
    this.#finishIfDone();
  }

  /** Devices in flight may go on for `withinMs` (real time), then they are abandoned. The earliest such order counts. */
  finish(withinMs: number): void {
    const { clock } = this.#options;
    this.stopArrivals();
    const deadlineMs = clock.nowMs() + withinMs;
    if (this.#inFlight === 0 || deadlineMs >= this.#deadlineMs) return;
    this.#deadlineMs = deadlineMs;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(withinMs, () => this.#abandon());
  }

  #startDue(zeroMs: number): void {
    const { clock, offsetMs } = this.#options;
    const sliceEndsMs = clock.nowMs() + SLICE_MS;
    for (let index = this.#next; index !== undefined; index = this.#next) {
      const nowMs = clock.nowMs();
      const dueMs = zeroMs + offsetMs(index);
      if (dueMs > nowMs || nowMs >= sliceEndsMs) {
        this.#cancelTimer = clock.after(dueMs - nowMs, () => this.#startDue(zeroMs));
        return;
      }
      this.#next = this.#take();
      this.#startDevice(index, Math.max(0, nowMs - dueMs));
    }
    this.#finishIfDone();
  }

  #startDevice(index: number, latenessMs: number): void {
    const { books, inFlightMax, launch, offsetMs } = this.#options;
    if (this.#inFlight >= inFlightMax) {
      books.deviceNotStarted(index);
      return;
    }
    const start: DeviceStartTimes = { intendedStartMs: offsetMs(index), latenessMs };
    this.#inFlight++;
    this.#unsettled.set(index, start);
    books.deviceStarted(index, latenessMs);
    void launch(index, start, (record) => this.#settle(record)).finally(() => {
      this.#inFlight--;
      this.#finishIfDone();
    });
  }

  #settle(record: DeviceRecord): void {
    if (this.#unsettled.delete(record.index)) this.#options.books.deviceFinished(record);
  }

  /** Stops every device; one that does not come back from it soon is settled without its help. */
  #abandon(): void {
    this.#options.stop.stop();
    this.#cancelDeadline = this.#options.clock.after(LIMITS.abandonMs, () => {
      for (const [index, start] of this.#unsettled) this.#settle(this.#abandoned(index, start));
      this.#resolveDone();
    });
  }

  #abandoned(index: number, { intendedStartMs, latenessMs }: DeviceStartTimes): DeviceRecord {
    return {
      index,
      cohort: this.#options.cohortOf(index),
      outcome: 'abandoned',
      code: 'abandoned',
      step: null,
      intendedStartMs,
      latenessMs,
      deploymentMs: null,
      setupMs: null,
      steps: [],
      exchanges: 0,
      sessions: 0,
      messages: 0,
      retries: 0,
    };
  }

  #finishIfDone(): void {
    if (this.#next !== undefined || this.#inFlight > 0) return;
    this.#cancelDeadline();
    this.#resolveDone();
  }

  #take(): number | undefined {
    const { done, value } = this.#devices.next();
    return done === true ? undefined : value;
  }
}

/** What a shard may have in flight of a bound on the whole plan: the shares of all shards add up to it exactly. */
export function inFlightShare(inFlightMax: number, shard: number, of: number): number {
  return Math.floor((inFlightMax * (shard + 1)) / of) - Math.floor((inFlightMax * shard) / of);
}
