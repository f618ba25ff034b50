// A request as steps and service clients write it, and as it goes on the wire.
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { Address } from './address.ts';
import { transportFailure } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path and query at the service's endpoint, or an absolute URL that a service advertised. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whether doing it twice does no harm; by default only GET. */
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
}

/** Outside visible ASCII, space and tab; tokens and everything else of this flow stay inside. */
const NOT_IN_A_FIELD = /[^\t\x20-\x7e]/;

export interface RequestHead {
  readonly head: string;
  readonly bodyBytes: number;
}

/** Request line and header fields (RFC 9112, 3). Values come from services too, so what could end a field must not pass. */
export function requestHead(address: Address, request: ExchangeRequest): Result<RequestHead, TransportFailure> {
  const { method, headers, body } = request;
  let head = `${method} ${address.path} HTTP/1.1\r\nHost: ${address.authority}\r\n`;
  for (const name in headers) {
    const value = headers[name]!;
    if (NOT_IN_A_FIELD.test(value))
      return fail(transportFailure('reply-malformed', `a value for ${name} has characters that no field may have`));
    head += `${name}: ${value}\r\n`;
  }
  const bodyBytes = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (method !== 'GET' || bodyBytes > 0) head += `Content-Length: ${bodyBytes}\r\n`;
  return ok({ head: `${head}\r\n`, bodyBytes });
}
