import { groupOfUser } from '../../catalog/tenant.ts';
import { describe, expect, it } from 'vitest';
import type { FaultConfig } from '../../catalog/faults.ts';
import type { OperationName } from '../../catalog/services.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { TestTenant } from '../fixtures/tenant.ts';
import { textReply } from '../http/message.ts';
import type { BackendRequest, Handler, Reply, Route } from '../http/message.ts';
import { FaultLayer } from './fault-layer.ts';

const ANYWHERE: FaultConfig = {
  fault: 'server-error',
  rate: 1,
  cohort: null,
  service: 'login',
  fromMs: 0,
  untilMs: null,
  delayMs: 0,
};

interface Faulty extends TestTenant {
  readonly layer: FaultLayer;
  readonly ask: (request: BackendRequest) => number;
  /** How often the service itself was asked. */
  readonly asked: () => number;
}

function faulty(faults: readonly Partial<FaultConfig>[], operation: OperationName = 'token', seed = 'unit'): Faulty {
  const made = testTenant({ seed, faults: faults.map((fault) => ({ ...ANYWHERE, ...fault })) });
  const layer = new FaultLayer(made.tenant);
  let asked = 0;
  const handle = (): Reply => {
    asked++;
    return textReply(200, 'well');
  };
  const route: Route = { method: 'GET', path: '/', operation, handle };
  const handler: Handler = layer.around('login', route);
  return { ...made, layer, ask: (request) => handler(request).status, asked: () => asked };
}

const nobody = testRequest();

function user(index: number): BackendRequest {
  return testRequest({ parameters: { upn: `user${index}@flotilla.example` } });
}

describe('the faults of a tenant', () => {
  it('cost nothing where there are none: the handler is the very same', () => {
    const { tenant } = testTenant({ faults: [{ ...ANYWHERE, service: 'join' }] });
    const layer = new FaultLayer(tenant);
    const route: Route = { method: 'GET', path: '/', operation: 'token', handle: () => textReply(200, '') };
    expect(layer.around('login', route)).toBe(route.handle);
    expect(layer.fateOf('login')).toBeUndefined();
  });

  it('begin when they are told to, and last as long as their window', async () => {
    const { clock, layer, ask, asked } = faulty([{ fromMs: 1_000, untilMs: 2_000 }]);
    await clock.advance(5_000);
    expect(ask(nobody)).toBe(200);
    layer.begin();
    const seen: number[] = [];
    for (const stepMs of [999, 1, 999, 1]) {
      await clock.advance(stepMs);
      seen.push(ask(nobody));
    }
    expect(seen).toEqual([200, 500, 500, 200]);
    expect(asked()).toBe(3);
    expect(layer.counts()).toEqual({ 'server-error': 2 });
  });

  it('are met by a device always or never, by the share that was asked for, the same for a seed', () => {
    const whoMeets = (seed: string): string => {
      const { layer, ask } = faulty([{ rate: 0.3 }], 'token', seed);
      layer.begin();
      const statuses = Array.from({ length: 1_000 }, (_, index) => ask(user(index)));
      expect(statuses.map((_, index) => ask(user(index)))).toEqual(statuses);
      const share = statuses.filter((status) => status === 500).length / statuses.length;
      expect(Math.abs(share - 0.3)).toBeLessThan(0.05);
      return statuses.join();
    };
    expect(whoMeets('unit')).toBe(whoMeets('unit'));
    expect(whoMeets('unit')).not.toBe(whoMeets('another'));
  });

  it('are drawn one by one for nobody in particular', () => {
    const draws = (): string => {
      const { layer, ask } = faulty([{ rate: 0.5 }]);
      layer.begin();
      return Array.from({ length: 200 }, () => ask(nobody)).join();
    };
    const [first] = [draws()];
    expect(first).toContain('200');
    expect(first).toContain('500');
    expect(draws()).toBe(first);
  });

  it('of a cohort are met by its users and by nobody else', () => {
    const [group] = testTenant().tenant.config.groups;
    const other = { ...group!, tag: 'other', accounts: { ...group!.accounts, count: 10 } };
    const first = { ...group!, accounts: { ...group!.accounts, count: 10 } };
    const { tenant } = testTenant({ users: 20, groups: [first, other], faults: [{ ...ANYWHERE, cohort: 'other' }] });
    const users = Array.from({ length: 20 }, (_, index) => index);
    const [ofFirst = 0, ofOther = 0] = ['default', 'other'].map((tag) =>
      users.find((index) => groupOfUser(tenant.config, index)?.tag === tag),
    );
    const layer = new FaultLayer(tenant);
    layer.begin();
    const handle = layer.around('login', { method: 'GET', path: '/', handle: () => textReply(200, '') });
    expect([user(ofFirst), user(ofOther), nobody].map((request) => handle(request).status)).toEqual([200, 500, 200]);
  });

  it('stand around each other, the first outermost, and only where they act', () => {
    const { layer, tenant } = faulty([
      { fault: 'slow', delayMs: 70 },
      { fault: 'slow', delayMs: 7 },
      { fault: 'throttled', delayMs: 1_001 },
      { fault: 'user-unknown', service: null },
    ]);
    layer.begin();
    const route: Route = { method: 'GET', path: '/', operation: 'token', handle: () => textReply(200, '') };
    expect(layer.around('login', route)(nobody)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '2' },
      delivery: { delayMs: 77 },
    });
    expect(layer.counts()).toEqual({ slow: 2, throttled: 1, 'user-unknown': 0 });
    expect(tenant.config.faults).toHaveLength(4);
  });

  it('of connections are drawn one by one, in their window', async () => {
    const { clock, layer } = faulty([{ fault: 'handshake-stalled', rate: 0.5, untilMs: 1_000 }]);
    expect(layer.fateOf('login')).toBeUndefined();
    layer.begin();
    const fates = new Set(Array.from({ length: 50 }, () => layer.fateOf('login')));
    expect(fates).toEqual(new Set([undefined, 'stalled']));
    expect(layer.fateOf('join')).toBeUndefined();
    await clock.advance(1_000);
    expect(Array.from({ length: 50 }, () => layer.fateOf('login')).filter(Boolean)).toEqual([]);
  });
});
