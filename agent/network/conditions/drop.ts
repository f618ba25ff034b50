// The request is swallowed on the way: no answer, no error, until the time-out.
import type { LinkFacts, Passage } from './condition.ts';

export function drop(passage: Passage, link: LinkFacts): void {
  if (passage.kind === 'request' && link.faults.drop > 0 && link.stream.chance(link.faults.drop)) {
    passage.fate = 'lost';
  }
}
