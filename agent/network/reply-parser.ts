// Reads one HTTP/1.1 reply from the bytes of a connection (RFC 9112). Strict, since the other end may be hostile: what is
// ambiguous is malformed, and whatever it sends, at most LIMITS.replyBytesMax of it is kept. It knows no socket and no time.
//
//   head -> (1xx: head again) -> fixed | chunk-size | until-close -> done
//   chunk-size -> chunk-data -> chunk-end -> chunk-size ... -> trailer -> done
import { LIMITS } from '../../kernel/limits.ts';
import { Reply } from './reply.ts';
import type { HeaderList } from './reply.ts';
import type { TransportCode } from './transport-failure.ts';

/** Takes the body of a reply as it comes instead of keeping it. */
export interface BodySink {
  /** Whether it takes the body of a reply with this head; asked before the first byte of it. What it does not take is kept. */
  accepts(status: number, headers: HeaderList): boolean;
  /** The chunk is only valid during the call. */
  take(chunk: Buffer): void;
}

export type ParseProgress = 'more' | 'done' | Extract<TransportCode, 'reply-malformed' | 'reply-too-large'>;

type State =
  'head' | 'fixed' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'until-close' | 'done' | 'failed';

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/; // eslint-disable-line no-control-regex
const CHUNK_SIZE = /^[0-9a-fA-F]{1,8}(?:[\t ]*;.*)?$/;
const CHUNK_LINE_MAX = 256;
const EMPTY = Buffer.alloc(0);
/** First room for a body of unknown length. */
const ROOM_MIN = 1024;
/** Header fields of one reply; the names of a fleet's services come to a dozen. */
const FIELDS_MAX = 100;

export class ReplyParser {
  #state: State = 'head';
  readonly #sink: BodySink | undefined;
  #streams = false;
  #status = 0;
  #headers: HeaderList = [];
  /** Room for the body, of which `#bodyBytes` are filled unless it is streamed. */
  #body: Buffer = EMPTY;
  #bodyBytes = 0;
  /** Bytes of the body, or of the chunk, still to come. */
  #remaining = 0;
  /** An unfinished head, chunk line or trailer. */
  #line: Buffer = EMPTY;
  #headBytes = 0;
  #persistent = true;
  #failure: ParseProgress = 'more';
  #received = 0;

  constructor(sink?: BodySink) {
    this.#sink = sink;
  }

  /** Bytes fed so far; 0 means that the service has not begun to answer. */
  get receivedBytes(): number {
    return this.#received;
  }

  /** Whether the connection may carry another exchange after this reply. */
  get persistent(): boolean {
    return this.#persistent && this.#state === 'done';
  }

  get reply(): Reply {
    return new Reply(this.#status, this.#headers, this.#streams ? EMPTY : this.#body.subarray(0, this.#bodyBytes));
  }

  /** Takes what came; `bytes` may be reused by the caller afterwards. */
  feed(bytes: Buffer): ParseProgress {
    this.#received += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      switch (this.#state) {
        case 'head':
        case 'trailer':
          at = this.#readBlock(bytes, at);
          break;
        case 'chunk-size':
        case 'chunk-end':
          at = this.#readLine(bytes, at);
          break;
        case 'fixed':
        case 'chunk-data':
          at = this.#readData(bytes, at);
          break;
        case 'until-close':
          this.#take(bytes.subarray(at));
          at = bytes.length;
          break;
        case 'done':
          // Bytes that nobody asked for: the reply stands, the connection is not used again.
          this.#persistent = false;
          return 'done';
        case 'failed':
          return this.#failure;
      }
    }
    return this.#progress();
  }

  /** The service closed: `done` where that ends the body. */
  end(): 'done' | 'truncated' {
    if (this.#state === 'until-close') this.#state = 'done';
    return this.#state === 'done' ? 'done' : 'truncated';
  }

  #progress(): ParseProgress {
    if (this.#state === 'done') return 'done';
    return this.#state === 'failed' ? this.#failure : 'more';
  }

  #fail(code: 'reply-malformed' | 'reply-too-large'): void {
    this.#state = 'failed';
    this.#failure = code;
    this.#persistent = false;
  }

  /** Reads a block of fields up to its empty line: the head, or the trailer of a chunked body. */
  #readBlock(bytes: Buffer, at: number): number {
    const seen = this.#line.length;
    const block = seen === 0 ? bytes.subarray(at) : Buffer.concat([this.#line, bytes.subarray(at)]);
    // A trailer without fields is the empty line alone.
    const bare = this.#state === 'trailer' && block.length >= 2 && block[0] === 13 && block[1] === 10;
    // The three bytes before may hold the beginning of the empty line.
    const end = bare ? -2 : block.indexOf('\r\n\r\n', Math.max(0, seen - 3), 'latin1');
    const length = bare ? 2 : end < 0 ? block.length : end + 4;
    if (this.#headBytes + length > LIMITS.replyHeaderBytesMax) {
      this.#fail('reply-too-large');
      return bytes.length;
    }
    if (end === -1) {
      this.#line = Buffer.from(block);
      return bytes.length;
    }
    this.#line = EMPTY;
    this.#headBytes += length;
    if (this.#state === 'trailer') this.#state = 'done';
    else this.#readHead(block.toString('latin1', 0, end));
    return at + length - seen;
  }

  #readHead(head: string): void {
    const lines = head.split('\r\n');
    const line = STATUS_LINE.exec(lines[0]!);
    if (line === null || lines.length > FIELDS_MAX + 1) return this.#fail('reply-malformed');
    const headers: string[] = [];
    let length: string | undefined;
    let encoding: string | undefined;
    let connection = '';
    for (let i = 1; i < lines.length; i++) {
      const field = lines[i]!;
      const colon = field.indexOf(':');
      const name = field.slice(0, Math.max(0, colon)).toLowerCase();
      const value = field.slice(colon + 1).trim();
      // Folded lines begin with a space, which no field name has.
      if (!FIELD_NAME.test(name) || CONTROL.test(value)) return this.#fail('reply-malformed');
      headers.push(name, value);
      if (name === 'content-length') {
        if (length !== undefined && length !== value) return this.#fail('reply-malformed');
        length = value;
      } else if (name === 'transfer-encoding') {
        if (encoding !== undefined) return this.#fail('reply-malformed');
        encoding = value.toLowerCase();
      } else if (name === 'connection') connection = value.toLowerCase();
    }
    const status = Number(line[2]);
    // An interim reply announces nothing; a switch of protocols was never asked for.
    if (status < 200) {
      if (status === 101) this.#fail('reply-malformed');
      return;
    }
    this.#status = status;
    this.#headers = headers;
    this.#persistent = line[1] === '1' ? connection !== 'close' : connection === 'keep-alive';
    this.#streams = this.#sink?.accepts(status, headers) ?? false;
    this.#beginBody(length, encoding);
  }

  #beginBody(length: string | undefined, encoding: string | undefined): void {
    if (encoding !== undefined) {
      if (encoding !== 'chunked' || length !== undefined) this.#fail('reply-malformed');
      else this.#state = 'chunk-size';
      return;
    }
    if (length !== undefined && !/^[0-9]{1,15}$/.test(length)) return this.#fail('reply-malformed');
    if (this.#status === 204 || this.#status === 304) {
      this.#state = 'done';
      return;
    }
    if (length === undefined) {
      this.#persistent = false;
      this.#state = 'until-close';
      return;
    }
    this.#remaining = Number(length);
    if (this.#remaining > (this.#streams ? LIMITS.contentBytesMax : LIMITS.replyBytesMax)) {
      return this.#fail('reply-too-large');
    }
    this.#state = 'fixed';
    if (this.#remaining === 0) this.#state = 'done';
    // Not zeroed, so an announced length that never comes costs address space and no memory.
    else if (!this.#streams) this.#body = Buffer.allocUnsafe(this.#remaining);
  }

  /** Reads a part of known length: the whole body, or a chunk of it. */
  #readData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#remaining);
    this.#remaining -= end - at;
    this.#take(bytes.subarray(at, end));
    if (this.#remaining > 0 || this.#state === 'failed') return end;
    if (this.#state === 'fixed') this.#state = 'done';
    else this.#state = 'chunk-end';
    return end;
  }

  /** Reads a line between chunks: a size, or nothing after the data. */
  #readLine(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line =
      this.#line.length === 0 ? bytes.subarray(at, end) : Buffer.concat([this.#line, bytes.subarray(at, end)]);
    if (line.length > CHUNK_LINE_MAX) this.#fail('reply-malformed');
    else if (newline < 0) this.#line = Buffer.from(line);
    else {
      this.#line = EMPTY;
      const text = line.toString('latin1');
      if (!text.endsWith('\r\n')) this.#fail('reply-malformed');
      else if (this.#state === 'chunk-end') this.#endChunk(text);
      else this.#beginChunk(text.slice(0, -2));
    }
    return end;
  }

  #endChunk(line: string): void {
    if (line === '\r\n') this.#state = 'chunk-size';
    else this.#fail('reply-malformed');
  }

  #beginChunk(line: string): void {
    if (!CHUNK_SIZE.test(line)) return this.#fail('reply-malformed');
    this.#remaining = Number.parseInt(line, 16);
    this.#state = this.#remaining === 0 ? 'trailer' : 'chunk-data';
  }

  /** Passes a piece of the body on, or keeps it: room doubles, so that a body in tiny chunks costs no more than its bytes. */
  #take(piece: Buffer): void {
    const at = this.#bodyBytes;
    this.#bodyBytes += piece.length;
    if (this.#bodyBytes > (this.#streams ? LIMITS.contentBytesMax : LIMITS.replyBytesMax)) {
      this.#body = EMPTY;
      return this.#fail('reply-too-large');
    }
    if (this.#streams) return this.#sink?.take(piece);
    if (this.#bodyBytes > this.#body.length) {
      const room = Buffer.allocUnsafe(Math.max(ROOM_MIN, 2 * this.#bodyBytes));
      this.#body.copy(room, 0, 0, at);
      this.#body = room;
    }
    piece.copy(this.#body, at);
  }
}
