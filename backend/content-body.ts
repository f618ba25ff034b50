// Bodies of content files. A large part of each is one shared ring of bytes over and over: nothing of it is made while it is
// sent, and a thousand downloads of a gigabyte hold no more than the ring.
import type { ContentBody } from './http/message.ts';
import { RandomStream } from '../kernel/random.ts';

export const RING_BYTES = 64 * 1024;

/** RING_BYTES bytes that repeat without end. */
export class ByteRing {
  /** Twice the ring, so that a slice that begins anywhere in it needs no copy. */
  readonly #twice: Buffer;

  constructor(name: string) {
    const once = new RandomStream(name).bytes(RING_BYTES);
    this.#twice = Buffer.concat([once, once]);
  }

  /** At most `length` bytes, and at most one round, from any place. */
  slice(from: number, length: number): Buffer {
    const start = from % RING_BYTES;
    return this.#twice.subarray(start, start + Math.min(length, RING_BYTES));
  }
}

/** A part of a body. */
export function bodyRange(body: ContentBody, start: number, bytes: number): ContentBody {
  return { kind: 'content', bytes, slice: (offset, length) => body.slice(start + offset, length) };
}

/** `before`, then `bytes` bytes of the ring from `start` on, then `after`. */
export function ringBody(
  ring: ByteRing,
  start: number,
  bytes: number,
  before: Uint8Array = EMPTY,
  after: Uint8Array = EMPTY,
): ContentBody {
  const afterAt = before.length + bytes;
  return {
    kind: 'content',
    bytes: afterAt + after.length,
    slice: (offset, length) => {
      if (offset < before.length) return before.subarray(offset, offset + length);
      if (offset >= afterAt) return after.subarray(offset - afterAt, offset - afterAt + length);
      return ring.slice(start + offset - before.length, Math.min(length, afterAt - offset));
    },
  };
}

/** Calls `take` with each piece of a body, in order. */
export function eachPiece(body: ContentBody, take: (piece: Uint8Array) => void): void {
  for (let offset = 0; offset < body.bytes;) {
    const piece = body.slice(offset, Math.min(RING_BYTES, body.bytes - offset));
    take(piece);
    offset += piece.length;
  }
}

const EMPTY = new Uint8Array();
