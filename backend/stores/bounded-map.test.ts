import { expect, it } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

it('refuses what it has no room for, counts it, and still replaces what it has', () => {
  const map = new BoundedMap<string, number>(2);
  expect([map.set('a', 1), map.set('b', 2), map.set('c', 3)]).toEqual([true, true, false]);
  expect(map.set('a', 4)).toBe(true);
  expect([map.get('a'), map.get('c'), map.size, map.refused]).toEqual([4, undefined, 2, 1]);
  map.delete('b');
  expect(map.set('c', 3)).toBe(true);
});
