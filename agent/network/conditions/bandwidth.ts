// Bytes take time: up at the rate of requests, down at the rate of replies. Each device has its link to itself.
import { rateOf, transferMs } from './condition.ts';
import type { LinkFacts, Passage } from './condition.ts';

export function bandwidth(passage: Passage, link: LinkFacts): void {
  passage.delayMs += transferMs(passage.bytes, rateOf(passage, link));
}
