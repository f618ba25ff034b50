import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { RandomStream } from '../../kernel/random.ts';
import { Reply } from './reply.ts';
import { replyRetry, retryAfterMs, retryDelayMs } from './retry.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

function reply(status: number, retryAfter?: string): Reply {
  return new Reply(status, retryAfter === undefined ? [] : ['retry-after', retryAfter], Buffer.alloc(0));
}

describe('replyRetry', () => {
  it('asks again where the service asked for it', () => {
    expect(replyRetry(reply(429))).toBe('throttled');
    expect(replyRetry(reply(503, '1'))).toBe('server-error');
    expect([200, 302, 400, 500, 503].map((status) => replyRetry(reply(status)))).toEqual(Array(5).fill(undefined));
  });
});

describe('retryAfterMs', () => {
  it('reads seconds and HTTP dates', () => {
    expect(retryAfterMs('7', NOW)).toBe(7000);
    expect(retryAfterMs('Fri, 02 Jan 2026 03:04:15 GMT', NOW)).toBe(10_000);
    expect(retryAfterMs('Fri, 02 Jan 2026 03:04:00 GMT', NOW)).toBe(0);
  });

  it('takes anything else for no wish', () => {
    expect(['', '-1', '1.5', 'soon', 'Fri, 32 Jan 2026 03:04:15 GMT'].map((field) => retryAfterMs(field, NOW))).toEqual(
      Array(5).fill(undefined),
    );
  });
});

describe('retryDelayMs', () => {
  it('obeys the service within the bound, never sooner than it asked', () => {
    const stream = new RandomStream('retry');
    const asked = retryDelayMs(reply(429, '2'), 1, NOW, stream);
    expect(asked).toBeGreaterThanOrEqual(2000);
    expect(asked).toBeLessThan(3000);
    expect(retryDelayMs(reply(429, '999999'), 1, NOW, stream)).toBeLessThan(LIMITS.retryAfterMaxMs * 1.5);
  });

  it('doubles its own back-off and spreads it', () => {
    const stream = new RandomStream('retry');
    const delays = [1, 2, 3].map((attempt) => retryDelayMs(undefined, attempt, NOW, stream) / LIMITS.retryBackoffMs);
    for (const [index, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(2 ** index);
      expect(delay).toBeLessThan(2 ** index * 1.5);
    }
    expect(retryDelayMs(undefined, 1, NOW, new RandomStream('a'))).not.toBe(
      retryDelayMs(undefined, 1, NOW, new RandomStream('b')),
    );
  });
});
