// The users of the tenant: `user0` to `user<n-1>` of one domain. They are computed, not kept.
import type { TenantConfig } from '../catalog/tenant.ts';
import { userName } from '../catalog/tenant.ts';
import type { Identifiers } from './identifiers.ts';

export interface User {
  readonly index: number;
  readonly upn: string;
  readonly displayName: string;
  /** GUID of the user in the directory. */
  readonly objectId: string;
}

export class Directory {
  readonly #tenant: TenantConfig;
  readonly #identifiers: Identifiers;
  readonly #domain: string;

  constructor(tenant: TenantConfig, identifiers: Identifiers) {
    this.#tenant = tenant;
    this.#identifiers = identifiers;
    this.#domain = tenant.domain.toLowerCase();
  }

  /** The user of a user principal name, in any case. */
  find(upn: string): User | undefined {
    const match = /^user(0|[1-9]\d{0,8})@(.+)$/i.exec(upn);
    if (match === null || match[2]!.toLowerCase() !== this.#domain) return undefined;
    const index = Number(match[1]);
    return index < this.#tenant.users ? this.user(index) : undefined;
  }

  user(index: number): User {
    return {
      index,
      upn: userName(this.#tenant, index),
      displayName: `User ${index}`,
      objectId: this.#identifiers.guid('user-object', String(index)),
    };
  }

  /** Whether a user name's domain is the tenant's. */
  owns(upn: string): boolean {
    return upn.slice(upn.lastIndexOf('@') + 1).toLowerCase() === this.#domain;
  }
}
