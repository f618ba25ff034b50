// The embedded tenant: configuration, authorities, stores and clock that all services share. It holds no sockets, so the
// services over it answer the same way on the wire and in virtual time.
import { SERVICE_NAMES } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import { otherTenantDomain } from '../catalog/tenant.ts';
import type { GroupConfig, TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import { Assignments } from './assignment.ts';
import type { Authorities } from './authority.ts';
import { TenantCertificates } from './certificates/tenant-certificates.ts';
import { ContentLibrary } from './content.ts';
import { Directory } from './directory.ts';
import { FederationTrust } from './federation/trust.ts';
import { AppReports } from './gateway/app-reports.ts';
import type { Identifiers } from './identifiers.ts';
import { Credentials } from './login/credentials.ts';
import { Nonces } from './login/nonces.ts';
import { managementContent } from './management-content.ts';
import { ManagementService } from './management/management-service.ts';
import { Seal } from './seal.ts';
import { DeviceAccounts } from './stores/device-accounts.ts';
import { Enrollments } from './stores/enrollments.ts';
import { HelloKeys } from './stores/hello-keys.ts';
import { JoinedDevices } from './stores/joined-devices.ts';
import { Registrations } from './stores/registrations.ts';
import type { Registration } from './stores/registrations.ts';
import { Sessions } from './stores/sessions.ts';
import { Tokens } from './tokens.ts';
import type { TokenKey } from './tokens.ts';

/** Where each service is reached, without a slash at the end. */
export type Endpoints = Readonly<Record<ServiceName, string>>;

/** A tenant by its id and its domain. */
export interface TenantName {
  readonly tenantId: string;
  readonly domain: string;
}

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
  readonly certificates: TenantCertificates;
  readonly directory: Directory;
  readonly credentials: Credentials;
  readonly nonces: Nonces;
  readonly federation: FederationTrust;
  readonly content: ContentLibrary;
  readonly management: ManagementService;
  readonly registrations: Registrations;
  readonly assignments: Assignments;
  /** Another tenant: some devices are registered there, and the sign-in service is its door, too. */
  readonly otherTenant: TenantName;
  readonly deviceAccounts: DeviceAccounts;
  readonly sessions = new Sessions();
  readonly joinedDevices = new JoinedDevices();
  readonly helloKeys = new HelloKeys();
  readonly enrollments = new Enrollments();
  readonly appReports = new AppReports();
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
    this.certificates = new TenantCertificates(parts.authorities.root, identifiers, clock.wallMs());
    this.directory = new Directory(config, identifiers);
    this.credentials = new Credentials(config, clock, this.directory);
    this.nonces = new Nonces(clock, this.seal);
    this.federation = new FederationTrust(endpoints.federation, clock, identifiers);
    this.content = new ContentLibrary(config, endpoints, identifiers);
    this.management = new ManagementService({ tenant: config, ...managementContent(this) });
    this.registrations = new Registrations(identifiers, clock);
    this.assignments = new Assignments(config, clock);
    this.otherTenant = { tenantId: identifiers.guid('other-tenant', ''), domain: otherTenantDomain(config) };
    this.deviceAccounts = new DeviceAccounts(identifiers);
    this.startedMs = clock.nowMs();
    this.#groups = new Map(config.groups.map((group) => [group.tag.toLowerCase(), group]));
  }

  /**
   * What is held ready for a registered device: the group of its tag; without one the group that its profile comes from, or the
   * tenant's first. Which profile it has is another question (assignment.ts). Nothing for a device of another tenant.
   */
  groupOf(registration: Registration): GroupConfig | undefined {
    if (registration.foreign) return undefined;
    const tagged = this.#groups.get(registration.groupTag.toLowerCase());
    if (tagged !== undefined) return tagged;
    const assignment = this.assignments.of(registration);
    if (assignment.status !== 'unassigned') return assignment.group;
    return registration.groupTag === '' ? this.config.groups[0] : undefined;
  }

  /** The group of a joined device; one that is not registered counts with the tenant's default. */
  groupOfDevice(entraDeviceId: string): GroupConfig | undefined {
    const registration = this.registrations.ofEntraDevice(entraDeviceId);
    return registration === undefined ? this.config.groups[0] : this.groupOf(registration);
  }

  /** Whether a path segment names a sign-in authority: every tenant has the same service. */
  isAuthority(segment: string): boolean {
    const name = segment.toLowerCase();
    return name === 'common' || name === 'organizations' || this.names(name) || namesTenant(this.otherTenant, name);
  }

  /** Whether an id or a domain is this tenant's. */
  names(idOrDomain: string): boolean {
    return namesTenant(this.config, idOrDomain);
  }

  /** What `/healthz` counts. */
  counts(): Readonly<Record<string, number>> {
    const { devices: managed, sessions: managementSessions, ...management } = this.management.counts();
    return {
      registered: this.registrations.count,
      deviceAccounts: this.deviceAccounts.count,
      sessions: this.sessions.count,
      joined: this.joinedDevices.count,
      helloKeys: this.helloKeys.count,
      enrolled: this.enrollments.count,
      certificates: this.certificates.count,
      managed,
      managementSessions,
      deviceSetupSucceeded: management.deviceSetupSucceeded,
      deviceSetupFailed: management.deviceSetupFailed,
      accountSetupSucceeded: management.accountSetupSucceeded,
      accountSetupFailed: management.accountSetupFailed,
      coManaged: management.coManaged,
      appReports: this.appReports.count,
      refusedForRoom:
        this.registrations.refused +
        this.deviceAccounts.refused +
        this.sessions.refused +
        this.joinedDevices.refused +
        this.helloKeys.refused +
        this.enrollments.refused +
        this.certificates.refused,
    };
  }
}

/** Whether an id or a domain is that of a tenant. */
export function namesTenant({ tenantId, domain }: TenantName, idOrDomain: string): boolean {
  const name = idOrDomain.toLowerCase();
  return name === tenantId.toLowerCase() || name === domain.toLowerCase();
}

/** Endpoints as the catalogue has them, made by one function of the name. */
export function endpointsBy(urlOf: (service: ServiceName) => string): Endpoints {
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, urlOf(service)])) as Endpoints;
}
