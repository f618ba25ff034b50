// The Retry-After of services that put a client off: the fault's delay, in whole seconds of real time.
import type { FaultConfig } from '../../catalog/faults.ts';
import { SECOND_MS } from '../../kernel/units.ts';

export function retryAfter({ delayMs }: FaultConfig): { readonly 'retry-after': string } {
  return { 'retry-after': String(Math.ceil(delayMs / SECOND_MS)) };
}
