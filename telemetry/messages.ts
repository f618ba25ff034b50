// What hub and shards say to each other over the WebSocket: two unions, and their form on the wire (msgpack, one message
// a binary WebSocket message). A local and a remote shard speak the same. Reading trusts nothing.
import { Packr, Unpackr } from 'msgpackr';
import type { ServiceName } from '../catalog/services.ts';
import { LIMITS } from '../kernel/limits.ts';
import { malformed, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';

/** Raised when hub and shard of different versions would misunderstand each other; said in `hello`. */
export const MESSAGES_VERSION = 1;

/** One exchange of a traced device. Tokens and passwords are masked by the agent before it is sent. */
export interface TraceEntry {
  /** Milliseconds since the epoch at which the request began. */
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  /** HTTP status, or how the exchange ended without one. */
  readonly status: string;
  readonly durationMs: number;
  readonly requestBody: string;
  readonly replyBody: string;
}

/** From shard to hub. */
export type ShardMessage =
  | { readonly kind: 'hello'; readonly version: number; readonly shard: number }
  /** Its devices are registered; it waits at the start barrier. */
  | {
      readonly kind: 'ready';
      readonly shard: number;
      readonly registered: number;
      readonly registrationSeconds: number;
    }
  /** An encoded frame (frames.ts): kept by the shard until it is acknowledged. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'trace'; readonly device: number; readonly entries: readonly TraceEntry[] }
  /** The shard cannot go on (before the start: it could not register its devices, say). */
  | { readonly kind: 'failed'; readonly message: string }
  /** All its devices are done and all its frames acknowledged. */
  | { readonly kind: 'bye' };

/** What a shard is to do. `Plan` stands in scenarios, which telemetry does not know: it travels as it is. */
export interface Orders<Plan = unknown> {
  readonly kind: 'orders';
  readonly plan: Plan;
  readonly shard: number;
  /** Number of shards of the run. */
  readonly of: number;
  /** The base URL of each service, without a slash at the end. */
  readonly endpoints: Readonly<Record<ServiceName, string>>;
  /** Roots to trust, as PEM text (one or more certificates); null: the system's. */
  readonly trust: { readonly ca: string | null };
  /** Admin token of the embedded registration service; absent where devices are registered by somebody else. */
  readonly registrationToken?: string;
  /** Index of a device whose exchanges are to be sent as `trace`. */
  readonly traceDevice?: number;
}

/** From hub to shard. */
export type HubMessage<Plan = unknown> =
  | Orders<Plan>
  /** The barrier opens: time zero of the plan, milliseconds since the epoch. */
  | { readonly kind: 'start'; readonly atWallMs: number }
  /** All frames up to this sequence are kept. */
  | { readonly kind: 'ack'; readonly sequence: number }
  /** No device starts any more; the rest is not started. */
  | { readonly kind: 'stop-arrivals' }
  /** Devices in flight may go on for this long, then they are abandoned. */
  | { readonly kind: 'finish'; readonly withinMs: number }
  /** Stop at once; nothing more is read. */
  | { readonly kind: 'halt' };

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** A WebSocket message may be this large: a frame with its envelope. Both ends set it. */
export const MESSAGE_BYTES_MAX = LIMITS.frameBytesMax + 1024;

export function encodeMessage(message: ShardMessage | HubMessage): Uint8Array {
  return packr.pack(message);
}

/** What a shard said. A list of trace entries or a text beyond its bound makes the message malformed. */
export function decodeShardMessage(bytes: Uint8Array): Result<ShardMessage> {
  const read = unpackObject(bytes);
  if (!read.ok) return read;
  const message = read.value;
  switch (message['kind']) {
    case 'hello':
      return isCount(message['version']) && isCount(message['shard'])
        ? ok({ kind: 'hello', version: message['version'], shard: message['shard'] })
        : malformed(0, 'hello without version or shard');
    case 'ready':
      return isCount(message['shard']) && isCount(message['registered']) && isAmount(message['registrationSeconds'])
        ? ok({
            kind: 'ready',
            shard: message['shard'],
            registered: message['registered'],
            registrationSeconds: message['registrationSeconds'],
          })
        : malformed(0, 'ready without its numbers');
    case 'frame':
      return message['bytes'] instanceof Uint8Array && message['bytes'].length <= LIMITS.frameBytesMax
        ? ok({ kind: 'frame', bytes: message['bytes'] })
        : malformed(0, 'frame without bytes');
    case 'trace':
      return isCount(message['device']) && isTrace(message['entries'])
        ? ok({ kind: 'trace', device: message['device'], entries: message['entries'] })
        : malformed(0, 'trace without entries');
    case 'failed':
      return typeof message['message'] === 'string'
        ? ok({ kind: 'failed', message: message['message'].slice(0, 2_000) })
        : malformed(0, 'failed without a message');
    case 'bye':
      return ok({ kind: 'bye' });
    default:
      return malformed(0, `unknown message ${JSON.stringify(message['kind'])}`);
  }
}

/**
 * What the hub said. The hub is who the shard was told to obey (its address and token came with the task), so orders are
 * checked for their kind and shape, and the plan inside is taken as compiled.
 */
export function decodeHubMessage<Plan = unknown>(bytes: Uint8Array): Result<HubMessage<Plan>> {
  const read = unpackObject(bytes);
  if (!read.ok) return read;
  const message = read.value;
  switch (message['kind']) {
    case 'orders':
      return isCount(message['shard']) &&
        isCount(message['of']) &&
        typeof message['plan'] === 'object' &&
        typeof message['endpoints'] === 'object' &&
        typeof message['trust'] === 'object'
        ? ok(message as unknown as Orders<Plan>)
        : malformed(0, 'orders are not whole');
    case 'start':
      return isAmount(message['atWallMs'])
        ? ok({ kind: 'start', atWallMs: message['atWallMs'] })
        : malformed(0, 'start without its time');
    case 'ack':
      return isCount(message['sequence'])
        ? ok({ kind: 'ack', sequence: message['sequence'] })
        : malformed(0, 'ack without its sequence');
    case 'finish':
      return isAmount(message['withinMs'])
        ? ok({ kind: 'finish', withinMs: message['withinMs'] })
        : malformed(0, 'finish without its time');
    case 'stop-arrivals':
      return ok({ kind: 'stop-arrivals' });
    case 'halt':
      return ok({ kind: 'halt' });
    default:
      return malformed(0, `unknown message ${JSON.stringify(message['kind'])}`);
  }
}

function unpackObject(bytes: Uint8Array): Result<Record<string, unknown>> {
  if (bytes.length > MESSAGE_BYTES_MAX) return malformed(0, `a message of ${bytes.length} bytes is too large`);
  try {
    const value: unknown = unpackr.unpack(bytes);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return ok(value as Record<string, unknown>);
    return malformed(0, 'not a message');
  } catch (thrown) {
    return malformed(0, `not msgpack: ${messageOf(thrown)}`);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

/** Entries of one trace message; agents send each exchange as it ends. */
const TRACE_ENTRIES_MAX = 1_000;

function isTrace(value: unknown): value is readonly TraceEntry[] {
  return Array.isArray(value) && value.length <= TRACE_ENTRIES_MAX && value.every(isTraceEntry);
}

function isTraceEntry(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  const texts = ['service', 'operation', 'method', 'url', 'status', 'requestBody', 'replyBody'];
  return (
    isAmount(entry['atMs']) && isAmount(entry['durationMs']) && texts.every((key) => typeof entry[key] === 'string')
  );
}
