// How a content origin answers for a file: whole, or one range of it (RFC 9110, 14), so that a download that broke off goes on
// where it was. A range of a version that is no longer there is answered by the whole of the new one (If-Range).
import { bodyRange } from './content-body.ts';
import type { ServedFile } from './content.ts';
import { errorReply, headerOf } from './http/message.ts';
import type { BackendRequest, Reply } from './http/message.ts';

/** Without `request` the whole file. */
export function contentReply(file: ServedFile | undefined, request?: BackendRequest): Reply {
  if (file === undefined) return errorReply(404, 'NotFound', 'There is no content of this name.');
  const { bytes, etag, body } = file;
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes', etag };
  const range = request === undefined ? undefined : rangeOf(request, file);
  if (range === undefined) return { status: 200, headers, body };
  if (range === 'none') return { status: 416, headers: { 'content-range': `bytes */${bytes}` }, body: '' };
  const [first, last] = range;
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${bytes}` },
    body: bodyRange(body, first, last - first + 1),
  };
}

/** First and last byte asked for; `none` where the file has none of them; undefined where the whole file is the answer. */
function rangeOf(request: BackendRequest, { bytes, etag }: ServedFile): readonly [number, number] | 'none' | undefined {
  // Several ranges, and anything else that is not understood, may be ignored.
  const match = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(headerOf(request, 'range') ?? '');
  const condition = headerOf(request, 'if-range');
  if (match === null || request.method !== 'GET' || (condition !== undefined && condition !== etag)) return undefined;
  const [, from, to] = match as unknown as [string, string, string];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  return first < bytes && first <= last ? [first, last] : 'none';
}
