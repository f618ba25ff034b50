// An answer of one byte more than a client of this flow takes: of documents, or where content is asked for, of content.
import { LIMITS } from '../../kernel/limits.ts';
import { KIB } from '../../kernel/units.ts';
import type { ContentBody } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const tooLarge: ExchangeFault = {
  kind: 'exchange',
  act: ({ operation }) => {
    const bytes = (operation === 'content' ? LIMITS.contentBytesMax : LIMITS.replyBytesMax) + 1;
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: zeros(bytes) };
  },
};

const ZEROS = Buffer.alloc(64 * KIB);

function zeros(bytes: number): ContentBody {
  return { kind: 'content', bytes, slice: (_offset, length) => ZEROS.subarray(0, Math.min(length, ZEROS.length)) };
}
