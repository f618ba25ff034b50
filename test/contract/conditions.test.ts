// What every condition of a link must keep to, whichever it is; and what each is for, in numbers. Adding a condition adds it here.
import { describe, expect, it } from 'vitest';
import { CONDITION_FUNCTIONS } from '../../agent/network/conditions/catalog.ts';
import type { LinkFacts, Passage } from '../../agent/network/conditions/condition.ts';
import { sustainedMbps } from '../../agent/network/conditions/loss.ts';
import { Link } from '../../agent/network/link.ts';
import { CONDITION_NAMES } from '../../catalog/conditions.ts';
import type { ConditionName } from '../../catalog/conditions.ts';
import { NETWORK_PROFILES, NETWORK_PROFILE_NAMES } from '../../catalog/network-profiles.ts';
import type { NetworkProfile } from '../../catalog/network-profiles.ts';
import { RandomStream } from '../../kernel/random.ts';

const KINDS = ['connect', 'request', 'reply'] as const;
const NO_FAULTS = { reset: 0, drop: 0 };
const HARSH: NetworkProfile = { ...NETWORK_PROFILES.satellite, loss: 0.3 };

function link(profile: NetworkProfile, faults = NO_FAULTS, name = 'contract'): LinkFacts {
  return { profile, faults, stream: new RandomStream(name) };
}

function passage(kind: Passage['kind'] = 'request', bytes = 5000): Passage {
  return { kind, trips: kind === 'connect' ? 4 : 1, bytes, delayMs: 0, fate: 'arrives' };
}

function after(name: ConditionName, facts: LinkFacts, before: Passage): Passage {
  CONDITION_FUNCTIONS[name](before, facts);
  return before;
}

/** Mean delay of many passages. */
function meanMs(name: ConditionName, facts: LinkFacts, make: () => Passage): number {
  const count = 2000;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += after(name, facts, make()).delayMs;
  return sum / count;
}

describe.each(CONDITION_NAMES)('condition %s', (name) => {
  it('does nothing on a link that is only a loopback, and draws nothing', () => {
    for (const kind of KINDS) {
      const facts = link(NETWORK_PROFILES.loopback);
      expect(after(name, facts, passage(kind))).toEqual(passage(kind));
      expect(facts.stream.uint32()).toBe(new RandomStream('contract').uint32());
    }
  });

  it('only ever adds time, finite, on every named link', () => {
    for (const profile of [...NETWORK_PROFILE_NAMES.map((key) => NETWORK_PROFILES[key]), HARSH]) {
      const facts = link(profile, { reset: 0.5, drop: 0.5 });
      for (const kind of KINDS) {
        for (const bytes of [0, 1, 1500, 10_000_000]) {
          const before = { ...passage(kind, bytes), delayMs: 7 };
          const { delayMs } = after(name, facts, before);
          expect(Number.isFinite(delayMs)).toBe(true);
          expect(delayMs).toBeGreaterThanOrEqual(7);
        }
      }
    }
  });

  it('is the same for the same stream', () => {
    const run = (): Passage[] => {
      const facts = link(HARSH, { reset: 0.5, drop: 0.5 });
      return Array.from({ length: 50 }, (_, i) => after(name, facts, passage(KINDS[i % 3])));
    };
    expect(run()).toEqual(run());
  });
});

describe('what each condition is for', () => {
  const flat: NetworkProfile = { ...NETWORK_PROFILES.loopback, latencyMs: 20 };

  it('latency: the trips of a passage, with jitter around them', () => {
    expect(after('latency', link(flat), passage('request')).delayMs).toBe(20);
    expect(after('latency', link(flat), passage('connect')).delayMs).toBe(80);
    const jittery = link({ ...flat, jitterMs: 5 });
    expect(meanMs('latency', jittery, passage)).toBeCloseTo(20, 0);
    expect(after('latency', jittery, passage()).delayMs).not.toBe(after('latency', jittery, passage()).delayMs);
  });

  it('bandwidth: bytes by direction', () => {
    const facts = link({ ...NETWORK_PROFILES.loopback, upMbps: 1, downMbps: 8 });
    expect(after('bandwidth', facts, passage('request', 1000)).delayMs).toBe(8);
    expect(after('bandwidth', facts, passage('reply', 1000)).delayMs).toBe(1);
  });

  it('loss: a mean cost that follows its share, and goodput below the line rate', () => {
    const costAt = (share: number): number =>
      meanMs('loss', link({ ...flat, loss: share }), () => passage('request', 100));
    expect(costAt(0.01)).toBeGreaterThan(0.5 * 0.01 * 300);
    expect(costAt(0.01)).toBeLessThan(2 * 0.01 * 300);
    expect(costAt(0.1)).toBeGreaterThan(5 * costAt(0.01));
    expect(sustainedMbps(0.01, 100)).toBeLessThan(sustainedMbps(0.001, 100));
    expect(sustainedMbps(0.0001, 40)).toBeGreaterThan(20);
    const bulk = link({ ...flat, downMbps: 100, loss: 0.01 });
    expect(after('loss', bulk, passage('reply', 1_000_000)).delayMs).toBeGreaterThan(1000);
  });

  it('reset and drop: requests only, at their probability', () => {
    for (const [name, fate] of [
      ['reset', 'reset'],
      ['drop', 'lost'],
    ] as const) {
      const facts = link(NETWORK_PROFILES.loopback, { ...NO_FAULTS, [name]: 0.25 });
      const fates = Array.from({ length: 4000 }, () => after(name, facts, passage()).fate);
      expect(fates.filter((seen) => seen === fate).length / 4000).toBeCloseTo(0.25, 1);
      expect(after(name, link(NETWORK_PROFILES.loopback, { reset: 1, drop: 1 }), passage('reply')).fate).toBe(
        'arrives',
      );
    }
  });
});

describe('Link', () => {
  it('composes the conditions of a profile', () => {
    const composed = new Link(
      { ...NETWORK_PROFILES.loopback, latencyMs: 10, upMbps: 1, downMbps: 2 },
      NO_FAULTS,
      new RandomStream('x'),
    );
    expect(composed.connect(true).delayMs).toBe(40);
    expect(composed.connect(false).delayMs).toBe(20);
    expect(composed.request(1000).delayMs).toBe(18);
    expect(composed.reply(1000).delayMs).toBe(14);
    expect(composed.downBytesPerMs).toBe(250);
  });

  it('costs nothing on a loopback and does not limit it', () => {
    const plain = new Link(NETWORK_PROFILES.loopback, NO_FAULTS, new RandomStream('x'));
    expect(plain.request(1e9)).toBe(plain.reply(0));
    expect(plain.downBytesPerMs).toBe(Infinity);
  });
});
