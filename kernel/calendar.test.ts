import { expect, it } from 'vitest';
import { isoEpochMs, isoTime } from './calendar.ts';

it.each([0, 951_827_696_500, 1_767_225_600_007, 4_102_444_799_999])('reads %i as it was written', (epochMs) => {
  expect(isoEpochMs(isoTime(epochMs))).toBe(epochMs);
});

it('reads other fractions, and nothing that is no instant', () => {
  expect(isoEpochMs('2026-01-01T00:00:00Z')).toBe(1_767_225_600_000);
  expect(isoEpochMs('2026-01-01T00:00:00.1234567Z')).toBe(1_767_225_600_123);
  for (const text of ['', '2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:00', '2026-01-01']) {
    expect(isoEpochMs(text), text).toBeUndefined();
  }
});
