import { array, assert, nat, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { dealt } from './dealing.ts';

it('gives each group as many members as it counts, for any seed', () => {
  assert(
    property(string(), array(nat(40), { minLength: 1, maxLength: 8 }), (seed, counts) => {
      const found = counts.map(() => 0);
      for (const group of dealt(seed, counts)) found[group]!++;
      expect(found).toEqual(counts);
    }),
  );
});

it('deals the same for the same seed, otherwise for another', () => {
  expect(dealt('a', [20, 20])).toEqual(dealt('a', [20, 20]));
  expect(dealt('a', [20, 20])).not.toEqual(dealt('b', [20, 20]));
});
