// All devices at the first instant: the hardest start there is.
import type { Curve } from './curve.ts';

export function atOnce(): Curve {
  return {
    arrivalsBy: (elapsedMs) => (elapsedMs < 0 ? 0 : Infinity),
    rateAt: (elapsedMs) => (elapsedMs === 0 ? Infinity : 0),
    offsets: (count) => new Float64Array(count),
  };
}
