// The emulated link of one device: its conditions composed. It says how long a passage takes and whether it arrives; waiting is
// the network's. A link that does nothing (loopback without faults) is recognised once and then costs a comparison.
import type { NetworkProfile } from '../../catalog/network-profiles.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { LinkFaults } from '../../scenarios/language/plan.ts';
import { CONDITION_FUNCTIONS } from './conditions/catalog.ts';
import type { Condition, LinkFacts, Passage } from './conditions/condition.ts';
import { sustainedMbps } from './conditions/loss.ts';

const CONDITIONS: readonly Condition[] = Object.values(CONDITION_FUNCTIONS);

export type Crossing = Readonly<Pick<Passage, 'delayMs' | 'fate'>>;

const AT_ONCE: Crossing = Object.freeze({ delayMs: 0, fate: 'arrives' });

export class Link implements LinkFacts {
  readonly profile: NetworkProfile;
  readonly faults: LinkFaults;
  readonly stream: RandomStream;
  readonly #transparent: boolean;

  constructor(profile: NetworkProfile, faults: LinkFaults, stream: RandomStream) {
    this.profile = profile;
    this.faults = faults;
    this.stream = stream;
    const { latencyMs, jitterMs, downMbps, upMbps, loss } = profile;
    this.#transparent = latencyMs + jitterMs + downMbps + upMbps + loss + faults.reset + faults.drop === 0;
  }

  /** A TCP handshake, and a TLS 1.3 handshake if the service is secure: one round trip each. */
  connect(secure: boolean): Crossing {
    return this.#cross('connect', secure ? 4 : 2, 0);
  }

  request(bytes: number): Crossing {
    return this.#cross('request', 1, bytes);
  }

  reply(bytes: number): Crossing {
    return this.#cross('reply', 1, bytes);
  }

  /** The rate at which a download goes on, bytes a millisecond; Infinity where nothing limits it. */
  get downBytesPerMs(): number {
    const { downMbps, loss, latencyMs } = this.profile;
    const limits = [downMbps, loss === 0 ? 0 : sustainedMbps(loss, 2 * latencyMs)].filter((rate) => rate > 0);
    return limits.length === 0 ? Infinity : (Math.min(...limits) * 1000) / 8;
  }

  #cross(kind: Passage['kind'], trips: number, bytes: number): Crossing {
    if (this.#transparent) return AT_ONCE;
    const passage: Passage = { kind, trips, bytes, delayMs: 0, fate: 'arrives' };
    for (const condition of CONDITIONS) condition(passage, this);
    return passage;
  }
}
