// Distance: each one-way trip takes the profile's latency, more or less. Jitter never makes a trip shorter than half its latency,
// since light does not hurry.
import type { LinkFacts, Passage } from './condition.ts';

export function latency(passage: Passage, link: LinkFacts): void {
  const { latencyMs, jitterMs } = link.profile;
  if (latencyMs === 0) return;
  // The trips of one passage vary independently, so their deviations add up as squares.
  const deviationMs = jitterMs === 0 ? 0 : jitterMs * Math.sqrt(passage.trips) * link.stream.normal();
  passage.delayMs += Math.max(passage.trips * latencyMs + deviationMs, (passage.trips * latencyMs) / 2);
}
