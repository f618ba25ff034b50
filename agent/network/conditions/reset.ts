// The connection breaks in the middle of an exchange: the request is out, the reply does not come back.
import type { LinkFacts, Passage } from './condition.ts';

export function reset(passage: Passage, link: LinkFacts): void {
  if (passage.kind === 'request' && link.faults.reset > 0 && link.stream.chance(link.faults.reset)) {
    passage.fate = 'reset';
  }
}
