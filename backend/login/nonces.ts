// Nonces of the Windows sign-in ([MS-OAPXBC] 3.1.5.1.1): each is good once, for five minutes. Only those that were used are kept,
// until they would have lapsed anyway.
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import type { Seal } from '../seal.ts';

const LIFETIME_MS = 5 * MINUTE_MS;

export class Nonces {
  readonly #clock: Clock;
  readonly #seal: Seal;
  #next = 0;
  /** Used nonces with the time at which they lapse, in the order of their use. */
  readonly #used = new Map<string, number>();

  constructor(clock: Clock, seal: Seal) {
    this.#clock = clock;
    this.#seal = seal;
  }

  issue(): string {
    const number = this.#next++;
    return this.#seal.close('request-nonce', `${number} ${this.#clock.nowMs() + LIFETIME_MS}`);
  }

  /** Whether the nonce is one of ours, in time and not used before; it is used now. */
  redeem(nonce: string): boolean {
    const text = this.#seal.open('request-nonce', nonce);
    const nowMs = this.#clock.nowMs();
    const expiresMs = Number(text?.split(' ')[1] ?? 0);
    if (text === undefined || expiresMs <= nowMs || this.#used.has(text)) return false;
    for (const [used, lapsesMs] of this.#used) {
      if (lapsesMs > nowMs && this.#used.size < LIMITS.backendEntitiesMax) break;
      this.#used.delete(used);
    }
    // Used later means that it stays longer: what is dropped first has lapsed first.
    this.#used.set(text, nowMs + LIFETIME_MS);
    return true;
  }
}
