import * as fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { decodeHubMessage, decodeShardMessage, encodeMessage, MESSAGE_BYTES_MAX } from './messages.ts';
import type { HubMessage, ShardMessage, TraceEntry } from './messages.ts';

const entry: TraceEntry = {
  atMs: 1_700_000_000_000,
  service: 'login',
  operation: 'token',
  method: 'POST',
  url: 'https://login.localhost/token',
  status: '200',
  durationMs: 12.5,
  requestBody: 'grant_type=***',
  replyBody: '{}',
};

const fromShard: ShardMessage[] = [
  { kind: 'hello', version: 1, shard: 2 },
  { kind: 'ready', shard: 2, registered: 100, registrationSeconds: 0.25 },
  { kind: 'frame', bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'trace', device: 7, entries: [entry] },
  { kind: 'failed', message: 'no registration service' },
  { kind: 'bye' },
];

const fromHub: HubMessage[] = [
  {
    kind: 'orders',
    plan: { name: 'x' },
    shard: 1,
    of: 2,
    endpoints: {} as never,
    trust: { ca: null },
    registrationToken: 'secret',
    traceDevice: 3,
  },
  { kind: 'start', atWallMs: 1_700_000_000_000.5 },
  { kind: 'ack', sequence: 9 },
  { kind: 'stop-arrivals' },
  { kind: 'finish', withinMs: 10_000 },
  { kind: 'halt' },
];

function pack(value: unknown): Uint8Array {
  return new Packr({ useRecords: false }).pack(value);
}

describe('messages', () => {
  it.each(fromShard)('of a shard are read as they were written: $kind', (message) => {
    const read = decodeShardMessage(encodeMessage(message));
    expect(read).toEqual({
      ok: true,
      value: message.kind === 'frame' ? { ...message, bytes: Buffer.from(message.bytes) } : message,
    });
  });

  it.each(fromHub)('of the hub are read as they were written: $kind', (message) => {
    expect(decodeHubMessage(encodeMessage(message))).toEqual({ ok: true, value: message });
  });

  it.each([
    [{ kind: 'hello', version: 1 }, 'hello without version or shard'],
    [{ kind: 'ready', shard: -1, registered: 0, registrationSeconds: 0 }, 'ready without its numbers'],
    [{ kind: 'frame', bytes: 'text' }, 'frame without bytes'],
    [{ kind: 'trace', device: 1, entries: [{ ...entry, url: 5 }] }, 'trace without entries'],
    [{ kind: 'halt' }, 'unknown message "halt"'],
    [['hello'], 'not a message'],
  ])('of a shard are refused: %j', (message, reason) => {
    expect(decodeShardMessage(pack(message))).toEqual({ ok: false, error: { kind: 'format', offset: 0, reason } });
  });

  it('are refused when they are larger than the bound', () => {
    expect(decodeShardMessage(new Uint8Array(MESSAGE_BYTES_MAX + 1)).ok).toBe(false);
  });

  it('are values or errors, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect([decodeShardMessage(bytes).ok, decodeHubMessage(bytes).ok]).toEqual([false, false]);
      }),
    );
  });
});
