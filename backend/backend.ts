// The embedded backend as a whole: authorities, sockets, tenant, services and their faults, started and stopped together.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendAdmin } from '../catalog/backend-messages.ts';
import type { ServiceName } from '../catalog/services.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { randomToken } from '../kernel/secrets.ts';
import { makeAuthorities } from './authority.ts';
import type { Authorities } from './authority.ts';
import { FaultLayer } from './faults/fault-layer.ts';
import type { ListenProblem } from './http/listener.ts';
import { serverTls, serviceName } from './http/server-tls.ts';
import { Identifiers } from './identifiers.ts';
import { adminToken } from './login/token-endpoint.ts';
import { makeEcKey, makeRsaKey } from './signing-keys.ts';
import { Sockets } from './sockets.ts';
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
  /** From now on the tenant has its faults: their windows count from here. Once. */
  begin(): void;
  stop(): Promise<void>;
}

export async function startBackend(options: BackendOptions): Promise<Result<RunningBackend, ListenProblem>> {
  const { tenant: config, clock, host = '127.0.0.1' } = options;
  const identifiers = new Identifiers(config.seed);
  const makeOwn = (): Authorities => {
    const signers = { root: makeEcKey(), devices: makeEcKey(), mdm: makeEcKey() };
    return makeAuthorities(signers, identifiers, clock.wallMs());
  };
  const authorities = makeOwn();
  const sockets = new Sockets({
    host,
    port: options.port,
    tls: serverTls(authorities, host),
    untrustedTls: () => serverTls(makeOwn(), host),
    faults: config.faults,
    clock,
    reportError: options.reportError,
  });
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
  const faults = new FaultLayer(tenant);
  sockets.serve(tenant, faults);
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
    begin: () => {
      faults.begin();
      sockets.begin();
    },
    stop: async () => {
      await sockets.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
