// The tenant's device settings: who may join devices, and how many each may have.
import { userTrait } from '../../catalog/accounts.ts';
import type { UserTrait } from '../../catalog/accounts.ts';
import { accountsOf } from '../../catalog/tenant.ts';
import type { TenantConfig } from '../../catalog/tenant.ts';
import type { User } from '../directory.ts';
import type { Tenant } from '../tenant.ts';

/** What is special about a user, if anything is. */
export function traitOf(config: TenantConfig, userIndex: number): UserTrait | undefined {
  const accounts = accountsOf(config, userIndex);
  return accounts === undefined ? undefined : userTrait(config.seed, accounts, userIndex);
}

export function mayJoin({ config }: Tenant, user: User): boolean {
  const { scope } = config.join;
  if (scope === 'selected') return traitOf(config, user.index) !== 'not-in-join-scope';
  return scope === 'all';
}

/** Whether the user may have this device beside those that it has; Autopilot devices count. */
export function hasRoomFor({ config, joinedDevices }: Tenant, user: User, deviceId: string): boolean {
  if (traitOf(config, user.index) === 'quota-reached') return false;
  return joinedDevices.countOf(user.index, deviceId) < config.join.quota;
}
