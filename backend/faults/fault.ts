// What a fault is made of. It acts at the wire: between the router and the handler, which knows nothing of it, or where a
// connection is taken. Who meets it, where and when, is the fault layer's to find out.
import type { FaultConfig } from '../../catalog/faults.ts';
import type { OperationName } from '../../catalog/services.ts';
import type { ConnectionFate } from '../http/connection-faults.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';

/** One request that meets a fault. */
export interface Exchange {
  readonly tenant: Tenant;
  readonly operation: OperationName | undefined;
  readonly request: BackendRequest;
  readonly fault: FaultConfig;
  /**
   * What the service answers to the request, or to another in its place. It acts on it at the first call, whose answer every call
   * gives, and not at all where nobody calls.
   */
  readonly answer: (request?: BackendRequest) => Reply;
}

export interface ExchangeFault {
  readonly kind: 'exchange';
  /** Where it acts; absent: at every operation of its service. */
  readonly operations?: readonly OperationName[];
  /** The reply that is sent instead; undefined where this exchange has nothing that could be wrong. */
  readonly act: (exchange: Exchange) => Reply | undefined;
}

/** A fault of connections, of which nobody knows yet whose they are. `refused`: nobody listens. */
export interface ConnectionFault {
  readonly kind: 'connection';
  readonly fate: ConnectionFate | 'refused';
}

export type FaultImplementation = ExchangeFault | ConnectionFault;
