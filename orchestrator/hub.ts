// The telemetry hub: the WebSocket server to which every shard reports, local or remote. It lets in only who has the token,
// keeps one connection per shard, gives orders (again after a reconnect), and acknowledges a frame when its keeper has
// it. What frames mean is not its concern.
import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../kernel/clock.ts';
import { never } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { LIMITS } from '../kernel/limits.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { decodeShardMessage, encodeMessage, MESSAGE_BYTES_MAX, MESSAGES_VERSION } from '../telemetry/messages.ts';
import type { HubMessage, Orders, ShardMessage, TraceEntry } from '../telemetry/messages.ts';

export interface HubOptions {
  readonly token: string;
  readonly shards: number;
  readonly clock: Clock;
  /** Keeps a frame of a shard: the sequence up to which all are kept, or why this one is refused. */
  readonly keepFrame: (shard: number, bytes: Uint8Array) => Result<number, string>;
  /** The last sequence kept of a shard. */
  readonly lastSequence: (shard: number) => number;
  readonly onReady: (shard: number, registered: number, registrationSeconds: number) => void;
  readonly onFailed: (shard: number, message: string) => void;
  readonly onTrace: (device: number, entries: readonly TraceEntry[]) => void;
  readonly onBye: (shard: number) => void;
}

/** WebSocket close code 1008: the peer broke the rules. */
const POLICY_VIOLATION = 1008;

export class Hub {
  readonly #options: HubOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false });
  readonly #byShard = new Map<number, WebSocket>();
  #orders: ((shard: number) => Orders<Plan>) | undefined;
  /** What every shard was told so far, in order: told again to one that reconnects. */
  readonly #told: HubMessage<Plan>[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.#server = createServer((_request, reply) => {
      reply.writeHead(426, { connection: 'close', 'content-length': '0' }).end();
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Listens on loopback, at a free port; the URL for shards. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Gives the orders to every shard that has come, and to those that come later. */
  order(orders: (shard: number) => Orders<Plan>): void {
    this.#orders = orders;
    for (const [shard, socket] of this.#byShard) send(socket, orders(shard));
  }

  /** Tells all shards, and whoever reconnects. */
  tell(message: HubMessage<Plan>): void {
    this.#told.push(message);
    for (const socket of this.#byShard.values()) send(socket, message);
  }

  /** Takes nothing more from a shard. */
  dismiss(shard: number): void {
    this.#byShard.get(shard)?.terminate();
    this.#byShard.delete(shard);
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Errors of a raw socket that is being turned away interest nobody.
    socket.on('error', () => {});
    if (!sameToken(request.headers.authorization, `Bearer ${this.#options.token}`)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#admit(webSocket));
  }

  #admit(socket: WebSocket): void {
    let shard: number | undefined;
    const turnAway = (reason: string): void => {
      if (shard !== undefined && this.#byShard.get(shard) === socket) this.#byShard.delete(shard);
      // The reason must fit a control frame of 125 bytes.
      socket.close(POLICY_VIOLATION, reason.slice(0, 100));
    };
    const cancel = this.#options.clock.after(LIMITS.helloWithinMs, () => turnAway('no hello in time'));
    socket.on('error', () => {});
    socket.on('close', () => {
      cancel();
      if (shard !== undefined && this.#byShard.get(shard) === socket) this.#byShard.delete(shard);
    });
    socket.on('message', (data: RawData, isBinary) => {
      const message = isBinary ? decodeShardMessage(data as Buffer) : undefined;
      if (message === undefined || !message.ok) {
        turnAway(message === undefined ? 'not a binary message' : message.error.reason);
      } else if (shard === undefined) {
        const refusal = this.#refusal(message.value);
        if (refusal !== undefined) return turnAway(refusal);
        cancel();
        shard = (message.value as Extract<ShardMessage, { kind: 'hello' }>).shard;
        this.#welcome(shard, socket);
      } else if (this.#byShard.get(shard) === socket) {
        const refusal = this.#take(shard, socket, message.value);
        if (refusal !== undefined) turnAway(refusal);
      }
      return undefined;
    });
  }

  #refusal(message: ShardMessage): string | undefined {
    if (message.kind !== 'hello') return 'hello comes first';
    if (message.version !== MESSAGES_VERSION) return `message version ${message.version}, not ${MESSAGES_VERSION}`;
    if (message.shard >= this.#options.shards) return `there is no shard ${message.shard}`;
    return undefined;
  }

  #welcome(shard: number, socket: WebSocket): void {
    // A shard that comes again has lost its old connection, whether or not this end has noticed.
    this.#byShard.get(shard)?.terminate();
    this.#byShard.set(shard, socket);
    const sequence = this.#options.lastSequence(shard);
    if (sequence > 0) send(socket, { kind: 'ack', sequence });
    if (this.#orders !== undefined) send(socket, this.#orders(shard));
    for (const message of this.#told) send(socket, message);
  }

  /** Takes one message of an admitted shard; why not, if not. */
  #take(shard: number, socket: WebSocket, message: ShardMessage): string | undefined {
    const { keepFrame, onBye, onFailed, onReady, onTrace } = this.#options;
    switch (message.kind) {
      case 'hello':
        return 'hello comes once';
      case 'frame': {
        const kept = keepFrame(shard, message.bytes);
        if (!kept.ok) return kept.error;
        send(socket, { kind: 'ack', sequence: kept.value });
        return undefined;
      }
      case 'ready':
        onReady(shard, message.registered, message.registrationSeconds);
        return undefined;
      case 'failed':
        onFailed(shard, message.message);
        return undefined;
      case 'trace':
        onTrace(message.device, message.entries);
        return undefined;
      case 'bye':
        onBye(shard);
        return undefined;
      default:
        return never(message);
    }
  }
}

function send(socket: WebSocket, message: HubMessage<Plan>): void {
  socket.send(encodeMessage(message), () => {});
}

function sameToken(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
