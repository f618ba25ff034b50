// One exchange as `--trace` and `replay` show it. Secrets are masked here, before an entry leaves the device.
import type { TraceEntry } from '../../telemetry/messages.ts';
import { maskText } from './mask.ts';

export type TraceSink = (entry: TraceEntry) => void;

/** An entry with its texts masked; bodies that are no text are named by their size. */
export function traceEntry(
  entry: Omit<TraceEntry, 'requestBody' | 'replyBody'>,
  requestBody: string | Uint8Array | undefined,
  replyBody: Uint8Array | undefined,
): TraceEntry {
  return {
    ...entry,
    url: maskText(entry.url),
    requestBody: bodyText(requestBody),
    replyBody: bodyText(replyBody),
  };
}

function bodyText(body: string | Uint8Array | undefined): string {
  if (body === undefined || body.length === 0) return '';
  if (typeof body === 'string') return maskText(body);
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  return text.includes('\u0000') || text.includes('\ufffd') ? `(${body.length} bytes)` : maskText(text);
}
