// A body that is as long as it should be, with its first byte turned over: a hash over it no longer matches.
import type { Reply } from '../http/message.ts';

export function corruptBody(reply: Reply): Reply | undefined {
  const { body, status } = reply;
  if (status >= 300 || typeof body !== 'object' || !('kind' in body)) return undefined;
  const slice = (offset: number, length: number): Uint8Array => {
    const bytes = body.slice(offset, length);
    if (offset > 0) return bytes;
    const changed = Buffer.from(bytes);
    changed[0] = changed[0]! ^ 0xff;
    return changed;
  };
  return { ...reply, body: { ...body, slice } };
}
