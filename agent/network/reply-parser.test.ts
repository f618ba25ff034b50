import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { ReplyParser } from './reply-parser.ts';

function parse(text: string | Buffer, sliceBytes = Infinity): { progress: string; parser: ReplyParser } {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const parser = new ReplyParser();
  let progress = 'more';
  for (let at = 0; at < bytes.length && progress === 'more'; at += Math.min(sliceBytes, bytes.length)) {
    progress = parser.feed(bytes.subarray(at, at + Math.min(sliceBytes, bytes.length)));
  }
  return { progress, parser };
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('ReplyParser', () => {
  it('reads status, fields and a body of announced length', () => {
    const { progress, parser } = parse(`${OK}Content-Type: text/plain\r\nX-A:  b \r\nContent-Length: 5\r\n\r\nhello`);
    expect(progress).toBe('done');
    expect(parser.persistent).toBe(true);
    expect(parser.reply.status).toBe(200);
    expect(parser.reply.header('x-a')).toBe('b');
    expect(parser.reply.text()).toBe('hello');
  });

  it('reads chunks with extensions and a trailer', () => {
    const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n`;
    expect(parse(chunked).parser.reply.text()).toBe('hello!');
    expect(parse(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`).progress).toBe('done');
  });

  it('reads the same however the bytes are cut', () => {
    const body = fc.string({ unit: 'binary-ascii', maxLength: 300 });
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 40 }), fc.boolean(), (text, slice, chunked) => {
        const head = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${text.length}`;
        const middle = Math.floor(text.length / 2);
        const piece = (part: string): string => (part.length === 0 ? '' : `${part.length.toString(16)}\r\n${part}\r\n`);
        const payload = chunked ? `${piece(text.slice(0, middle))}${piece(text.slice(middle))}0\r\n\r\n` : text;
        const { progress, parser } = parse(`${OK}A: b\r\n${head}\r\n\r\n${payload}`, slice);
        expect(progress).toBe('done');
        expect(parser.reply.text()).toBe(text);
      }),
    );
  });

  it('skips interim replies and bodies that a status rules out', () => {
    const { progress, parser } = parse(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n`);
    expect([progress, parser.reply.status, parser.reply.body.length]).toEqual(['done', 204, 0]);
  });

  it('takes a body without length until the end, and uses the connection no more', () => {
    const { progress, parser } = parse(`${OK}A: b\r\n\r\nhello`);
    expect(progress).toBe('more');
    expect(parser.end()).toBe('done');
    expect(parser.reply.text()).toBe('hello');
    expect(parser.persistent).toBe(false);
  });

  it('knows a truncated reply from none', () => {
    expect(parse('').parser.receivedBytes).toBe(0);
    expect(parse(`${OK}Content-Length: 9\r\n\r\nhello`).parser.end()).toBe('truncated');
    expect(parse('HTTP/1.1 2').parser.end()).toBe('truncated');
    expect(parse(`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`).parser.end()).toBe('truncated');
  });

  it.each([
    ['a status line that is none', 'ICY 200 OK\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status out of range', 'HTTP/1.1 99 No\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['a folded line', `${OK}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`],
    ['a field without a colon', `${OK}Abc\r\n\r\n`],
    ['a space before the colon', `${OK}Content-Length : 5\r\n\r\nhello`],
    ['a control character in a value', `${OK}A: b\u0000c\r\n\r\n`],
    ['a bare line feed in the head', `${OK}A: b\nC: d\r\n\r\n`],
    ['two lengths', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`],
    ['a length that is no number', `${OK}Content-Length: +5\r\n\r\nhello`],
    ['a negative length', `${OK}Content-Length: -5\r\n\r\nhello`],
    ['length and chunks', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['another encoding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk size that is none', `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk size beyond 32 bits', `${OK}Transfer-Encoding: chunked\r\n\r\n123456789\r\n`],
    ['a chunk longer than it says', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n`],
    ['an endless chunk line', `${OK}Transfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(400)}`],
    ['more fields than anybody sends', `${OK}${'A: b\r\n'.repeat(101)}\r\n`],
  ])('refuses %s', (_name, text) => {
    expect(parse(text).progress).toBe('reply-malformed');
    expect(parse(text, 1).progress).toBe('reply-malformed');
    expect(parse(text).parser.persistent).toBe(false);
  });

  it.each([
    ['an endless head', `${OK}A: ${'b'.repeat(LIMITS.replyHeaderBytesMax)}`],
    ['endless interim replies', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)],
    ['an announced length beyond the bound', `${OK}Content-Length: ${LIMITS.replyBytesMax + 1}\r\n\r\n`],
    ['an endless trailer', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${'A: b\r\n'.repeat(4000)}`],
  ])('bounds %s', (_name, text) => {
    expect(parse(text).progress).toBe('reply-too-large');
  });

  it('bounds a body of unknown length that comes in small chunks', () => {
    const chunk = Buffer.from(`10\r\n${'x'.repeat(16)}\r\n`.repeat(1000));
    const parser = new ReplyParser();
    parser.feed(Buffer.from(`${OK}Transfer-Encoding: chunked\r\n\r\n`));
    let progress = 'more';
    let fed = 0;
    for (; progress === 'more'; fed += 16_000) progress = parser.feed(chunk);
    expect(progress).toBe('reply-too-large');
    expect(fed).toBeGreaterThanOrEqual(LIMITS.replyBytesMax);
    expect(fed).toBeLessThanOrEqual(LIMITS.replyBytesMax + 32_000);
  });

  it('streams what the sink accepts and keeps nothing of it; an error page is kept', () => {
    const pieces: string[] = [];
    const parser = new ReplyParser({
      accepts: (status) => status === 200,
      take: (chunk) => pieces.push(chunk.toString()),
    });
    parser.feed(Buffer.from(`${OK}Content-Length: 10\r\n\r\nhello`));
    expect(parser.feed(Buffer.from('world'))).toBe('done');
    expect(pieces).toEqual(['hello', 'world']);
    expect(parser.reply.body.length).toBe(0);
    const refused = new ReplyParser({ accepts: (status) => status === 200, take: () => expect.unreachable() });
    refused.feed(Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno'));
    expect(refused.reply.text()).toBe('no');
  });

  it('takes bytes after the reply as a reason to close', () => {
    const { progress, parser } = parse(`${OK}Content-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`);
    expect([progress, parser.persistent]).toEqual(['done', false]);
  });

  it('never throws, whatever it is fed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', OK, `${OK}Transfer-Encoding: chunked\r\n\r\n`),
        (bytes, start) => {
          const parser = new ReplyParser();
          parser.feed(Buffer.from(start));
          expect(['more', 'done', 'reply-malformed', 'reply-too-large']).toContain(parser.feed(Buffer.from(bytes)));
        },
      ),
    );
  });
});
