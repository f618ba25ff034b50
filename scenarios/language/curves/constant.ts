// One device each so many milliseconds, the first at the start.
import { SECOND_MS } from '../../../kernel/units.ts';
import type { Curve } from './curve.ts';

export function constant(arrivals: { readonly ratePerSecond: number }): Curve {
  const gapMs = SECOND_MS / arrivals.ratePerSecond;
  return {
    arrivalsBy: (elapsedMs) => (elapsedMs < 0 ? 0 : Math.floor(elapsedMs / gapMs) + 1),
    rateAt: (elapsedMs) => (elapsedMs < 0 ? 0 : arrivals.ratePerSecond),
    offsets: (count) => Float64Array.from({ length: count }, (_, index) => index * gapMs),
  };
}
