// The connections of all listeners of a backend, bounded together: what is too much is closed at once, and counted.
import type { Socket } from 'node:net';
import { LIMITS } from '../../kernel/limits.ts';

export class ConnectionBound {
  readonly #open = new Set<Socket>();
  #refused = 0;

  get open(): number {
    return this.#open.size;
  }

  get refused(): number {
    return this.#refused;
  }

  admit(socket: Socket): void {
    if (this.#open.size >= LIMITS.backendConnectionsMax) {
      this.#refused += 1;
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** Resets the TCP connection below a socket, be it TLS or plain. */
  reset(socket: Socket): void {
    for (const tcp of this.#open) {
      if (tcp.remotePort !== socket.remotePort || tcp.localPort !== socket.localPort) continue;
      if (tcp.remoteAddress === socket.remoteAddress) tcp.resetAndDestroy();
    }
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
