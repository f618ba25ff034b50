// When a device tries again, and how long it waits first. A service that asks to slow down is obeyed; a transport error is
// tried again only where the service cannot have acted on the request, or acting twice does no harm.
import type { RetryCause } from '../../catalog/services.ts';
import { utcEpochMs } from '../../kernel/calendar.ts';
import { LIMITS } from '../../kernel/limits.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Reply } from './reply.ts';

/** Why a reply asks for another attempt (RFC 6585, 4; RFC 9110, 15.6.4), or nothing. */
export function replyRetry(reply: Reply): RetryCause | undefined {
  if (reply.status === 429) return 'throttled';
  // Without Retry-After a 503 is a failure like any other 5xx, which the step judges.
  return reply.status === 503 && reply.header('retry-after') !== undefined ? 'server-error' : undefined;
}

/** Real milliseconds until the next attempt: what the service asked for, bounded, or a back-off with jitter. */
export function retryDelayMs(reply: Reply | undefined, attempt: number, wallMs: number, stream: RandomStream): number {
  const asked = reply === undefined ? undefined : retryAfterMs(reply.header('retry-after') ?? '', wallMs);
  // Devices that were refused together must not come back together.
  const jitter = 1 + stream.unit() / 2;
  if (asked !== undefined) return Math.min(asked, LIMITS.retryAfterMaxMs) * jitter;
  return LIMITS.retryBackoffMs * 2 ** (attempt - 1) * jitter;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads a Retry-After field: seconds or an HTTP date (RFC 9110, 10.2.3); nothing where it is neither. */
export function retryAfterMs(field: string, wallMs: number): number | undefined {
  if (/^[0-9]{1,9}$/.test(field)) return Number(field) * 1000;
  const date = HTTP_DATE.exec(field);
  if (date === null) return undefined;
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((group) => Number(date[group])) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const epochMs = utcEpochMs({ year, month: MONTHS.indexOf(date[2]!) + 1, day, hour, minute, second });
  return epochMs === undefined ? undefined : Math.max(0, epochMs - wallMs);
}
