// The listening sockets of the backend. By default each service has a port of its own and is reached as localhost, since
// `*.localhost` does not resolve everywhere; with one port for all, the Host header (and SNI) tells them apart.
import { isIP } from 'node:net';
import { SERVICE_NAMES, SERVICES } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import type { FaultConfig } from '../catalog/faults.ts';
import type { Clock } from '../kernel/clock.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { connectionFaultsOf } from './faults/fault-layer.ts';
import type { FaultLayer } from './faults/fault-layer.ts';
import { ConnectionBound } from './http/connection-bound.ts';
import type { ConnectionFaults } from './http/connection-faults.ts';
import { Listener } from './http/listener.ts';
import type { ListenProblem } from './http/listener.ts';
import { isWildcard, serviceName } from './http/server-tls.ts';
import type { ServerTls } from './http/server-tls.ts';
import type { TlsMaterial } from './http/tls-options.ts';
import { makeOrigins, namelessOrigin } from './services.ts';
import { endpointsBy } from './tenant.ts';
import type { Endpoints, Tenant } from './tenant.ts';

export interface SocketsOptions {
  readonly host: string;
  /** One TLS port for all services; it has no faults of connections, which do not say whose they are. */
  readonly port: number | undefined;
  readonly tls: ServerTls;
  /** A certificate that ends at no root that anybody has, for faults. */
  readonly untrustedTls: () => ServerTls;
  readonly faults: readonly FaultConfig[];
  readonly clock: Clock;
  readonly reportError: (error: unknown) => void;
}

/** One listener for each service, or one for all of each scheme. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #connections = new ConnectionBound();
  readonly #listeners = new Map<Listener, readonly ServiceName[]>();
  readonly #cancels: (() => void)[] = [];

  /** Those of the services, once they are served. */
  #faults: FaultLayer | undefined;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  async listen(): Promise<Result<Endpoints, ListenProblem>> {
    const { port } = this.#options;
    return port === undefined ? this.#listenApart() : this.#listenTogether(port);
  }

  async #listenApart(): Promise<Result<Endpoints, ListenProblem>> {
    const ports = new Map<ServiceName, number>();
    for (const service of SERVICE_NAMES) {
      const kind = SERVICES[service].mutual ? 'mutual' : 'plain';
      const tls = SERVICES[service].scheme === 'https' ? this.#options.tls[kind] : undefined;
      const listener = await this.#bind(0, tls, [service], this.#connectionFaults(service, kind));
      if (!listener.ok) return listener;
      ports.set(service, listener.value.port);
    }
    const name = advertisedHost(this.#options.host);
    return ok(endpointsBy((service) => `${SERVICES[service].scheme}://${name}:${ports.get(service)}`));
  }

  async #listenTogether(port: number): Promise<Result<Endpoints, ListenProblem>> {
    const secure = await this.#bind(port, this.#options.tls.mutual, servicesOf('https'));
    if (!secure.ok) return secure;
    const plain = await this.#bind(0, undefined, servicesOf('http'));
    if (!plain.ok) return plain;
    const ports = { https: secure.value.port, http: plain.value.port };
    return ok(
      endpointsBy((service) => {
        const { scheme } = SERVICES[service];
        return `${scheme}://${serviceName(service)}:${ports[scheme]}`;
      }),
    );
  }

  async #bind(
    port: number,
    tls: TlsMaterial | undefined,
    services: readonly ServiceName[],
    connectionFaults?: ConnectionFaults,
  ): Promise<Result<Listener, ListenProblem>> {
    const { host, clock, reportError } = this.#options;
    const listener = await Listener.listen({
      host,
      port,
      ...(tls === undefined ? {} : { tls }),
      connections: this.#connections,
      clock,
      ...(connectionFaults === undefined ? {} : { connectionFaults }),
      reportError,
    });
    if (listener.ok) this.#listeners.set(listener.value, services);
    return listener.ok ? listener : fail(listener.error);
  }

  /** What is wrong with connections to a service; nothing where nothing is, so that nobody need be asked. */
  #connectionFaults(service: ServiceName, kind: keyof ServerTls): ConnectionFaults | undefined {
    const faults = connectionFaultsOf(this.#options.faults, service);
    if (faults.length === 0) return undefined;
    const impostor = faults.some(({ fate }) => fate === 'untrusted') ? this.#options.untrustedTls() : undefined;
    return {
      fateOf: () => this.#faults?.fateOf(service),
      ...(impostor === undefined ? {} : { untrusted: impostor[kind] }),
    };
  }

  serve(tenant: Tenant, faults: FaultLayer): void {
    this.#faults = faults;
    const counts = (): Record<string, number> => ({
      connections: this.#connections.open,
      connectionsRefused: this.#connections.refused,
    });
    const origins = makeOrigins(tenant, faults, counts);
    const nameless = namelessOrigin(tenant, faults, counts);
    for (const [listener, services] of this.#listeners) {
      const [only] = services;
      if (services.length === 1 && only !== undefined) {
        listener.serve(() => origins[only]);
        continue;
      }
      const byName = new Map(services.map((service) => [serviceName(service), origins[service]]));
      listener.serve((host) => byName.get(host) ?? nameless);
    }
  }

  /** The windows of faults count from now: from here on ports are shut and opened again as they say. */
  begin(): void {
    const { clock, faults } = this.#options;
    for (const [listener, [service]] of this.#listeners) {
      for (const { fault, fate } of service === undefined ? [] : connectionFaultsOf(faults, service)) {
        if (fate !== 'refused') continue;
        const shut = (): void => {
          listener.shut();
          this.#faults?.hit(fault);
        };
        this.#cancels.push(clock.after(fault.fromMs, shut));
        if (fault.untilMs !== null) this.#cancels.push(clock.after(fault.untilMs, () => listener.open()));
      }
    }
  }

  async close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    const closing = [...this.#listeners.keys()].map((listener) => listener.close());
    this.#connections.closeAll();
    await Promise.all(closing);
  }
}

function servicesOf(scheme: 'http' | 'https'): ServiceName[] {
  return SERVICE_NAMES.filter((service) => SERVICES[service].scheme === scheme);
}

/** What stands in URLs for the address that is bound: loopback and wildcard addresses are reached as localhost. */
function advertisedHost(host: string): string {
  if (isWildcard(host) || host === '::1' || host.startsWith('127.')) return 'localhost';
  return isIP(host) === 6 ? `[${host}]` : host;
}
