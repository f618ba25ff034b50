// Lost packets, as what they do to a transfer: a retransmission that somebody waits for, and a sending rate that stays below
// the link's. Packets themselves are not emulated: TCP on the loopback never loses one.
import { rateOf, SEGMENT_BYTES, transferMs } from './condition.ts';
import type { LinkFacts, Passage } from './condition.ts';

/** The shortest retransmission time-out of Windows (its default minimum). */
const RETRANSMISSION_MIN_MS = 300;
/** Below this many packets behind it, a lost one is not noticed by duplicate acknowledgements (RFC 5681, 3.2). */
const DUPLICATES = 3;

export function loss(passage: Passage, link: LinkFacts): void {
  const { loss: share, latencyMs } = link.profile;
  if (share === 0) return;
  const roundTripMs = 2 * latencyMs;
  const packets = Math.max(passage.trips, Math.ceil(passage.bytes / SEGMENT_BYTES));
  if (link.stream.chance(1 - (1 - share) ** packets)) {
    const noticed = link.stream.below(packets) < packets - DUPLICATES;
    passage.delayMs += noticed ? roundTripMs : Math.max(RETRANSMISSION_MIN_MS, 2 * roundTripMs);
  }
  const rate = rateOf(passage, link);
  const sustained = sustainedMbps(share, roundTripMs);
  if (rate === 0 || sustained < rate) {
    const beyondWindowBytes = Math.max(0, passage.bytes - INITIAL_WINDOW_BYTES);
    passage.delayMs += transferMs(beyondWindowBytes, sustained) - transferMs(beyondWindowBytes, rate);
  }
}

/** What a sender may have on the way at first (RFC 6928): short messages end before congestion control sets in. */
const INITIAL_WINDOW_BYTES = 10 * SEGMENT_BYTES;

/** The rate that congestion control reaches at a loss share: CUBIC's response function, or Reno's where that is faster (RFC 9438, 5.1). */
export function sustainedMbps(share: number, roundTripMs: number): number {
  const seconds = Math.max(roundTripMs, 1) / 1000;
  const windowPackets = Math.max(1.054 * (seconds / share) ** 0.75, 1.22 / Math.sqrt(share));
  return (windowPackets * SEGMENT_BYTES * 8) / seconds / 1e6;
}
