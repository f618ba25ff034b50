// One listening socket of the backend: HTTP/1.1 over TLS or plain, in front of one origin or several that are told apart by
// the Host header. It moves bytes and bounds strangers (body, headers, time, connections); what a request means is the
// router's. Every reply carries Content-Length and none is chunked: Windows' enrollment client takes nothing else (MS-MDE2).
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { assert, fail, messageOf, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import type { ConnectionBound } from './connection-bound.ts';
import { faultyFront } from './connection-faults.ts';
import type { ConnectionFaults } from './connection-faults.ts';
import { errorReply } from './message.ts';
import type { ClientCertificate, Reply } from './message.ts';
import type { Router } from './router.ts';
import { deliver, send } from './sending.ts';
import { tlsOptions } from './tls-options.ts';
import type { TlsMaterial } from './tls-options.ts';

/** An origin as a listener sees it. */
export interface ListenedOrigin {
  readonly router: Router;
  readonly bodyBytesMax: number;
  /** Whether the certificate that the client presented is the handler's business. */
  readonly mutual: boolean;
}

/** The origin of a Host header (without port, lower case). */
export type OriginChoice = (host: string) => ListenedOrigin;

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls?: TlsMaterial;
  readonly connections: ConnectionBound;
  readonly clock: Clock;
  /** What can go wrong with connections before HTTP begins; absent: nothing. */
  readonly connectionFaults?: ConnectionFaults;
  /** A handler threw: an error of ours, answered with 500. */
  readonly reportError: (error: unknown) => void;
}

export interface ListenProblem {
  readonly message: string;
  readonly portTaken: boolean;
}

/** A client that dawdles over its headers or body loses its connection; one that keeps it idle keeps it for two minutes. */
const TIMEOUTS = { headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 120_000 } as const;
const SERVER_OPTIONS = {
  ...TIMEOUTS,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: LIMITS.requestHeaderBytesMax,
  noDelay: true,
} as const;
const BACKLOG = 4_096;
/** Shared by all requests without: handlers read only. */
const NO_QUERY = new URLSearchParams();
const NO_BODY = Buffer.alloc(0);

export class Listener {
  readonly #server: HttpServer;
  /** What has the port: the server itself, or what hands it the connections that are well. */
  readonly #front: Server;
  readonly #options: ListenerOptions;
  readonly #certificates = new WeakMap<Socket, ClientCertificate | { readonly none: true }>();
  #choose: OriginChoice | undefined;
  #port = 0;
  #closed = false;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = this.#makeServer(options.tls);
    const { connectionFaults: faults, connections } = options;
    if (faults === undefined) this.#front = this.#server;
    else {
      const impostor = this.#makeServer(faults.untrusted ?? options.tls);
      this.#front = faultyFront({ server: this.#server, impostor, fateOf: faults.fateOf, connections });
    }
  }

  /** Binds the socket. Until `serve` says which origins it has, requests answer 503. */
  static async listen(options: ListenerOptions): Promise<Result<Listener, ListenProblem>> {
    const listener = new Listener(options);
    const server = listener.#front;
    return new Promise((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const portTaken = error.code === 'EADDRINUSE';
        const where = `${options.host}:${options.port}`;
        resolve(fail({ portTaken, message: portTaken ? `port ${where} is taken` : `${where}: ${messageOf(error)}` }));
      });
      server.listen({ host: options.host, port: options.port, backlog: BACKLOG }, () => {
        server.removeAllListeners('error');
        server.on('error', options.reportError);
        const address = server.address();
        assert(address !== null && typeof address === 'object', 'a listener listens on a TCP port');
        listener.#port = (address satisfies AddressInfo).port;
        resolve(ok(listener));
      });
    });
  }

  get port(): number {
    return this.#port;
  }

  serve(choose: OriginChoice): void {
    this.#choose = choose;
  }

  /** From now on nobody listens at the port, until `open`; connections stay. */
  shut(): void {
    if (this.#front.listening) this.#front.close();
  }

  /** Listens at the same port again. */
  open(): void {
    if (!this.#closed && !this.#front.listening) {
      this.#front.listen({ host: this.#options.host, port: this.#port, backlog: BACKLOG });
    }
  }

  /** Takes no more connections; those that are open are the connection bound's to close. */
  async close(): Promise<void> {
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#front.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #makeServer(tls: TlsMaterial | undefined): HttpServer {
    const respond = (request: IncomingMessage, response: ServerResponse): void => this.#receive(request, response);
    const server =
      tls === undefined
        ? createHttpServer(SERVER_OPTIONS, respond)
        : createHttpsServer({ ...SERVER_OPTIONS, ...tlsOptions(tls) }, respond);
    server.maxHeadersCount = 100;
    server.on('connection', (socket: Socket) => this.#options.connections.admit(socket));
    server.on('clientError', refuseUnreadable);
    return server;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const origin = this.#choose?.(hostName(request.headers.host ?? ''));
    if (origin === undefined) {
      send(response, errorReply(503, 'ServiceUnavailable', 'The backend is not ready yet.', { 'retry-after': '1' }));
      return;
    }
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > origin.bodyBytesMax) {
      refuseTooLarge(request, response, origin.bodyBytesMax);
      return;
    }
    if (announced === 0 && request.headers['transfer-encoding'] === undefined) {
      this.#answer(origin, request, response, NO_BODY);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= origin.bodyBytesMax) chunks.push(chunk);
      else if (!response.headersSent) refuseTooLarge(request, response, origin.bodyBytesMax);
    });
    request.on('end', () => {
      if (response.headersSent) return;
      this.#answer(origin, request, response, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    });
    request.on('error', () => response.destroy());
  }

  #answer(origin: ListenedOrigin, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const url = request.url ?? '/';
    const queryAt = url.indexOf('?');
    let reply: Reply;
    try {
      reply = origin.router.handle({
        method: request.method ?? 'GET',
        path: queryAt < 0 ? url : url.slice(0, queryAt),
        query: queryAt < 0 ? NO_QUERY : new URLSearchParams(url.slice(queryAt + 1)),
        headers: request.headers,
        body,
        clientCertificate: origin.mutual ? this.#clientCertificate(request.socket) : undefined,
      });
    } catch (thrown) {
      this.#options.reportError(thrown);
      reply = errorReply(500, 'InternalServerError', 'The embedded backend failed on this request.');
    }
    if (reply.delivery === undefined) send(response, reply);
    else {
      const { clock, connections } = this.#options;
      deliver(response, reply, reply.delivery, { clock, reset: (socket) => connections.reset(socket) });
    }
  }

  /** What TLS has verified stays true for the connection, so it is looked up once. */
  #clientCertificate(socket: Socket): ClientCertificate | undefined {
    let known = this.#certificates.get(socket);
    if (known === undefined) {
      const certificate =
        socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
      const der = certificate?.raw;
      known = der === undefined ? { none: true } : { der, thumbprint: sha1Thumbprint(der) };
      this.#certificates.set(socket, known);
    }
    return 'none' in known ? undefined : known;
  }
}

/** The name in a Host header, lower case, without port and brackets. */
function hostName(header: string): string {
  const bracket = header.startsWith('[') ? header.indexOf(']') : -1;
  if (bracket > 0) return header.slice(1, bracket).toLowerCase();
  const colon = header.lastIndexOf(':');
  return (colon < 0 ? header : header.slice(0, colon)).toLowerCase();
}

function refuseTooLarge(request: IncomingMessage, response: ServerResponse, bytesMax: number): void {
  const reply = errorReply(413, 'RequestTooLarge', `A request body here has at most ${bytesMax} bytes.`, {
    connection: 'close',
  });
  response.once('finish', () => request.socket.destroySoon());
  send(response, reply);
}

/** What is not HTTP, or not in time, gets a status if the socket still takes one. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}
