// Writes a run's progress: in a terminal a block that is redrawn in place under the lines that stay, elsewhere plain lines.
import type { Clock } from '../kernel/clock.ts';
import { PLAIN, paintFor } from './paint.ts';
import type { Paint } from './paint.ts';
import { progressBlock, progressLine } from './progress.ts';
import type { ProgressView } from './progress.ts';

/** The part of a stream that is used. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const PLAIN_EVERY_MS = 5_000;

export class Terminal {
  readonly paint: Paint;
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #live: boolean;
  #drawnLines = 0;
  #lastPlainMs = Number.NEGATIVE_INFINITY;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#live = output.isTTY === true;
    this.paint = this.#live ? paintFor(output) : PLAIN;
  }

  get columns(): number {
    return this.#output.columns ?? 80;
  }

  /** A line that stays. */
  line(text: string): void {
    this.#output.write(`${this.#erase()}${text}\n`);
  }

  /** The state of the run now. */
  progress(view: ProgressView): void {
    if (this.#live) {
      // What has scrolled off the screen can't be erased, so the block never fills it.
      const lines = progressBlock(view, this.columns, this.paint).slice(0, (this.#output.rows ?? 24) - 1);
      this.#output.write(`${this.#erase()}${lines.join('\n')}\n`);
      this.#drawnLines = lines.length;
      return;
    }
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#lastPlainMs < PLAIN_EVERY_MS) return;
    this.#lastPlainMs = nowMs;
    this.#output.write(`${progressLine(view)}\n`);
  }

  /** Takes the block away; what is written next stands in its place. */
  clear(): void {
    const erase = this.#erase();
    if (erase !== '') this.#output.write(erase);
  }

  /** Moves to the first line of the block and erases to the end of the screen. */
  #erase(): string {
    if (this.#drawnLines === 0) return '';
    const up = `\u001B[${this.#drawnLines}F\u001B[J`;
    this.#drawnLines = 0;
    return up;
  }
}
