// GET /healthz, on every origin: whether the service answers, what the tenant holds, and how often its faults hit. It has none itself.
import type { ServiceName } from '../catalog/services.ts';
import { SECOND_MS } from '../kernel/units.ts';
import type { FaultLayer } from './faults/fault-layer.ts';
import { jsonReply } from './http/message.ts';
import type { Route } from './http/message.ts';
import type { Tenant } from './tenant.ts';

/** What a transport counts; nothing where there is none. */
export type TransportCounts = () => Readonly<Record<string, number>>;

export function healthRoute(
  tenant: Tenant,
  service: ServiceName | 'backend',
  faults: FaultLayer,
  transport: TransportCounts,
): Route {
  return {
    method: 'GET',
    path: '/healthz',
    handle: () =>
      jsonReply(200, {
        status: 'ok',
        service,
        uptimeSeconds: (tenant.clock.nowMs() - tenant.startedMs) / SECOND_MS,
        counts: { ...tenant.counts(), ...transport() },
        faults: faults.counts(),
      }),
  };
}
