import { describe, expect, it } from 'vitest';
import { stepFailure } from '../catalog/failures.ts';
import { VirtualClock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { ok } from '../kernel/result.ts';
import { Stop } from '../kernel/stop.ts';
import { SECOND_MS } from '../kernel/units.ts';
import type { DeviceNetwork } from './network/device-network.ts';
import { Reply } from './network/reply.ts';
import type { ExchangeRequest } from './network/request.ts';
import { importOneByOne } from './single-imports.ts';

const ROW = { serialNumber: 'S', productId: '', hardwareHash: 'T0EEAA==' };

/** A service that completes imports with even ids after some polls of each, refuses the others, and may throttle. */
function service(options: { readonly polls: number; readonly throttledFirst?: number }) {
  const polls = new Map<string, number>();
  const asked: string[] = [];
  let imports = 0;
  let throttles = options.throttledFirst ?? 0;
  const exchange = async (_service: string, operation: string, { target }: ExchangeRequest) => {
    asked.push(operation);
    if (throttles-- > 0) return stepFailure('throttled', 'test');
    if (operation === 'import') return ok(new Reply(201, [], Buffer.from(`{"id":"${imports++}"}`)));
    const id = target.split('/').at(-1)!;
    const times = (polls.get(id) ?? 0) + 1;
    polls.set(id, times);
    const status = times < options.polls ? 'pending' : Number(id) % 2 === 0 ? 'complete' : 'error';
    return ok(new Reply(200, [], Buffer.from(`{"state":{"deviceImportStatus":"${status}","deviceErrorCode":808}}`)));
  };
  return { network: { exchange, close: () => {} } as unknown as DeviceNetwork, asked };
}

async function importing({ network }: { network: DeviceNetwork }, count: number, stop = new Stop()) {
  const clock = new VirtualClock(0, 60);
  const rows = Array.from({ length: count }, (_, index) => index);
  const ended: unknown[] = [];
  const importing = importOneByOne(network, 'token', { rows, row: () => ROW }, { clock, stop });
  const ending = importing.then((result) => ended.push(result));
  let halfMinutes = 0;
  for (; ended.length === 0 && halfMinutes <= LIMITS.importPollsMax; halfMinutes++) await clock.advance(SECOND_MS / 2);
  await ending;
  return { ended: ended[0], halfMinutes };
}

describe('imports one by one', () => {
  it('polls each half minute of device time until all have an outcome, and counts those that were completed', async () => {
    const answering = service({ polls: 3 });
    expect(await importing(answering, 5)).toEqual({ ended: ok(3), halfMinutes: 3 });
    expect(answering.asked.filter((operation) => operation === 'import')).toHaveLength(5);
    expect(answering.asked.filter((operation) => operation === 'import-state')).toHaveLength(15);
  });

  it('begins again where it is throttled, and gives up when nothing passes any more', async () => {
    const slow = service({ polls: 1, throttledFirst: LIMITS.throttledTimesMax - 1 });
    expect((await importing(slow, 1)).ended).toEqual(ok(1));
    const closed = service({ polls: 1, throttledFirst: Infinity });
    expect((await importing(closed, 1)).ended).toMatchObject({ error: { code: 'throttled' } });
    expect(closed.asked).toHaveLength(LIMITS.throttledTimesMax);
  });

  it('ends with the run, and with an import that never has an outcome', async () => {
    const stop = new Stop();
    stop.stop();
    expect((await importing(service({ polls: 1 }), 1, stop)).ended).toMatchObject({ error: { code: 'abandoned' } });
    expect((await importing(service({ polls: Infinity }), 1)).ended).toMatchObject({
      error: { code: 'reply-timeout' },
    });
  });
});
