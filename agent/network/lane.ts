// A device's way to one origin of one service: at most one connection, opened when it is needed and again when the service closed
// it while idle (as a browser would, unnoticed by the step). Exchanges take turns on it.
import type tls from 'node:tls';
import type { ServiceName } from '../../catalog/services.ts';
import type { Clock } from '../../kernel/clock.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { Stop } from '../../kernel/stop.ts';
import type { Address } from './address.ts';
import { HttpConnection } from './http-connection.ts';
import type { ReplyResult, SendOptions } from './http-connection.ts';
import type { Crossing, Link } from './link.ts';
import { countBytes, countConnection, countHandshake } from './meter.ts';
import type { NetworkRecorder } from './meter.ts';
import { transportFailure } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';

/** What a lane has of its device. */
export interface LaneOwner {
  readonly clock: Clock;
  readonly stop: Stop;
  readonly recorder: NetworkRecorder;
  readonly link: Link;
}

export interface LaneTrust {
  readonly context: tls.SecureContext;
  readonly mutual: boolean;
}

export interface Sending extends SendOptions {
  /** Request line and header fields with the empty line. */
  readonly head: string;
  readonly body: string | Uint8Array | undefined;
  readonly bodyBytes: number;
}

export interface SendEnd {
  readonly result: ReplyResult;
  /** False when no connection came about: the service cannot have seen the request. */
  readonly connected: boolean;
}

const ABANDONED = transportFailure('abandoned', 'the run ended');
const STOPPED: SendEnd = { result: fail(ABANDONED), connected: true };

export class Lane {
  readonly service: ServiceName;
  readonly #address: Address;
  readonly #owner: LaneOwner;
  #connection: HttpConnection | undefined;
  #abortOpening: (() => void) | undefined;
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  constructor(service: ServiceName, address: Address, owner: LaneOwner) {
    this.service = service;
    this.#address = address;
    this.#owner = owner;
  }

  /** Sends one request and waits for its reply, with what the link does to both. */
  async send(sending: Sending, trust: LaneTrust): Promise<SendEnd> {
    // Whoever is done hands the turn on, so nobody can slip in between.
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    try {
      return await this.#send(sending, trust);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy = false;
      else next();
    }
  }

  close(): void {
    this.#abortOpening?.();
    this.#connection?.close();
  }

  // A link that takes no time and a connection that is open are the usual case under load: both are asked before anything is awaited.
  async #send(sending: Sending, trust: LaneTrust): Promise<SendEnd> {
    const { link } = this.#owner;
    for (;;) {
      const opened = this.#connection?.open === true ? ok(this.#connection) : await this.#open(trust);
      if (!opened.ok) return { result: opened, connected: false };
      const connection = opened.value;
      const there = link.request(sending.head.length + sending.bodyBytes);
      if (there.delayMs > 0 && !(await this.#wait(there.delayMs))) return STOPPED;
      const result = await this.#exchange(connection, sending, there.fate);
      const arrived = there.fate === 'arrives';
      // Closed while idle, seen only when the request was on its way: once more, on a connection of its own.
      if (!result.ok && result.error.code === 'connection-reset' && arrived && connection.wasStale) continue;
      if (result.ok) {
        const back = link.reply(sending.sink === undefined ? connection.receivedBytes : 0);
        if (back.delayMs > 0 && !(await this.#wait(back.delayMs))) return STOPPED;
      }
      return { result, connected: true };
    }
  }

  async #exchange(connection: HttpConnection, sending: Sending, fate: Crossing['fate']): Promise<ReplyResult> {
    if (fate === 'lost') {
      const waited = await this.#wait(sending.timeoutMs);
      connection.close();
      return fail(waited ? transportFailure('reply-timeout', 'the link dropped the request') : ABANDONED);
    }
    const replied = connection.send(sending.head, sending.body, sending.bodyBytes, sending);
    if (fate === 'reset') connection.close(transportFailure('connection-reset', 'the link reset the connection'));
    const result = await replied;
    const sentBytes = sending.head.length + sending.bodyBytes;
    countBytes(this.#owner.recorder, this.service, sentBytes, connection.receivedBytes);
    return result;
  }

  async #open(trust: LaneTrust): Promise<Result<HttpConnection, TransportFailure>> {
    const { clock, recorder, link, stop } = this.#owner;
    const { secure } = this.#address;
    if (!(await this.#wait(link.connect(secure).delayMs))) return fail(ABANDONED);
    const opening = HttpConnection.open(clock, this.#address, trust.context, () => {
      forget();
      this.#connection = undefined;
      countConnection(recorder, this.service, -1);
    });
    const abort = (): void => {
      if (this.#connection === undefined) opening.abort();
      else this.#connection.close(ABANDONED);
    };
    // Until the connection ends: one listener for all its exchanges.
    const forget = stop.onStop(abort);
    this.#abortOpening = abort;
    const opened = await opening.opened;
    this.#abortOpening = undefined;
    if (opened.ok) {
      this.#connection = opened.value;
      countConnection(recorder, this.service, 1);
      if (secure) countHandshake(recorder, this.service, trust.mutual ? 'mutual' : 'full');
      return opened;
    }
    forget();
    if (opened.error.code.startsWith('tls-')) countHandshake(recorder, this.service, 'failed');
    return stop.stopped ? fail(ABANDONED) : opened;
  }

  /** Real time on the link; false when the stop came first. */
  async #wait(ms: number): Promise<boolean> {
    const { clock, stop } = this.#owner;
    if (ms <= 0) return !stop.stopped;
    return (await clock.waitReal(ms, stop)) === 'elapsed';
  }
}
