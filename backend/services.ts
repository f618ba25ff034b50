// The services of a tenant, by name: one implementation for each name of the catalogue.
import { SERVICE_NAMES, SERVICES as CATALOG } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import { appsService } from './apps.ts';
import { certificatesService } from './certificates/service.ts';
import { connectivityService } from './connectivity.ts';
import { enrollmentService } from './enrollment/service.ts';
import type { FaultLayer } from './faults/fault-layer.ts';
import { federationService } from './federation/service.ts';
import { gatewayService } from './gateway/service.ts';
import { healthRoute } from './health.ts';
import type { TransportCounts } from './health.ts';
import type { ListenedOrigin } from './http/listener.ts';
import { errorReply } from './http/message.ts';
import type { BackendService } from './http/message.ts';
import { Router } from './http/router.ts';
import { joinService } from './join/service.ts';
import { loginService } from './login/service.ts';
import { managementService } from './management-origin.ts';
import { profileService } from './profile/service.ts';
import { registrationService } from './registration/service.ts';
import type { Tenant } from './tenant.ts';
import { updatesService } from './updates.ts';

const SERVICES: Readonly<Record<ServiceName, (tenant: Tenant) => BackendService>> = {
  registration: registrationService,
  connectivity: connectivityService,
  profile: profileService,
  updates: updatesService,
  login: loginService,
  federation: federationService,
  join: joinService,
  enrollment: enrollmentService,
  management: managementService,
  certificates: certificatesService,
  gateway: gatewayService,
  apps: appsService,
};

/** Answers requests to a shared socket whose Host header names no service: its health only. */
export function namelessOrigin(tenant: Tenant, faults: FaultLayer, transport: TransportCounts): ListenedOrigin {
  const message = 'No service of this backend has the name in the Host header.';
  const router = new Router(
    [healthRoute(tenant, 'backend', faults, transport)],
    errorReply(421, 'MisdirectedRequest', message),
  );
  return { router, bodyBytesMax: 0, mutual: false };
}

/** Every origin of the tenant with its faults, ready to be asked. */
export function makeOrigins(
  tenant: Tenant,
  faults: FaultLayer,
  transport: TransportCounts = () => ({}),
): Readonly<Record<ServiceName, ListenedOrigin>> {
  const origins = SERVICE_NAMES.map((name) => {
    const { routes, bodyBytesMax } = SERVICES[name](tenant);
    const faulty = routes.map((route) => ({ ...route, handle: faults.around(name, route) }));
    const router = new Router([...faulty, healthRoute(tenant, name, faults, transport)]);
    return [name, { router, bodyBytesMax, mutual: CATALOG[name].mutual }] as const;
  });
  return Object.fromEntries(origins) as Record<ServiceName, ListenedOrigin>;
}
