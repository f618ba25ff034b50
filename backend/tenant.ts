// The embedded tenant: configuration, authorities, stores and clock that all services share. It holds no sockets, so the
// services over it answer the same way on the wire and in virtual time.
import { SERVICE_NAMES } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import type { GroupConfig, TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Authorities } from './authority.ts';
import { ContentLibrary } from './content.ts';
import { Directory } from './directory.ts';
import type { Identifiers } from './identifiers.ts';
import { managementContent } from './management-content.ts';
import { ManagementService } from './management/management-service.ts';
import { Seal } from './seal.ts';
import { DeviceAccounts } from './stores/device-accounts.ts';
import { Enrollments } from './stores/enrollments.ts';
import { JoinedDevices } from './stores/joined-devices.ts';
import { Registrations } from './stores/registrations.ts';
import type { Registration } from './stores/registrations.ts';
import { Sessions } from './stores/sessions.ts';
import { Tokens } from './tokens.ts';
import type { TokenKey } from './tokens.ts';

/** Where each service is reached, without a slash at the end. */
export type Endpoints = Readonly<Record<ServiceName, string>>;

export interface AdminCredential {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a tenant is made of; keys and secrets are arguments, so that virtual runs bring their own. */
export interface TenantParts {
  readonly config: TenantConfig;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly identifiers: Identifiers;
  readonly authorities: Authorities;
  readonly tokenKey: TokenKey;
  readonly sealKey: string;
  readonly adminSecret: string;
}

export class Tenant {
  readonly config: TenantConfig;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly identifiers: Identifiers;
  readonly authorities: Authorities;
  readonly tokens: Tokens;
  readonly seal: Seal;
  readonly admin: AdminCredential;
  readonly directory: Directory;
  readonly content: ContentLibrary;
  readonly management: ManagementService;
  readonly registrations: Registrations;
  readonly deviceAccounts: DeviceAccounts;
  readonly sessions = new Sessions();
  readonly joinedDevices = new JoinedDevices();
  readonly enrollments = new Enrollments();
  readonly startedMs: number;
  readonly #groups: ReadonlyMap<string, GroupConfig>;

  constructor(parts: TenantParts) {
    const { config, clock, endpoints, identifiers } = parts;
    this.config = config;
    this.clock = clock;
    this.endpoints = endpoints;
    this.identifiers = identifiers;
    this.authorities = parts.authorities;
    this.tokens = new Tokens({
      key: parts.tokenKey,
      issuer: `${endpoints.login}/${config.tenantId}/v2.0`,
      tenantId: config.tenantId,
      clock,
    });
    this.seal = new Seal(parts.sealKey);
    this.admin = { clientId: identifiers.guid('admin-client', ''), clientSecret: parts.adminSecret };
    this.directory = new Directory(config, identifiers);
    this.content = new ContentLibrary(config, endpoints, identifiers);
    this.management = new ManagementService({ tenant: config, ...managementContent(this) });
    this.registrations = new Registrations(identifiers);
    this.deviceAccounts = new DeviceAccounts(identifiers);
    this.startedMs = clock.nowMs();
    this.#groups = new Map(config.groups.map((group) => [group.tag.toLowerCase(), group]));
  }

  /** The group of a registered device: its tag's; without a tag the first, whose profile is the tenant's default. */
  groupOf(registration: Registration): GroupConfig | undefined {
    if (registration.groupTag === '') return this.config.groups[0];
    return this.#groups.get(registration.groupTag.toLowerCase());
  }

  /** The group of a joined device; one that is not registered counts with the tenant's default. */
  groupOfDevice(entraDeviceId: string): GroupConfig | undefined {
    const registration = this.registrations.ofEntraDevice(entraDeviceId);
    return registration === undefined ? this.config.groups[0] : this.groupOf(registration);
  }

  /** Whether a path segment names this tenant as a sign-in authority. */
  isAuthority(segment: string): boolean {
    const name = segment.toLowerCase();
    return (
      name === 'common' ||
      name === 'organizations' ||
      name === this.config.tenantId.toLowerCase() ||
      name === this.config.domain.toLowerCase()
    );
  }

  /** What `/healthz` counts. */
  counts(): Readonly<Record<string, number>> {
    const { devices: managed, sessions: managementSessions, ...management } = this.management.counts();
    return {
      registered: this.registrations.count,
      deviceAccounts: this.deviceAccounts.count,
      sessions: this.sessions.count,
      joined: this.joinedDevices.count,
      enrolled: this.enrollments.count,
      managed,
      managementSessions,
      deviceSetupSucceeded: management.deviceSetupSucceeded,
      deviceSetupFailed: management.deviceSetupFailed,
      accountSetupSucceeded: management.accountSetupSucceeded,
      accountSetupFailed: management.accountSetupFailed,
      coManaged: management.coManaged,
      refusedForRoom:
        this.registrations.refused +
        this.deviceAccounts.refused +
        this.sessions.refused +
        this.joinedDevices.refused +
        this.enrollments.refused,
    };
  }
}

/** Endpoints as the catalogue has them, made by one function of the name. */
export function endpointsBy(urlOf: (service: ServiceName) => string): Endpoints {
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, urlOf(service)])) as Endpoints;
}
