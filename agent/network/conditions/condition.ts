// What one condition is a function of. A condition adds to how long a passage takes, or decides that it does not arrive; it
// neither waits nor touches a socket, so each is arithmetic and can be tested without time.
import type { NetworkProfile } from '../../../catalog/network-profiles.ts';
import type { RandomStream } from '../../../kernel/random.ts';
import type { LinkFaults } from '../../../scenarios/language/plan.ts';

/** A device's side of the path to any service. */
export interface LinkFacts {
  readonly profile: NetworkProfile;
  readonly faults: LinkFaults;
  readonly stream: RandomStream;
}

/** Something that crosses the link: a handshake, a request on its way up, or a reply on its way down. */
export interface Passage {
  kind: 'connect' | 'request' | 'reply';
  /** One-way trips: a handshake makes several. */
  trips: number;
  bytes: number;
  /** Real milliseconds that the passage takes beyond what the machine itself takes. */
  delayMs: number;
  /** `reset`: the connection breaks after it; `lost`: it never arrives, and nobody says so. */
  fate: 'arrives' | 'reset' | 'lost';
}

export type Condition = (passage: Passage, link: LinkFacts) => void;

/** Payload of one full packet (Ethernet: 1500 bytes less IP, TCP and its time stamps). */
export const SEGMENT_BYTES = 1448;

/** Real milliseconds that bytes take at a rate in Mbit/s; a rate of 0 is unlimited. */
export function transferMs(bytes: number, megabitsPerSecond: number): number {
  return megabitsPerSecond === 0 ? 0 : (bytes * 8) / (megabitsPerSecond * 1000);
}

/** Rate of the direction in which a passage goes, Mbit/s; 0 is unlimited. */
export function rateOf(passage: Passage, link: LinkFacts): number {
  return passage.kind === 'reply' ? link.profile.downMbps : link.profile.upMbps;
}
