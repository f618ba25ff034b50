// The shard's end of the telemetry line against a hub that forgets, drops the line and refuses: nothing is lost, and what is
// sent twice has the same sequence.
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { HubClient } from '../../agent/hub-client.ts';
import { RealClock } from '../../kernel/clock.ts';
import { decodeFrame } from '../../telemetry/frames.ts';
import { decodeShardMessage, encodeMessage, type HubMessage, type ShardMessage } from '../../telemetry/messages.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';

const clock = new RealClock();
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A hub on loopback that keeps what it hears and hands each connection to the test. */
async function hub(token = 'secret') {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === `Bearer ${token}`,
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const heard: ShardMessage[] = [];
  const sockets: WebSocket[] = [];
  let wake: () => void = () => {};
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const message = decodeShardMessage(data);
      if (message.ok) heard.push(message.value);
      wake();
    });
  });
  closers.push(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const address = server.address() as { port: number };
  return { url: `ws://127.0.0.1:${address.port}`, heard, sockets, until };
}

function client(url: string, token = 'secret') {
  const messages: HubMessage[] = [];
  const lost = Promise.withResolvers<string>();
  const line = new HubClient({
    url,
    token,
    shard: 3,
    clock,
    onMessage: (message) => messages.push(message),
    onLost: (reason) => lost.resolve(reason),
  });
  closers.push(() => line.close());
  return { line, messages, lost: lost.promise };
}

function sequences(heard: readonly ShardMessage[]): number[] {
  return heard.flatMap((message) => {
    if (message.kind !== 'frame') return [];
    const frame = decodeFrame(message.bytes);
    return frame.ok ? [frame.value.sequence] : [];
  });
}

describe('hub client', () => {
  it('says hello, sends frames, and knows when all are acknowledged', async () => {
    const { url, heard, sockets, until } = await hub();
    const { line, messages } = client(url);
    const recorder = new ShardRecorder(3, clock);
    line.sendFrame(recorder.takeFrame());
    line.sendFrame(recorder.takeFrame());
    await until(() => sequences(heard).length === 2);
    expect(heard[0]).toEqual({ kind: 'hello', version: 1, shard: 3 });
    sockets[0]!.send(encodeMessage({ kind: 'ack', sequence: 1 }));
    expect(await line.acknowledged(50)).toBe(false);
    sockets[0]!.send(encodeMessage({ kind: 'finish', withinMs: 7 }));
    sockets[0]!.send(encodeMessage({ kind: 'ack', sequence: 2 }));
    expect(await line.acknowledged(5_000)).toBe(true);
    expect(messages).toEqual([{ kind: 'finish', withinMs: 7 }]);
  });

  it('sends again after a reconnect exactly what was not acknowledged', async () => {
    const { url, heard, sockets, until } = await hub();
    const { line } = client(url);
    const recorder = new ShardRecorder(3, clock);
    for (let i = 0; i < 3; i++) line.sendFrame(recorder.takeFrame());
    await until(() => sequences(heard).length === 3);
    sockets[0]!.send(encodeMessage({ kind: 'ack', sequence: 1 }));
    sockets[0]!.close();
    await until(() => sequences(heard).length === 5);
    line.sendFrame(recorder.takeFrame());
    await until(() => sequences(heard).length === 6);
    expect(sequences(heard)).toEqual([1, 2, 3, 2, 3, 4]);
    expect(heard.filter((message) => message.kind === 'hello')).toHaveLength(2);
  });

  it('gives up at once when the hub turns it away', async () => {
    const { url, sockets, until } = await hub();
    const { lost } = client(url);
    await until(() => sockets.length === 1);
    sockets[0]!.close(1008, 'not a frame');
    expect(await lost).toBe('not a frame');
  });

  it('gives up at once when the hub refuses its token', async () => {
    const { url } = await hub();
    const { lost } = client(url, 'wrong');
    expect(await lost).toContain('401');
  });
});
