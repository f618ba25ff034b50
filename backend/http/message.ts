// One request and its reply as values: what a service's handler gets and gives. A handler never sees a socket, so the same
// handlers answer over TLS and over a loopback transport in virtual time.
import type { OperationName, ServiceName } from '../../catalog/services.ts';

/** The certificate that a client proved to hold, of a CA of the tenant: TLS has checked it. */
export interface ClientCertificate {
  readonly der: Uint8Array;
  /** SHA-1 of the DER, upper-case hex. */
  readonly thumbprint: string;
}

export interface BackendRequest {
  readonly method: string;
  /** Path without query, percent-encoded as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined by the transport. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Named segments of the route, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Only on origins that ask for one (catalog/services.ts), and only where its chain holds. */
  readonly clientCertificate: ClientCertificate | undefined;
}

/** Bytes that are made while they are sent. */
export interface ContentBody {
  readonly kind: 'content';
  readonly bytes: number;
  /** Bytes from `offset` on, at least one and at most `length`: a view that the caller must not change. */
  slice(offset: number, length: number): Uint8Array;
}

/** How a faulty service sends a reply. */
export interface Delivery {
  /** Real milliseconds before its first byte. */
  readonly delayMs?: number;
  /**
   * `reset`: the connection is reset instead; `silent`: nothing comes, and the connection stays; `stalled`: nothing after half of the
   * body; `truncated`: the connection ends there; `malformed`: bytes come that are not HTTP.
   */
  readonly ending?: 'reset' | 'silent' | 'stalled' | 'truncated' | 'malformed';
}

export interface Reply {
  readonly status: number;
  /** Without Content-Length: the transport writes it, always. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ContentBody;
  /** Absent: at once and whole. */
  readonly delivery?: Delivery;
}

export type Handler = (request: BackendRequest) => Reply;

/** What a transport knows of a request before it is routed. */
export type UnroutedRequest = Omit<BackendRequest, 'parameters'>;

/** Where a route's requests go: method, then path; a segment that begins with a colon takes any one segment. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** What agents call it (catalog/services.ts); absent where no agent asks. */
  readonly operation?: OperationName;
  /** Takes only some requests to its path, where the path alone does not say what is asked; the next route is tried for others. */
  readonly when?: (request: UnroutedRequest) => boolean;
  readonly handle: Handler;
}

/** One origin of the backend. */
export interface BackendService {
  readonly name: ServiceName;
  readonly routes: readonly Route[];
  /** The largest request body that it takes. */
  readonly bodyBytesMax: number;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8' };

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

/** A JSON body that was written once; for documents that never change. */
export function jsonTextReply(text: string): Reply {
  return { status: 200, headers: JSON_TYPE, body: text };
}

export function htmlReply(status: number, html: string): Reply {
  return { status, headers: HTML_TYPE, body: html };
}

export function textReply(status: number, text: string): Reply {
  return { status, headers: TEXT_TYPE, body: text };
}

export function redirectReply(location: string): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

/** The error form of every origin whose protocol has none of its own (that of Microsoft Graph). */
export function errorReply(status: number, code: string, message: string, headers?: Record<string, string>): Reply {
  return jsonReply(status, { error: { code, message } }, headers);
}

/** A store is full: the tenant's memory is bounded, and the client may try again later. */
export function fullReply(): Reply {
  return errorReply(503, 'ServiceUnavailable', 'The embedded tenant holds as many entities as it may.', {
    'retry-after': '30',
  });
}

/** One header's value; of repeated ones the first. */
export function headerOf(request: BackendRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: BackendRequest): string | undefined {
  const match = /^Bearer +([^\s]+) *$/i.exec(headerOf(request, 'authorization') ?? '');
  return match?.[1];
}

/** Whether the body is said to be of one of the media types (parameters ignored). */
export function hasMediaType(request: BackendRequest, ...types: readonly string[]): boolean {
  const sent = (headerOf(request, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  return types.includes(sent);
}
