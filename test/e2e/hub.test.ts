// The telemetry hub against strangers and bad shards: without the token no frame is taken, and with it only what the rules allow.
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RealClock } from '../../kernel/clock.ts';
import { fail, ok } from '../../kernel/result.ts';
import { Hub } from '../../orchestrator/hub.ts';
import { decodeFrame, encodeFrame } from '../../telemetry/frames.ts';
import { sampleFrame } from '../../telemetry/fixtures/records.ts';
import { decodeHubMessage, encodeMessage, MESSAGE_BYTES_MAX, MESSAGES_VERSION } from '../../telemetry/messages.ts';
import type { HubMessage, ShardMessage } from '../../telemetry/messages.ts';

const TOKEN = 'the-token';
const HELLO = { kind: 'hello', version: MESSAGES_VERSION, shard: 0 } as const satisfies ShardMessage;

let hub: Hub;
let url: string;
let kept: number[];
let heard: string[];

beforeEach(async () => {
  kept = [];
  heard = [];
  hub = new Hub({
    token: TOKEN,
    shards: 2,
    clock: new RealClock(),
    keepFrame: (_shard, bytes) => {
      const frame = decodeFrame(bytes);
      if (!frame.ok) return fail(frame.error.reason);
      if (frame.value.sequence > kept.length + 1) return fail(`frame ${kept.length + 1} is missing`);
      if (frame.value.sequence === kept.length + 1) kept.push(frame.value.sequence);
      return ok(kept.length);
    },
    lastSequence: () => kept.length,
    onReady: (shard, registered) => heard.push(`ready ${shard} ${registered}`),
    onFailed: (shard, message) => heard.push(`failed ${shard} ${message}`),
    onTrace: (device) => heard.push(`trace ${device}`),
    onBye: (shard) => heard.push(`bye ${shard}`),
  });
  url = await hub.listen();
});
afterEach(() => hub.close());

interface Line {
  readonly socket: WebSocket;
  readonly messages: HubMessage[];
  say(message: ShardMessage): void;
  /** Comes when so many messages have come. */
  has(count: number): Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

async function connect(token = TOKEN): Promise<Line> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  const messages: HubMessage[] = [];
  let wake = (): void => {};
  socket.on('message', (data: Buffer) => {
    const message = decodeHubMessage(data);
    if (message.ok) messages.push(message.value);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await once(socket, 'open');
  return {
    socket,
    messages,
    closed,
    say: (message) => socket.send(encodeMessage(message)),
    has: async (count) => {
      while (messages.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

function frame(sequence: number): ShardMessage {
  return { kind: 'frame', bytes: encodeFrame(sampleFrame({ sequence })) };
}

describe('without the token', () => {
  it.each([['another token'], [''], [`${TOKEN}x`]])('"%s" gets a 401 and no connection', async (token) => {
    await expect(connect(token)).rejects.toThrow('401');
    expect(kept).toEqual([]);
  });

  it('plain HTTP gets nothing either', async () => {
    const reply = await fetch(url.replace('ws:', 'http:'));
    expect(reply.status).toBe(426);
  });
});

describe('a shard', () => {
  it('gets orders and start when it says hello, whenever that is', async () => {
    const early = await connect();
    early.say(HELLO);
    hub.order((shard) => ({
      kind: 'orders',
      plan: {} as never,
      shard,
      of: 2,
      endpoints: {} as never,
      trust: { ca: null },
    }));
    hub.tell({ kind: 'start', atWallMs: 5 });
    await early.has(2);
    const late = await connect();
    late.say({ ...HELLO, shard: 1 });
    await late.has(2);
    expect(early.messages.map(({ kind }) => kind)).toEqual(['orders', 'start']);
    expect(late.messages).toEqual([
      { ...early.messages[0], shard: 1 },
      { kind: 'start', atWallMs: 5 },
    ]);
  });

  it('has each frame acknowledged, and one that it repeats taken once', async () => {
    const line = await connect();
    line.say(HELLO);
    for (const sequence of [1, 2, 1, 2, 3]) line.say(frame(sequence));
    await line.has(5);
    expect(line.messages.at(-1)).toEqual({ kind: 'ack', sequence: 3 });
    expect(kept).toEqual([1, 2, 3]);
  });

  it('that comes again learns what is kept, and its old line is gone', async () => {
    const old = await connect();
    old.say(HELLO);
    old.say(frame(1));
    await old.has(1);
    const again = await connect();
    again.say(HELLO);
    await again.has(1);
    expect(again.messages).toEqual([{ kind: 'ack', sequence: 1 }]);
    await old.closed;
  });

  it('is heard: ready, failed, bye', async () => {
    const line = await connect();
    line.say(HELLO);
    line.say({ kind: 'ready', shard: 0, registered: 7, registrationSeconds: 0.1 });
    line.say({ kind: 'failed', message: 'oops' });
    line.say({ kind: 'bye' });
    line.say(frame(1));
    await line.has(1);
    expect(heard).toEqual(['ready 0 7', 'failed 0 oops', 'bye 0']);
  });
});

describe('is turned away', () => {
  it.each<[string, ShardMessage[], string]>([
    ['who does not say hello', [frame(1)], 'hello comes first'],
    ['another version', [{ ...HELLO, version: 99 }], `message version 99, not ${MESSAGES_VERSION}`],
    ['a shard of no plan', [{ ...HELLO, shard: 2 }], 'there is no shard 2'],
    ['who says hello twice', [HELLO, HELLO], 'hello comes once'],
    ['who leaves a gap', [HELLO, frame(1), frame(3)], 'frame 2 is missing'],
    ['who sends what is no frame', [HELLO, { kind: 'frame', bytes: Uint8Array.of(1) }], 'frame is not a list'],
  ])('%s', async (_who, messages, reason) => {
    const line = await connect();
    for (const message of messages) line.say(message);
    const closed = await line.closed;
    expect(closed.code).toBe(1008);
    expect(closed.reason).toContain(reason);
    expect(kept.length).toBeLessThanOrEqual(1);
  });

  it('text, noise, and more than the bound', async () => {
    const [text, noise, large] = [await connect(), await connect(), await connect()];
    text.socket.send('hello');
    noise.socket.send(Uint8Array.of(0xc1, 2, 3));
    large.socket.send(new Uint8Array(MESSAGE_BYTES_MAX + 1));
    expect((await text.closed).reason).toBe('not a binary message');
    expect((await noise.closed).reason).toContain('not msgpack');
    expect((await large.closed).code).toBe(1009);
  });
});
