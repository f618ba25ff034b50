import { expect, it } from 'vitest';
import { formatBytes, formatDuration } from './units.ts';

it('writes durations as a person would', () => {
  expect([0.5, 850, 12_340, 245_000, 7_800_000].map(formatDuration)).toEqual([
    '0.50 ms',
    '850 ms',
    '12.3 s',
    '4 min 05 s',
    '2 h 10 min',
  ]);
});

it('writes sizes in powers of 1024', () => {
  expect([512, 1536, 3_355_443].map(formatBytes)).toEqual(['512 B', '1.5 KB', '3.2 MB']);
});
