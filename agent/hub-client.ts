// A shard's line to the telemetry hub: one WebSocket with a bearer token. It keeps every frame until the hub has acknowledged
// it and sends it again after a reconnect; what is kept is bounded, and while it is full no frame is taken (the recorder
// goes on adding up), so nothing is lost. It knows nothing of devices.
import { WebSocket, type RawData } from 'ws';
import type { Clock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { SECOND_MS } from '../kernel/units.ts';
import { encodeFrame, type Frame } from '../telemetry/frames.ts';
import {
  decodeHubMessage,
  encodeMessage,
  MESSAGE_BYTES_MAX,
  MESSAGES_VERSION,
  type HubMessage,
  type ShardMessage,
} from '../telemetry/messages.ts';

/** Pause before a reconnect: doubled from the first to the last. */
const RECONNECT_FIRST_MS = 100;
const RECONNECT_LAST_MS = 5 * SECOND_MS;
/** Without the hub for this long, the shard gives up: nobody is left to report to. */
const GIVE_UP_AFTER_MS = 120 * SECOND_MS;
/** The hub closes with this code when it does not want what it was sent: sending it again is of no use (RFC 6455, 7.4.1). */
const POLICY_VIOLATION = 1008;
/** Messages that wait for a connection, frames apart. */
const UNSENT_MAX = 1_000;

export interface HubClientOptions<Plan> {
  readonly url: string;
  readonly token: string;
  readonly shard: number;
  readonly clock: Clock;
  readonly onMessage: (message: HubMessage<Plan>) => void;
  /** The hub is gone for good, or is none of ours; called at most once. */
  readonly onLost: (reason: string) => void;
}

export class HubClient<Plan> {
  readonly #options: HubClientOptions<Plan>;
  /** Encoded frames that the hub has not acknowledged, by sequence, in order. */
  readonly #pending = new Map<number, Uint8Array>();
  readonly #unsent: Uint8Array[] = [];
  #socket: WebSocket | undefined;
  #open = false;
  #closed = false;
  #attempts = 0;
  #awaySinceMs: number;
  #cancelReconnect: () => void = () => {};
  #whenAcknowledged: (() => void) | undefined;

  constructor(options: HubClientOptions<Plan>) {
    this.#options = options;
    this.#awaySinceMs = options.clock.nowMs();
    this.#connect();
  }

  /** Whether another frame may be taken from the recorder. */
  get hasRoom(): boolean {
    return this.#pending.size < LIMITS.framesPendingMax;
  }

  sendFrame(frame: Frame): void {
    const bytes = encodeMessage({ kind: 'frame', bytes: encodeFrame(frame) });
    this.#pending.set(frame.sequence, bytes);
    if (this.#open) this.#socket?.send(bytes);
  }

  send(message: ShardMessage): void {
    const bytes = encodeMessage(message);
    if (this.#open) this.#socket?.send(bytes);
    else if (this.#unsent.length < UNSENT_MAX) this.#unsent.push(bytes);
  }

  /** Waits until the hub has acknowledged every frame, at most `withinMs`; whether it has. */
  async acknowledged(withinMs: number): Promise<boolean> {
    if (this.#pending.size === 0) return true;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(withinMs, resolve);
      this.#whenAcknowledged = () => {
        cancel();
        resolve();
      };
    });
    this.#whenAcknowledged = undefined;
    return this.#pending.size === 0;
  }

  /** Ends the connection after what was sent. */
  close(): void {
    this.#closed = true;
    this.#cancelReconnect();
    this.#socket?.close();
  }

  #connect(): void {
    const { url, token, shard } = this.#options;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => {
      this.#open = true;
      this.#attempts = 0;
      socket.send(encodeMessage({ kind: 'hello', version: MESSAGES_VERSION, shard }));
      for (const bytes of this.#unsent.splice(0)) socket.send(bytes);
      for (const bytes of this.#pending.values()) socket.send(bytes);
    });
    socket.on('message', (data) => this.#received(data));
    // The reason comes with 'close'; without a listener an error would end the process.
    let reason = 'the connection was closed';
    socket.on('error', (error) => {
      reason = error.message;
    });
    // The hub answers without becoming a WebSocket when it does not know the token: trying again is of no use.
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      this.#lose(`the hub refused the connection with status ${response.statusCode}`);
    });
    socket.on('close', (code, said) => {
      if (code === POLICY_VIOLATION) this.#lose(said.toString());
      else this.#disconnected(reason);
    });
  }

  #received(data: RawData): void {
    if (!(data instanceof Uint8Array)) return;
    const message = decodeHubMessage<Plan>(data);
    if (!message.ok) {
      this.#lose(`the hub sent what is no message: ${message.error.reason}`);
    } else if (message.value.kind === 'ack') {
      for (const sequence of this.#pending.keys()) {
        if (sequence > message.value.sequence) break;
        this.#pending.delete(sequence);
      }
      if (this.#pending.size === 0) this.#whenAcknowledged?.();
    } else {
      this.#options.onMessage(message.value);
    }
  }

  #disconnected(reason: string): void {
    const { clock } = this.#options;
    if (this.#open) this.#awaySinceMs = clock.nowMs();
    this.#open = false;
    if (this.#closed) return;
    if (clock.nowMs() - this.#awaySinceMs > GIVE_UP_AFTER_MS) {
      this.#lose(reason);
      return;
    }
    const pauseMs = Math.min(RECONNECT_FIRST_MS * 2 ** this.#attempts++, RECONNECT_LAST_MS);
    this.#cancelReconnect = clock.after(pauseMs, () => this.#connect());
  }

  #lose(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.onLost(reason);
  }
}
