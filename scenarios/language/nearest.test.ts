import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest.ts';

describe('nearest name', () => {
  const names = ['count', 'cohorts', 'arrivals', 'description', 'esp'];
  it.each([
    ['cuont', 'count'],
    ['cohort', 'cohorts'],
    ['arivals', 'arrivals'],
    ['Description', 'description'],
    ['epsp', 'esp'],
  ])('%s is probably %s', (written, meant) => {
    expect(nearestName(written, names)).toBe(meant);
  });
  it('guesses nothing where nothing is near', () => {
    expect(nearestName('bandwidth', names)).toBeUndefined();
    expect(nearestName('x'.repeat(1000), names)).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
