// What registration says of a device, and what is wrong with it: both follow from the plan's seed and the device's index, so that
// every shard, and a device that runs alone, sees the same.
import { userName } from '../catalog/tenant.ts';
import { randomStream } from '../kernel/random.ts';
import type { RegistrationRow } from '../protocol/autopilot/registration-csv.ts';
import type { Plan, RegistrationPlan } from '../scenarios/language/plan.ts';
import { identityOf } from './device-context.ts';
import { registrationRow, type DeviceIdentity } from './identity/device-identity.ts';

/**
 * `missing`: nobody registers it (807); `other-tenant`: another tenant did before (808), so that it has that tenant's profile;
 * `hardware-changed`: it was registered before its mainboard was changed (908).
 */
export type RegistrationFate = 'registered' | 'missing' | 'other-tenant' | 'hardware-changed';

/** At most one thing is wrong with a device; shares that exceed one together are met in this order. */
export function registrationFate(seed: string, index: number, plan: RegistrationPlan): RegistrationFate {
  const drawn = randomStream(seed, index, 'registration').unit();
  if (drawn < plan.missing) return 'missing';
  if (drawn < plan.missing + plan.otherTenant) return 'other-tenant';
  return drawn < plan.missing + plan.otherTenant + plan.hardwareChanged ? 'hardware-changed' : 'registered';
}

/** The row with which the device of a cohort is registered, as the cohort's way of registration wants it. */
export function rowOf(plan: Plan, cohort: number, index: number): RegistrationRow {
  const { registration } = plan.cohorts[cohort]!;
  const shown = identityOf(plan, plan.cohorts[cohort]!, index);
  const fate = registrationFate(plan.seed, index, registration);
  const identity = fate === 'hardware-changed' ? beforeRepair(plan.seed, shown) : shown;
  const groupTag = plan.tenant.groups[cohort]?.tag;
  const options = {
    ...(groupTag !== undefined && { groupTag }),
    ...(registration.assignUser && { assignedUser: userName(plan.tenant, index) }),
  };
  if (registration.by !== 'tuple') return registrationRow(identity, options);
  const { serialNumber, manufacturer, model, productKeyId } = identity;
  return { serialNumber, productId: productKeyId, hardwareHash: '', manufacturer, model, ...options };
}

/** The device with its former mainboard: TPM, UUID and product key came with the board, the serial number was written to the new one. */
function beforeRepair(seed: string, identity: DeviceIdentity): DeviceIdentity {
  const stream = randomStream(seed, identity.index, 'former-board');
  const modulus = stream.bytes(256);
  modulus[0]! |= 0xc0;
  modulus[255]! |= 1;
  return {
    ...identity,
    smbiosUuid: stream.guid(),
    productKeyId: `999${identity.productKeyId.slice(3)}`,
    tpm: { ...identity.tpm, ekModulus: () => modulus },
  };
}
