// The faults of a tenant at work: it decides who meets which, by service and operation, window, cohort and rate, and counts what
// hit. A device meets a fault always or never; requests of nobody in particular, and connections, are drawn one by one. A service
// without faults is left as it is.
import { FAULTS } from '../../catalog/faults.ts';
import type { FaultConfig, FaultName } from '../../catalog/faults.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { RandomStream } from '../../kernel/random.ts';
import type { ConnectionFate } from '../http/connection-faults.ts';
import type { BackendRequest, Handler, Reply, Route } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { FAULT_IMPLEMENTATIONS } from './catalog.ts';
import type { ExchangeFault } from './fault.ts';

/** The service that has a fault. */
export function serviceOf(fault: FaultConfig): ServiceName | null {
  return FAULTS[fault.fault].service ?? fault.service;
}

/** Faults of a service that are of connections, by what becomes of them. */
export function connectionFaultsOf(
  faults: readonly FaultConfig[],
  service: ServiceName,
): { readonly fault: FaultConfig; readonly fate: ConnectionFate | 'refused' }[] {
  return faults.flatMap((fault) => {
    const implementation = FAULT_IMPLEMENTATIONS[fault.fault];
    if (implementation.kind !== 'connection' || serviceOf(fault) !== service) return [];
    return [{ fault, fate: implementation.fate }];
  });
}

export class FaultLayer {
  readonly #tenant: Tenant;
  readonly #hits = new Map<FaultName, number>();
  /** Chance of what cannot be told apart, one stream for each fault. */
  readonly #streams: ReadonlyMap<FaultConfig, RandomStream>;
  readonly #callers = new WeakMap<BackendRequest, { readonly caller: Caller | undefined }>();
  /** When the windows of faults count from, by the tenant's clock; undefined until then. */
  #beganMs: number | undefined;

  constructor(tenant: Tenant) {
    const { faults, seed } = tenant.config;
    this.#tenant = tenant;
    this.#streams = new Map(
      faults.map((fault, index) => [fault, new RandomStream(`${seed}\u0000fault ${index}\u0000${fault.fault}`)]),
    );
    for (const { fault } of faults) this.#hits.set(fault, 0);
  }

  /** Windows count from now, or from when the tenant's clock shows `atMs`. Until this is called there are no faults. */
  begin(atMs: number = this.#tenant.clock.nowMs()): void {
    this.#beganMs ??= atMs;
  }

  /** How often each fault hit, by name. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#hits);
  }

  /** The handler of a route with the service's faults around it, the first of the list outermost. */
  around(service: ServiceName, route: Route): Handler {
    return this.#tenant.config.faults.toReversed().reduce((inner: Handler, fault) => {
      const implementation = FAULT_IMPLEMENTATIONS[fault.fault];
      if (implementation.kind !== 'exchange' || serviceOf(fault) !== service) return inner;
      const { operations } = implementation;
      if (operations !== undefined && !operations.some((operation) => operation === route.operation)) return inner;
      return (request) =>
        this.#meets(fault, request) ? this.#act(fault, implementation, route, request, inner) : inner(request);
    }, route.handle);
  }

  /** What becomes of a new connection to a service; undefined: it is well. */
  fateOf(service: ServiceName): ConnectionFate | undefined {
    for (const { fault, fate } of connectionFaultsOf(this.#tenant.config.faults, service)) {
      if (fate === 'refused' || !this.#inWindow(fault) || !this.#streams.get(fault)!.chance(fault.rate)) continue;
      this.hit(fault);
      return fate;
    }
    return undefined;
  }

  #act(fault: FaultConfig, { act }: ExchangeFault, route: Route, request: BackendRequest, inner: Handler): Reply {
    let answered: Reply | undefined;
    const answer = (other = request): Reply => (answered ??= inner(other));
    const reply = act({ tenant: this.#tenant, operation: route.operation, request, fault, answer });
    if (reply === undefined) return answer();
    this.hit(fault);
    return reply;
  }

  #meets(fault: FaultConfig, request: BackendRequest): boolean {
    if (!this.#inWindow(fault)) return false;
    const caller = this.#caller(request);
    if (fault.cohort !== null && caller?.groupTag?.toLowerCase() !== fault.cohort.toLowerCase()) return false;
    if (fault.rate >= 1) return true;
    if (caller?.device === undefined) return this.#streams.get(fault)!.chance(fault.rate);
    const { seed } = this.#tenant.config;
    return new RandomStream(`${seed}\u0000${fault.fault}\u0000${caller.device}`).chance(fault.rate);
  }

  #inWindow({ fromMs, untilMs }: FaultConfig): boolean {
    if (this.#beganMs === undefined) return false;
    const elapsedMs = this.#tenant.clock.nowMs() - this.#beganMs;
    return elapsedMs >= fromMs && (untilMs === null || elapsedMs < untilMs);
  }

  #caller(request: BackendRequest): Caller | undefined {
    let known = this.#callers.get(request);
    if (known === undefined) {
      known = { caller: callerOf(this.#tenant, request) };
      this.#callers.set(request, known);
    }
    return known.caller;
  }

  /** Counts that a fault hit. */
  hit({ fault }: FaultConfig): void {
    this.#hits.set(fault, (this.#hits.get(fault) ?? 0) + 1);
  }
}
