// Time as an argument. Nothing else in Flotilla reads a clock or sets a timer, so a run can be real, scaled (simulated waits
// shrink by `speed`, network time never does) or, in tests and `simulate`, virtual.
import { performance } from 'node:perf_hooks';
import type { Stop } from './stop.ts';

/** How a wait ended: its time passed, or the stop came first. */
export type WaitEnd = 'elapsed' | 'stopped';

export interface Clock {
  /** Device-time seconds that pass in one real second of a simulated wait; >= 1 shrinks waits. */
  readonly speed: number;
  /** Monotonic milliseconds from an arbitrary zero. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  /** Waits real milliseconds: back-off, transport, pacing. */
  waitReal(realMs: number, stop?: Stop): Promise<WaitEnd>;
  /** Waits simulated milliseconds (a person, an install, a restart, a poll): takes `simulatedMs / speed`. */
  waitSimulated(simulatedMs: number, stop?: Stop): Promise<WaitEnd>;
  /** Calls `fire` once after real milliseconds, unless cancelled by the returned function. */
  after(realMs: number, fire: () => void): () => void;
  /** Calls `fire` each `realMs` until cancelled. Does not hold the process open. */
  every(realMs: number, fire: () => void): () => void;
}

abstract class BaseClock implements Clock {
  readonly speed: number;

  constructor(speed: number) {
    this.speed = speed;
  }

  abstract nowMs(): number;
  abstract wallMs(): number;
  abstract after(realMs: number, fire: () => void): () => void;
  abstract every(realMs: number, fire: () => void): () => void;

  waitReal(realMs: number, stop?: Stop): Promise<WaitEnd> {
    if (stop?.stopped) return Promise.resolve('stopped');
    return new Promise((resolve) => {
      const cancel = this.after(realMs, () => {
        forget?.();
        resolve('elapsed');
      });
      const forget = stop?.onStop(() => {
        cancel();
        resolve('stopped');
      });
    });
  }

  waitSimulated(simulatedMs: number, stop?: Stop): Promise<WaitEnd> {
    return this.waitReal(simulatedMs / this.speed, stop);
  }
}

/** The machine's clock; `speed` above 1 makes it the scaled clock. */
export class RealClock extends BaseClock {
  constructor(speed = 1) {
    super(speed);
  }

  override nowMs(): number {
    return performance.now();
  }

  override wallMs(): number {
    return Date.now();
  }

  override after(realMs: number, fire: () => void): () => void {
    // A timer rounds to whole milliseconds; a wait of nothing still yields to the event loop.
    if (realMs <= 0) {
      const immediate = setImmediate(fire);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(fire, realMs);
    return () => clearTimeout(timer);
  }

  override every(realMs: number, fire: () => void): () => void {
    const timer = setInterval(fire, realMs);
    timer.unref();
    return () => clearInterval(timer);
  }
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Virtual time: stands still until `advance` or `runToEnd` moves it to the next event. Timers of equal time fire in order. */
export class VirtualClock extends BaseClock {
  #nowMs = 0;
  #order = 0;
  readonly #epochMs: number;
  readonly #due: Due[] = [];

  constructor(epochMs = 0, speed = 1) {
    super(speed);
    this.#epochMs = epochMs;
  }

  override nowMs(): number {
    return this.#nowMs;
  }

  override wallMs(): number {
    return this.#epochMs + this.#nowMs;
  }

  override after(realMs: number, fire: () => void): () => void {
    const due: Due = { atMs: this.#nowMs + Math.max(0, realMs), order: this.#order++, fire, cancelled: false };
    // Binary insertion keeps the queue sorted; tests hold few timers at once.
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#due[middle]!.atMs <= due.atMs) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, due);
    return () => {
      due.cancelled = true;
    };
  }

  override every(realMs: number, fire: () => void): () => void {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = this.after(realMs, () => {
        again();
        fire();
      });
    };
    again();
    return () => cancel();
  }

  /** Moves time forward, firing what falls due; between two events every pending promise runs. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#due[0]; next !== undefined && next.atMs <= endMs; next = this.#due[0]) {
      this.#due.shift();
      if (next.cancelled) continue;
      this.#nowMs = next.atMs;
      next.fire();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

/** Lets promise continuations run to rest: a turn of the event loop drains the microtask queue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
