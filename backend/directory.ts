// The users of the tenant: `user0` to `user<n-1>` of its domain, or of the one that it has federated. They are computed, not kept.
import { userTrait } from '../catalog/accounts.ts';
import type { AccountsConfig, UserTrait } from '../catalog/accounts.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import { accountsOf, federatedDomain, userName } from '../catalog/tenant.ts';
import type { Identifiers } from './identifiers.ts';

export interface User {
  readonly index: number;
  readonly upn: string;
  readonly displayName: string;
  /** GUID of the user in the directory. */
  readonly objectId: string;
}

export type Realm = 'managed' | 'federated';

export class Directory {
  readonly #tenant: TenantConfig;
  readonly #identifiers: Identifiers;
  readonly #realms: ReadonlyMap<string, Realm>;

  constructor(tenant: TenantConfig, identifiers: Identifiers) {
    this.#tenant = tenant;
    this.#identifiers = identifiers;
    const federated = tenant.groups.some(({ accounts }) => accounts.kind !== 'managed');
    this.#realms = new Map([
      [tenant.domain.toLowerCase(), 'managed'],
      ...(federated ? ([[federatedDomain(tenant).toLowerCase(), 'federated']] as const) : []),
    ]);
  }

  /** The user of a user principal name, in any case. */
  find(upn: string): User | undefined {
    const match = /^user(0|[1-9]\d{0,8})@/i.exec(upn);
    if (match === null) return undefined;
    const index = Number(match[1]);
    if (index >= this.#tenant.users || userName(this.#tenant, index).toLowerCase() !== upn.toLowerCase()) {
      return undefined;
    }
    return this.user(index);
  }

  user(index: number): User {
    return {
      index,
      upn: userName(this.#tenant, index),
      displayName: `User ${index}`,
      objectId: this.#identifiers.guid('user-object', String(index)),
    };
  }

  /** Where the users of a name's domain sign in; undefined where the domain is not the tenant's. */
  realm(upn: string): Realm | undefined {
    return this.#realms.get(upn.slice(upn.lastIndexOf('@') + 1).toLowerCase());
  }

  /** The accounts that a user is one of; undefined where no group has the user. */
  accounts(user: User): AccountsConfig | undefined {
    return accountsOf(this.#tenant, user.index);
  }

  /** What is wrong with the user's account, or what the tenant does not let it do. */
  trait(user: User): UserTrait | undefined {
    const accounts = this.accounts(user);
    return accounts === undefined ? undefined : userTrait(this.#tenant.seed, accounts, user.index);
  }
}
