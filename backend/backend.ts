// The embedded backend as a whole: authorities, sockets, tenant and services, started and stopped together. Each service has a
// DNS name of its own. By default each also has a port of its own and is reached as localhost, since `*.localhost` does not
// resolve everywhere; with one port for all, the Host header (and SNI) tells them apart.
import { isIP } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendAdmin } from '../catalog/backend-messages.ts';
import { SERVICE_NAMES, SERVICES } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { randomToken } from '../kernel/secrets.ts';
import { toPem } from '../protocol/pem.ts';
import { issueServerCertificate, makeAuthorities } from './authority.ts';
import type { Authorities } from './authority.ts';
import { ConnectionBound, Listener } from './http/listener.ts';
import type { ListenProblem, TlsMaterial } from './http/listener.ts';
import { Identifiers } from './identifiers.ts';
import { adminToken } from './login/token-endpoint.ts';
import { makeOrigins, namelessOrigin } from './services.ts';
import { makeEcKey, makeRsaKey } from './signing-keys.ts';
import { endpointsBy, Tenant } from './tenant.ts';
import type { Endpoints } from './tenant.ts';

export interface BackendOptions {
  readonly tenant: TenantConfig;
  readonly clock: Clock;
  readonly host?: string | undefined;
  /** One TLS port for all services. */
  readonly port?: number | undefined;
  readonly reportError: (error: unknown) => void;
}

export interface RunningBackend {
  readonly tenant: Tenant;
  readonly endpoints: Endpoints;
  readonly names: Readonly<Record<ServiceName, string>>;
  readonly caPem: string;
  readonly caPath: string;
  readonly admin: BackendAdmin;
  stop(): Promise<void>;
}

/** The DNS name of a service. */
export function serviceName(service: ServiceName): string {
  return `${service}.flotilla.localhost`;
}

export async function startBackend(options: BackendOptions): Promise<Result<RunningBackend, ListenProblem>> {
  const { tenant: config, clock, host = '127.0.0.1' } = options;
  const identifiers = new Identifiers(config.seed);
  const signers = { root: makeEcKey(), devices: makeEcKey(), mdm: makeEcKey() };
  const authorities = makeAuthorities(signers, identifiers, clock.wallMs());
  const sockets = new Sockets(host, options.port, serverTls(authorities, host), options.reportError);
  const endpoints = await sockets.listen();
  if (!endpoints.ok) {
    await sockets.close();
    return endpoints;
  }
  const tenant = new Tenant({
    config,
    clock,
    endpoints: endpoints.value,
    identifiers,
    authorities,
    tokenKey: makeRsaKey(),
    sealKey: randomToken(),
    adminSecret: randomToken(),
  });
  sockets.serve(tenant);
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-backend-'));
  const caPath = join(folder, 'ca.pem');
  const caPem = authorities.root.certificatePem;
  await writeFile(caPath, caPem + authorities.devices.certificatePem + authorities.mdm.certificatePem);
  return ok({
    tenant,
    endpoints: endpoints.value,
    names: endpointsBy(serviceName),
    caPem,
    caPath,
    admin: {
      ...tenant.admin,
      tokenUrl: `${endpoints.value.login}/${config.tenantId}/oauth2/v2.0/token`,
      token: adminToken(tenant),
    },
    stop: async () => {
      await sockets.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

interface ServerTls {
  /** For origins that ask nobody for a certificate. */
  readonly plain: TlsMaterial;
  /** For origins that ask for one, and for the one port that all share. */
  readonly mutual: TlsMaterial;
}

function serverTls(authorities: Authorities, host: string): ServerTls {
  const key = makeEcKey();
  const dnsNames = new Set([...SERVICE_NAMES.map(serviceName), 'localhost']);
  const addresses = new Set(['127.0.0.1', '::1']);
  if (isIP(host) === 0) dnsNames.add(host);
  else if (!isWildcard(host)) addresses.add(host);
  const certificate = issueServerCertificate(authorities.root, key.publicKeyInfo, [
    ...[...dnsNames].map((value) => ({ type: 'dns' as const, value })),
    ...[...addresses].map((value) => ({ type: 'ip' as const, value })),
  ]);
  const plain = { keyPem: key.privateKeyPem(), certificatePem: toPem('CERTIFICATE', certificate) };
  // Node's server wants chains up to a root. That lets in whatever the root stands over; the handler then takes only what it
  // finds among the enrollments or the joined devices.
  const { root, devices, mdm } = authorities;
  const clientCaPem = [mdm, devices, root].map((authority) => authority.certificatePem).join('');
  return { plain, mutual: { ...plain, clientCaPem } };
}

/** The listening sockets: one for each service, or one for all of each scheme. */
class Sockets {
  readonly #host: string;
  readonly #port: number | undefined;
  readonly #tls: ServerTls;
  readonly #reportError: (error: unknown) => void;
  readonly #connections = new ConnectionBound();
  readonly #listeners = new Map<Listener, readonly ServiceName[]>();

  constructor(host: string, port: number | undefined, tls: ServerTls, reportError: (error: unknown) => void) {
    this.#host = host;
    this.#port = port;
    this.#tls = tls;
    this.#reportError = reportError;
  }

  async listen(): Promise<Result<Endpoints, ListenProblem>> {
    return this.#port === undefined ? this.#listenApart() : this.#listenTogether(this.#port);
  }

  async #listenApart(): Promise<Result<Endpoints, ListenProblem>> {
    const ports = new Map<ServiceName, number>();
    for (const service of SERVICE_NAMES) {
      const tls = SERVICES[service].mutual ? this.#tls.mutual : this.#tls.plain;
      const listener = await this.#bind(0, SERVICES[service].scheme === 'https' ? tls : undefined, [service]);
      if (!listener.ok) return listener;
      ports.set(service, listener.value.port);
    }
    const name = advertisedHost(this.#host);
    return ok(endpointsBy((service) => `${SERVICES[service].scheme}://${name}:${ports.get(service)}`));
  }

  async #listenTogether(port: number): Promise<Result<Endpoints, ListenProblem>> {
    const secure = await this.#bind(port, this.#tls.mutual, servicesOf('https'));
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
  ): Promise<Result<Listener, ListenProblem>> {
    const listener = await Listener.listen({
      host: this.#host,
      port,
      ...(tls === undefined ? {} : { tls }),
      connections: this.#connections,
      reportError: this.#reportError,
    });
    if (listener.ok) this.#listeners.set(listener.value, services);
    return listener.ok ? listener : fail(listener.error);
  }

  serve(tenant: Tenant): void {
    const counts = (): Record<string, number> => ({
      connections: this.#connections.open,
      connectionsRefused: this.#connections.refused,
    });
    const origins = makeOrigins(tenant, counts);
    const nameless = namelessOrigin(tenant, counts);
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

  async close(): Promise<void> {
    const closing = [...this.#listeners.keys()].map((listener) => listener.close());
    this.#connections.closeAll();
    await Promise.all(closing);
  }
}

function servicesOf(scheme: 'http' | 'https'): ServiceName[] {
  return SERVICE_NAMES.filter((service) => SERVICES[service].scheme === scheme);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** What stands in URLs for the address that is bound: loopback and wildcard addresses are reached as localhost. */
function advertisedHost(host: string): string {
  if (isWildcard(host) || host === '::1' || host.startsWith('127.')) return 'localhost';
  return isIP(host) === 6 ? `[${host}]` : host;
}
