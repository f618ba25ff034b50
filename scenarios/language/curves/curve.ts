// What an arrival curve is: stateless arithmetic that owns no timer and starts nothing. One kind is one file beside this one.
import type { RandomStream } from '../../../kernel/random.ts';

export interface Curve {
  /** Devices expected to be switched on by this many real milliseconds from the start; not bounded by a device count. */
  arrivalsBy(elapsedMs: number): number;
  /** Devices a second expected at that time; `Infinity` where all come at once. */
  rateAt(elapsedMs: number): number;
  /** When each of `count` devices is switched on: milliseconds from the start, ascending. */
  offsets(count: number, stream: RandomStream): Float64Array;
}
