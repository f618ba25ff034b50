// One HTTP/1.1 connection of one device: a socket that carries one exchange at a time. Ours and not undici's `Client` because the
// transport is the hot path: side by side (6 connections, 5 of them TLS and 1 mutual, 33 exchanges, handshakes included), undici
// took 1.19 times the CPU over our own sockets and 1.38 times over Node's usual ones. No retries, link or counts: they are its user's.
import type net from 'node:net';
import type tls from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { Address } from './address.ts';
import { connectSocket } from './connect-socket.ts';
import { ReplyParser } from './reply-parser.ts';
import type { BodySink } from './reply-parser.ts';
import type { Reply } from './reply.ts';
import { socketFailure, transportFailure } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';

export type ReplyResult = Result<Reply, TransportFailure>;

export interface SendOptions {
  /** Longest wait for the whole reply; for a streamed body, longest silence. Real milliseconds. */
  readonly timeoutMs: number;
  readonly sink: BodySink | undefined;
  /** Asked after each piece of a streamed body: real milliseconds for which nothing more is read. */
  readonly pauseMs: (() => number) | undefined;
}

interface Pending {
  readonly parser: ReplyParser;
  readonly options: SendOptions;
  readonly resolve: (result: ReplyResult) => void;
  cancelTimer: () => void;
  lastByteMs: number;
}

/**
 * What sockets of this thread read into: Node hands the bytes over synchronously and the parser copies what it keeps, so
 * connections need no buffer of their own (an idle one would hold 64 KiB).
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export class HttpConnection {
  readonly #clock: Clock;
  readonly #socket: net.Socket;
  readonly #closed: () => void;
  #pending: Pending | undefined;
  #open = true;
  #used = false;
  #cancelPause: (() => void) | undefined;

  /** Bytes of the last reply, headers included. */
  receivedBytes = 0;

  private constructor(clock: Clock, socket: net.Socket, closed: () => void) {
    this.#clock = clock;
    this.#socket = socket;
    this.#closed = closed;
  }

  /**
   * Connects, with the TLS handshake if the address is secure.
   * @param context the TLS configuration; sessions are neither offered nor kept
   * @param closed called once when a connection that was established ends, whoever ended it
   */
  static open(
    clock: Clock,
    address: Address,
    context: tls.SecureContext,
    closed: () => void,
  ): { readonly opened: Promise<Result<HttpConnection, TransportFailure>>; readonly abort: () => void } {
    let connection: HttpConnection | undefined;
    const onread: net.OnReadOpts = {
      buffer: READ_BUFFER,
      callback: (length, buffer) => {
        if (connection !== undefined) connection.#read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    const socket = connectSocket(address, context, onread);
    const opened = new Promise<Result<HttpConnection, TransportFailure>>((resolve) => {
      let failure: TransportFailure | undefined;
      const cancelTimer = clock.after(LIMITS.connectTimeoutMs, () => {
        failure = transportFailure('connect-timeout', `no connection in ${LIMITS.connectTimeoutMs} ms`);
        socket.destroy();
      });
      socket.once(address.secure ? 'secureConnect' : 'connect', () => {
        cancelTimer();
        connection = new HttpConnection(clock, socket, closed);
        resolve(ok(connection));
      });
      socket.on('error', (error) => {
        failure ??= socketFailure(error);
      });
      socket.on('end', () => {
        if (connection !== undefined) connection.#ended();
      });
      socket.once('close', () => {
        cancelTimer();
        if (connection === undefined) {
          resolve(fail(failure ?? transportFailure('connection-reset', 'closed while connecting')));
        } else connection.#lost(failure);
      });
    });
    return { opened, abort: () => socket.destroy() };
  }

  /** Whether it can carry an exchange now. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Sends one request and waits for its reply.
   * @param head request line and header fields, with the empty line
   * @param body written with the head as one piece when it is text
   * @param bodyBytes its length on the wire
   */
  send(
    head: string,
    body: string | Uint8Array | undefined,
    bodyBytes: number,
    options: SendOptions,
  ): Promise<ReplyResult> {
    return new Promise((resolve) => {
      const parser = new ReplyParser(options.sink);
      this.#pending = { parser, options, resolve, cancelTimer: noTimer, lastByteMs: 0 };
      this.#arm(this.#pending, options.timeoutMs);
      if (typeof body === 'object') {
        this.#socket.cork();
        this.#socket.write(head, 'latin1');
        this.#socket.write(body);
        this.#socket.uncork();
      } else if (body === undefined) this.#socket.write(head, 'latin1');
      // As many bytes as characters: no character needs more than one, and Latin-1 is written without a detour.
      else this.#socket.write(head + body, bodyBytes === body.length ? 'latin1' : 'utf8');
    });
  }

  /** After a failure: whether the connection had carried exchanges before and brought no byte of this reply. */
  get wasStale(): boolean {
    return this.#used && this.receivedBytes === 0;
  }

  /** Ends the connection; an exchange under way fails with that. */
  close(failure?: TransportFailure): void {
    if (!this.#open) return;
    this.#open = false;
    this.#cancelPause?.();
    this.#socket.destroy();
    if (this.#pending !== undefined) {
      this.#settle(this.#pending, fail(failure ?? transportFailure('abandoned', 'the device closed the connection')));
    }
    this.#closed();
  }

  #arm(pending: Pending, afterMs: number): void {
    pending.cancelTimer = this.#clock.after(afterMs, () => this.#timedOut(pending));
  }

  #timedOut(pending: Pending): void {
    const { timeoutMs, sink } = pending.options;
    // A download may take as long as it gets on; it must not stand still.
    const silentMs = sink === undefined ? timeoutMs : this.#clock.nowMs() - pending.lastByteMs;
    if (pending.lastByteMs > 0 && silentMs < timeoutMs) this.#arm(pending, timeoutMs - silentMs);
    else this.close(transportFailure('reply-timeout', `no reply in ${timeoutMs} ms`));
  }

  #read(bytes: Buffer): void {
    const pending = this.#pending;
    // Bytes that no request asked for: what follows could be taken for the reply to another.
    if (pending === undefined) return this.close();
    const progress = pending.parser.feed(bytes);
    if (progress === 'more') {
      if (pending.options.sink === undefined) return;
      pending.lastByteMs = this.#clock.nowMs();
      this.#pause(pending.options.pauseMs?.() ?? 0);
    } else if (progress === 'done') this.#finish(pending);
    else this.close(transportFailure(progress, 'the reply breaks HTTP/1.1 or a bound'));
  }

  #pause(ms: number): void {
    if (ms < 1) return;
    this.#socket.pause();
    this.#cancelPause = this.#clock.after(ms, () => {
      this.#cancelPause = undefined;
      this.#socket.resume();
    });
  }

  #finish(pending: Pending): void {
    const { parser } = pending;
    this.#settle(pending, ok(parser.reply));
    if (!parser.persistent) this.close();
  }

  #settle(pending: Pending, result: ReplyResult): void {
    this.#pending = undefined;
    this.receivedBytes = pending.parser.receivedBytes;
    this.#used ||= result.ok;
    pending.cancelTimer();
    pending.resolve(result);
  }

  /** The service sent its last byte. */
  #ended(): void {
    const pending = this.#pending;
    if (pending === undefined) this.close();
    else if (pending.parser.end() === 'done') this.#finish(pending);
    else this.close(earlyEnd(pending.parser.receivedBytes));
  }

  #lost(failure: TransportFailure | undefined): void {
    const receivedBytes = this.#pending?.parser.receivedBytes ?? 0;
    this.close(receivedBytes > 0 ? earlyEnd(receivedBytes) : (failure ?? earlyEnd(0)));
  }
}

function noTimer(): void {}

function earlyEnd(receivedBytes: number): TransportFailure {
  return receivedBytes > 0
    ? transportFailure('reply-truncated', `the connection ended after ${receivedBytes} bytes of the reply`)
    : transportFailure('connection-reset', 'the connection ended before the reply began');
}
