import { expect, it } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { Seal } from '../seal.ts';
import { Nonces } from './nonces.ts';

it('is good once, for five minutes', async () => {
  const clock = new VirtualClock();
  const nonces = new Nonces(clock, new Seal('key'));
  const [first, second, third] = [nonces.issue(), nonces.issue(), nonces.issue()];
  expect(new Set([first, second, third]).size).toBe(3);
  expect([nonces.redeem(first), nonces.redeem(first)]).toEqual([true, false]);
  await clock.advance(5 * MINUTE_MS - 1);
  expect([nonces.redeem(second), nonces.redeem(first)]).toEqual([true, false]);
  await clock.advance(1);
  expect([nonces.redeem(third), nonces.redeem(first), nonces.redeem(second)]).toEqual([false, false, false]);
});

it('is ours', () => {
  const clock = new VirtualClock();
  const others = new Nonces(clock, new Seal('other key'));
  const nonces = new Nonces(clock, new Seal('key'));
  for (const nonce of ['', 'x', others.issue()]) expect(nonces.redeem(nonce)).toBe(false);
});
