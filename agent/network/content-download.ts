// One download of content over as many attempts as it takes: what came stays, and the next attempt asks for the rest (RFC 9110, 14
// and 13.1.5). Content that has changed meanwhile begins again. It is paced by the link, and nothing of it is kept.
import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { SendOptions } from './http-connection.ts';
import type { BodySink } from './reply-parser.ts';
import type { HeaderList } from './reply.ts';

/** What content goes into. */
export interface ContentTaker {
  /** The content comes from its first byte: whatever was taken before is void. */
  begin(): void;
  /** The piece is only valid during the call. */
  take(piece: Buffer): void;
}

export class ContentDownload {
  readonly #taker: ContentTaker;
  readonly #clock: Clock;
  readonly #bytesPerMs: number;
  #bytes = 0;
  #etag: string | undefined;
  /** The last reply was content. */
  #accepted = false;

  constructor(taker: ContentTaker, clock: Clock, bytesPerMs: number) {
    this.#taker = taker;
    this.#clock = clock;
    this.#bytesPerMs = bytesPerMs;
  }

  /** Bytes of the content that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  get accepted(): boolean {
    return this.#accepted;
  }

  /** Header fields of the next attempt: without a name for what came, the rest of it cannot be asked for. */
  headers(): Readonly<Record<string, string>> {
    if (this.#bytes === 0 || this.#etag === undefined) return NO_HEADERS;
    return { Range: `bytes=${this.#bytes}-`, 'If-Range': this.#etag };
  }

  /** How the reply to the next attempt is taken. */
  attempt(): Pick<SendOptions, 'sink' | 'pauseMs'> {
    const beganMs = this.#clock.nowMs();
    let came = 0;
    this.#accepted = false;
    const sink: BodySink = {
      accepts: (status, headers) => (this.#accepted = this.#begins(status, headers)),
      take: (piece) => {
        came += piece.length;
        this.#bytes += piece.length;
        this.#taker.take(piece);
      },
    };
    return { sink, pauseMs: () => came / this.#bytesPerMs - (this.#clock.nowMs() - beganMs) };
  }

  #begins(status: number, headers: HeaderList): boolean {
    if (status === 206) return this.#bytes > 0 && firstByte(headers) === this.#bytes;
    if (status !== 200) return false;
    const etag = fieldOf(headers, 'etag');
    // A weak name does not say that the bytes are the same.
    this.#etag = etag?.startsWith('"') === true ? etag : undefined;
    this.#bytes = 0;
    this.#taker.begin();
    return true;
  }
}

/** Hashes content as it comes, and tells of each piece. */
export class HashingTaker implements ContentTaker {
  readonly #onPiece: (() => void) | undefined;
  #hash = createHash('sha256');

  constructor(onPiece?: () => void) {
    this.#onPiece = onPiece;
  }

  begin(): void {
    this.#hash = createHash('sha256');
  }

  take(piece: Buffer): void {
    this.#hash.update(piece);
    this.#onPiece?.();
  }

  /** Lower-case hex; once, at the end. */
  sha256Hex(): string {
    return this.#hash.digest('hex');
  }
}

const NO_HEADERS = {};

function firstByte(headers: HeaderList): number | undefined {
  const match = /^bytes ([0-9]{1,15})-[0-9]{1,15}\/(?:[0-9]{1,15}|\*)$/.exec(fieldOf(headers, 'content-range') ?? '');
  return match === null ? undefined : Number(match[1]);
}

function fieldOf(headers: HeaderList, name: string): string | undefined {
  const at = headers.findIndex((field, index) => index % 2 === 0 && field === name);
  return at < 0 ? undefined : headers[at + 1];
}
