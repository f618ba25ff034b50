// How long something takes, as data: what a scenario writes and a device draws from. Values are milliseconds.
import type { RandomStream } from './random.ts';
import { never } from './result.ts';

export type Distribution =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** Lognormal by its median and 95th percentile: the two figures that a person can estimate. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly p95Ms: number };

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** A draw never exceeds this multiple of the distribution's scale: a tail without a bound can stall a run. */
const TAIL_MAX = 50;

export function draw(distribution: Distribution, stream: RandomStream): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms;
    case 'uniform':
      return distribution.minMs + stream.unit() * (distribution.maxMs - distribution.minMs);
    case 'exponential':
      return Math.min(-Math.log(1 - stream.unit()), TAIL_MAX) * distribution.meanMs;
    case 'lognormal': {
      if (distribution.medianMs <= 0) return 0;
      const sigma = Math.log(distribution.p95Ms / distribution.medianMs) / Z95;
      return distribution.medianMs * Math.min(Math.exp(sigma * stream.normal()), TAIL_MAX);
    }
    default:
      return never(distribution);
  }
}

/** The mean, for plans and estimates of peak in flight. */
export function meanMs(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms;
    case 'uniform':
      return (distribution.minMs + distribution.maxMs) / 2;
    case 'exponential':
      return distribution.meanMs;
    case 'lognormal': {
      if (distribution.medianMs <= 0) return 0;
      const sigma = Math.log(distribution.p95Ms / distribution.medianMs) / Z95;
      return distribution.medianMs * Math.exp((sigma * sigma) / 2);
    }
    default:
      return never(distribution);
  }
}
