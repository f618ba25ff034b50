// What can go wrong with a connection before HTTP begins. A listener that is told to have such faults stands behind a front that
// decides for each connection; one that has none listens itself, and this costs it nothing.
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { ConnectionBound } from './connection-bound.ts';
import type { TlsMaterial } from './tls-options.ts';

/**
 * What becomes of a connection: `untrusted`: the certificate's chain ends at no root that anybody has; `broken`: bytes come that are
 * not TLS; `stalled`: nothing ever comes.
 */
export type ConnectionFate = 'untrusted' | 'broken' | 'stalled';

export interface ConnectionFaults {
  /** Asked once for each connection; undefined: it is well. */
  readonly fateOf: () => ConnectionFate | undefined;
  /** For `untrusted`. */
  readonly untrusted?: TlsMaterial;
}

/** No record of TLS begins like this. */
const NOT_TLS = 'SIMULATED FAULT: this is not TLS\r\n';

export interface FrontOptions {
  readonly server: HttpServer;
  /** The same server with a certificate that nobody trusts. */
  readonly impostor: HttpServer;
  readonly fateOf: ConnectionFaults['fateOf'];
  readonly connections: ConnectionBound;
}

/** Takes the connections of a port and hands those on that go to a server. */
export function faultyFront({ server, impostor, fateOf, connections }: FrontOptions): Server {
  return createServer({ noDelay: true }, (socket) => {
    const fate = fateOf();
    if (fate === undefined || fate === 'untrusted') {
      (fate === undefined ? server : impostor).emit('connection', socket);
      return;
    }
    connections.admit(socket);
    socket.on('error', () => socket.destroy());
    // What the client sends is read and dropped, so that its leaving is noticed.
    socket.resume();
    if (fate === 'broken') socket.end(NOT_TLS);
  });
}
