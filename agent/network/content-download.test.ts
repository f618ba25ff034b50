import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { ContentDownload } from './content-download.ts';
import type { ContentTaker } from './content-download.ts';
import type { HeaderList } from './reply.ts';

const CONTENT = 'a download of some length';
const ETAG = '"v1"';

/** A download into a text, and one attempt at it that brings a part of what it is answered. */
function download() {
  let text = '';
  const taker: ContentTaker = {
    begin: () => {
      text = '';
    },
    take: (piece) => {
      text += piece.toString();
    },
  };
  const content = new ContentDownload(taker, new VirtualClock(), 1);
  return {
    content,
    text: () => text,
    /** Header fields that it sends, and whether it takes the reply's body. */
    attempt: (status: number, headers: HeaderList, body: string) => {
      const sent = content.headers();
      const { sink } = content.attempt();
      const taken = sink!.accepts(status, headers);
      if (taken) sink!.take(Buffer.from(body));
      return { sent, taken };
    },
  };
}

function rest(from: number): HeaderList {
  return ['content-range', `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`, 'etag', ETAG];
}

describe('a download that broke off', () => {
  it('goes on behind what came, of the version that it came from', () => {
    const { content, text, attempt } = download();
    expect(attempt(200, ['etag', ETAG], CONTENT.slice(0, 10)).sent).toEqual({});
    expect(attempt(206, rest(10), CONTENT.slice(10, 12)).sent).toEqual({ Range: 'bytes=10-', 'If-Range': ETAG });
    expect(attempt(206, rest(12), CONTENT.slice(12)).sent).toEqual({ Range: 'bytes=12-', 'If-Range': ETAG });
    expect([text(), content.bytes, content.accepted]).toEqual([CONTENT, CONTENT.length, true]);
  });

  it('begins again where the content has changed', () => {
    const { content, text, attempt } = download();
    attempt(200, ['etag', ETAG], 'something else');
    expect(attempt(200, ['etag', '"v2"'], CONTENT)).toMatchObject({ sent: { 'If-Range': ETAG }, taken: true });
    expect([text(), content.bytes]).toEqual([CONTENT, CONTENT.length]);
  });

  it.each([[[]], [['etag', 'W/"v1"']]])('begins again where the version has no name (%j)', (headers) => {
    const { text, attempt } = download();
    attempt(200, headers, CONTENT.slice(0, 10));
    expect(attempt(200, headers, CONTENT).sent).toEqual({});
    expect(text()).toBe(CONTENT);
  });

  it.each([
    ['another place', 206, rest(5)],
    ['no place', 206, ['etag', ETAG]],
    ['an error page', 404, []],
  ])('does not take %s for its rest', (_what, status, headers) => {
    const { content, text, attempt } = download();
    attempt(200, ['etag', ETAG], CONTENT.slice(0, 10));
    expect(attempt(status, headers, 'x').taken).toBe(false);
    expect([text(), content.accepted]).toEqual([CONTENT.slice(0, 10), false]);
  });

  it('does not take a part that it has not asked for', () => {
    expect(download().attempt(206, rest(0), CONTENT).taken).toBe(false);
  });

  it('is paced by what came in the attempt', () => {
    const { content } = download();
    content.attempt().sink!.accepts(200, []);
    const { sink, pauseMs } = content.attempt();
    sink!.accepts(200, []);
    sink!.take(Buffer.alloc(40));
    expect(pauseMs!()).toBe(40);
  });
});
