// Devices that know nothing of each other: exponential gaps, drawn from the run's own stream, so that the same seed gives the
// same schedule on any number of shards.
import { SECOND_MS } from '../../../kernel/units.ts';
import type { Curve } from './curve.ts';

export function poisson(arrivals: { readonly ratePerSecond: number }): Curve {
  const meanGapMs = SECOND_MS / arrivals.ratePerSecond;
  return {
    arrivalsBy: (elapsedMs) => (elapsedMs < 0 ? 0 : elapsedMs / meanGapMs),
    rateAt: (elapsedMs) => (elapsedMs < 0 ? 0 : arrivals.ratePerSecond),
    offsets: (count, stream) => {
      let elapsedMs = 0;
      return Float64Array.from({ length: count }, () => (elapsedMs -= Math.log(1 - stream.unit()) * meanGapMs));
    },
  };
}
