// What the orchestrator and the embedded backend's process say to each other over the child-process channel. The parent
// configures once; the child answers once, then reports what it uses; the parent says when the run begins, and when it
// disconnects the child ends.
import type { ServiceName } from './services.ts';
import type { TenantConfig } from './tenant.ts';

/** From the parent, once. */
export interface ConfigureBackend {
  readonly kind: 'configure';
  readonly tenant: TenantConfig;
  /** Address to bind; 127.0.0.1 where absent. */
  readonly host?: string;
  /** One TLS port for all services, told apart by name; where absent each service has a free port of its own. */
  readonly port?: number;
}

/** From the parent, once, when the start barrier opens: the windows of faults count from now. */
export interface BeginRun {
  readonly kind: 'begin';
}

/** How an administrator of the embedded tenant gets and shows a token. */
export interface BackendAdmin {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenUrl: string;
  /** A token for the registration service, good for a day. */
  readonly token: string;
}

/** From the child, once it listens. */
export interface BackendReady {
  readonly kind: 'ready';
  /** URL of each service, without a slash at the end. */
  readonly endpoints: Readonly<Record<ServiceName, string>>;
  /** DNS name of each service: with one port for all, what tells it from the others. */
  readonly names: Readonly<Record<ServiceName, string>>;
  /** The root that every TLS origin's chain ends at. */
  readonly caPem: string;
  /** A file with that root and, after it, the authorities that issue device and MDM certificates; gone when the child ends. */
  readonly caPath: string;
  readonly admin: BackendAdmin;
}

/** From the child instead, when it cannot start; it then ends. */
export interface BackendRefused {
  readonly kind: 'refused';
  readonly message: string;
  readonly portTaken: boolean;
}

/** From the child each second. */
export interface BackendUsage {
  readonly kind: 'usage';
  /** Of the whole process since it began, user and system. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

export type ToBackend = ConfigureBackend | BeginRun;
export type FromBackend = BackendReady | BackendRefused | BackendUsage;
