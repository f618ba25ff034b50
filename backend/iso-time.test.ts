import { expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

it('writes instants in UTC with milliseconds', () => {
  expect(isoTime(1_767_225_600_007)).toBe('2026-01-01T00:00:00.007Z');
  expect(isoTime(951_827_696_500.9)).toBe('2000-02-29T12:34:56.500Z');
});
