// Registers a shard's devices before the start, as an OEM does: in batches of rows with the hardware hash and the group tag of
// the device's cohort, a few batches at a time. Not part of any device's time.
import type { StepFailure } from '../catalog/failures.ts';
import { NETWORK_PROFILES } from '../catalog/network-profiles.ts';
import { LIMITS } from '../kernel/limits.ts';
import { ok, type Result } from '../kernel/result.ts';
import { randomStream } from '../kernel/random.ts';
import type { RegistrationRow } from '../protocol/registration-csv.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { identityOf } from './device-context.ts';
import { registrationRow } from './identity/device-identity.ts';
import { DeviceNetwork, type DeviceNetworkOptions } from './network/device-network.ts';
import { importDevices } from './services/registration.ts';

/** Batches on their way at once. */
const CLERKS = 2;

/** The OEM has a link of its own without emulation; the rest is as for devices. */
export type RegistrationLink = Pick<DeviceNetworkOptions, 'clock' | 'recorder' | 'endpoints' | 'trust' | 'stop'>;

/** Registers the devices; how many rows the service took, or why a batch failed. */
export async function registerDevices(
  plan: Plan,
  devices: readonly number[],
  cohortOf: (index: number) => number,
  link: RegistrationLink,
  token: string,
): Promise<Result<number, StepFailure>> {
  let next = 0;
  let registered = 0;
  const clerk = async (number: number): Promise<Result<null, StepFailure>> => {
    const network = new DeviceNetwork({
      ...link,
      stream: randomStream(plan.seed, -1, `registration:${number}`),
      profile: NETWORK_PROFILES.loopback,
      faults: { reset: 0, drop: 0 },
    });
    try {
      while (next < devices.length) {
        const batch = devices.slice(next, (next += LIMITS.oemRowsMax));
        const imported = await importDevices(network, { token, rows: batch.map((index) => row(index)) });
        if (!imported.ok) return imported;
        registered += imported.value.imported;
      }
      return ok(null);
    } finally {
      network.close();
    }
  };
  const row = (index: number): RegistrationRow => {
    const cohort = cohortOf(index);
    const groupTag = plan.tenant.groups[cohort]?.tag;
    return registrationRow(identityOf(plan, plan.cohorts[cohort]!, index), groupTag === undefined ? {} : { groupTag });
  };
  const results = await Promise.all(Array.from({ length: CLERKS }, (_, number) => clerk(number)));
  return results.find((result) => !result.ok) ?? ok(registered);
}
