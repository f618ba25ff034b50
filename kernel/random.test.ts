import { describe, expect, it } from 'vitest';
import { randomStream } from './random.ts';

describe('randomStream', () => {
  it('gives the same numbers for the same name and others for another', () => {
    const draws = (seed: string, index: number, purpose: string): number[] => {
      const stream = randomStream(seed, index, purpose);
      return Array.from({ length: 8 }, () => stream.uint32());
    };
    expect(draws('a', 1, 'keys')).toEqual(draws('a', 1, 'keys'));
    expect(draws('a', 1, 'keys')).not.toEqual(draws('b', 1, 'keys'));
    expect(draws('a', 1, 'keys')).not.toEqual(draws('a', 2, 'keys'));
    expect(draws('a', 1, 'keys')).not.toEqual(draws('a', 1, 'people'));
  });

  it('is pinned: a change of the generator would change every identity of every seed', () => {
    const stream = randomStream('flotilla', 0, 'pinned');
    expect([stream.uint32(), stream.uint32(), stream.uint32()]).toMatchInlineSnapshot(`
      [
        2746864005,
        3092671158,
        4116075852,
      ]
    `);
    expect(stream.guid()).toMatchInlineSnapshot(`"b5c4a840-1399-42c1-b74f-382b197830bc"`);
  });

  it('spreads evenly over devices: neighbouring indexes share nothing', () => {
    const buckets = Array.from({ length: 16 }, () => 0);
    for (let index = 0; index < 16_000; index++) buckets[Math.floor(randomStream('s', index, 'p').unit() * 16)]! += 1;
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('draws a standard normal', () => {
    const stream = randomStream('s', 0, 'normal');
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 20_000; i++) {
      const value = stream.normal();
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / 20_000)).toBeLessThan(0.03);
    expect(Math.abs(squares / 20_000 - 1)).toBeLessThan(0.05);
  });

  it('writes version 4 GUIDs', () => {
    expect(randomStream('s', 0, 'guid').guid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
