import { expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { EPOCH_MS, testTenant } from '../fixtures/tenant.ts';
import { isoTime } from '../iso-time.ts';
import { GraphSync } from './graph-sync.ts';

it('syncs each ten minutes at most: 409 while it does, 429 when it is too soon, and says so in the settings', async () => {
  const { tenant, clock } = testTenant({ speed: 2 });
  const sync = new GraphSync(tenant);
  const asked = (): unknown[] => {
    const { status, headers } = sync.sync();
    return [status, headers?.['retry-after']];
  };
  const settings = (): Record<string, unknown> => JSON.parse(sync.settings().body as string) as Record<string, unknown>;
  expect(settings()).toMatchObject({ syncStatus: 'unknown', lastSyncDateTime: null });
  expect(asked()).toEqual([204, undefined]);
  expect(settings()).toMatchObject({ syncStatus: 'inProgress', lastManualSyncTriggerDateTime: isoTime(EPOCH_MS) });
  await clock.advance(5 * SECOND_MS);
  expect(asked()).toEqual([409, '10']);
  await clock.advance(10 * SECOND_MS);
  expect(settings()).toMatchObject({ syncStatus: 'completed', lastSyncDateTime: isoTime(EPOCH_MS + 15 * SECOND_MS) });
  expect(asked()).toEqual([429, '285']);
  await clock.advance(5 * MINUTE_MS - 15 * SECOND_MS);
  expect(asked()).toEqual([204, undefined]);
});
