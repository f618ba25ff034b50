// Puts replies on the wire: at once and whole, as nearly all go, or as a faulty service sends them (late, half, not at all).
// What a reply says is not its business.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import { never } from '../../kernel/result.ts';
import type { ContentBody, Delivery, Reply } from './message.ts';

/** Bytes of content handed to the socket at a time. */
const CONTENT_SLICE_BYTES = 64 * 1024;
const NOT_HTTP = 'SIMULATED FAULT: this is not HTTP\r\n\r\n';

export function send(response: ServerResponse, reply: Reply): void {
  const { status, headers, body = '' } = reply;
  if (isContent(body)) {
    response.writeHead(status, { ...headers, 'content-length': body.bytes });
    if (response.req.method === 'HEAD') response.end();
    else stream(response, body, 0);
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, status === 204 ? { ...headers } : { ...headers, 'content-length': bytes });
  response.end(response.req.method === 'HEAD' || bytes === 0 ? undefined : body);
}

/** Writes content as fast as the client reads it. */
function stream(response: ServerResponse, content: ContentBody, from: number): void {
  let offset = from;
  while (offset < content.bytes) {
    if (response.destroyed) return;
    const slice = content.slice(offset, Math.min(CONTENT_SLICE_BYTES, content.bytes - offset));
    const flowing = response.write(slice);
    offset += slice.length;
    if (flowing || offset >= content.bytes) continue;
    response.once('drain', () => stream(response, content, offset));
    return;
  }
  response.end();
}

export interface FaultyLine {
  readonly clock: Clock;
  /** Resets the TCP connection that carries a socket. */
  readonly reset: (socket: Socket) => void;
}

/** Sends a reply as its delivery says. A client that goes away first ends it. */
export function deliver(response: ServerResponse, reply: Reply, delivery: Delivery, line: FaultyLine): void {
  const begin = (): void => end(response, reply, delivery, line);
  if (delivery.delayMs === undefined || delivery.delayMs <= 0) begin();
  else response.once('close', line.clock.after(delivery.delayMs, begin));
}

function end(response: ServerResponse, reply: Reply, delivery: Delivery, line: FaultyLine): void {
  const { socket } = response;
  if (socket === null || response.destroyed) return;
  switch (delivery.ending) {
    case undefined:
      send(response, reply);
      return;
    case 'silent':
      return;
    case 'reset':
      line.reset(socket);
      return;
    case 'malformed':
      socket.write(NOT_HTTP);
      socket.destroySoon();
      return;
    case 'stalled':
      sendHalf(response, reply, () => {});
      return;
    case 'truncated':
      sendHalf(response, reply, () => socket.destroySoon());
      return;
    default:
      never(delivery.ending);
  }
}

/** Announces the whole body (two bytes where there is none) and sends about half of it. */
function sendHalf(response: ServerResponse, reply: Reply, then: () => void): void {
  const body = contentOf(reply);
  const announced = Math.max(2, body.bytes);
  const half = Math.min(CONTENT_SLICE_BYTES, Math.floor(announced / 2));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': announced });
  response.write(body.bytes === 0 ? ' ' : body.slice(0, half), then);
}

function isContent(body: NonNullable<Reply['body']>): body is ContentBody {
  return typeof body === 'object' && 'kind' in body;
}

function contentOf({ body = '' }: Reply): ContentBody {
  if (isContent(body)) return body;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    kind: 'content',
    bytes: bytes.length,
    slice: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
