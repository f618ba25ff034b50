// The tenant's device settings: who may join devices, and how many each may have.
import type { User } from '../directory.ts';
import type { Tenant } from '../tenant.ts';

export function mayJoin({ config, directory }: Tenant, user: User): boolean {
  const { scope } = config.join;
  if (scope === 'selected') return directory.trait(user) !== 'not-in-join-scope';
  return scope === 'all';
}

/** Whether the user may have this device beside those that it has; Autopilot devices count. */
export function hasRoomFor({ config, directory, joinedDevices }: Tenant, user: User, deviceId: string): boolean {
  if (directory.trait(user) === 'quota-reached') return false;
  return joinedDevices.countOf(user.index, deviceId) < config.join.quota;
}
