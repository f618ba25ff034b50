// Events counted in each second of a run: what rates, the best window and the timeline are made from. It grows with the
// run's length by 4 bytes a second, up to a bound after which everything falls into the last second.
import { LIMITS } from '../kernel/limits.ts';

export class SecondCounts {
  #counts = new Uint32Array(64);
  #seconds = 0;

  add(elapsedMs: number, by = 1): void {
    const second = Math.min(Math.max(0, Math.floor(elapsedMs / 1000)), LIMITS.runSecondsMax - 1);
    if (second >= this.#counts.length) {
      const larger = new Uint32Array(Math.max(second + 1, 2 * this.#counts.length));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[second]! += by;
    this.#seconds = Math.max(this.#seconds, second + 1);
  }

  /** Seconds from the start to the last event. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Events in [fromSecond, toSecond). */
  between(fromSecond: number, toSecond: number): number {
    let total = 0;
    for (let second = Math.max(0, fromSecond); second < Math.min(toSecond, this.#seconds); second++) {
      total += this.#counts[second]!;
    }
    return total;
  }

  /** The highest rate that was held for `windowSeconds` whole seconds, in events a second; null where the run was shorter. */
  bestRate(windowSeconds: number): number | null {
    if (this.#seconds < windowSeconds) return null;
    let inWindow = this.between(0, windowSeconds);
    let best = inWindow;
    for (let second = windowSeconds; second < this.#seconds; second++) {
      inWindow += this.#counts[second]! - this.#counts[second - windowSeconds]!;
      best = Math.max(best, inWindow);
    }
    return best / windowSeconds;
  }
}
