// Registers a shard's devices before the start, each in the way of its cohort: as an OEM or a partner in batches, by hand in files of
// 500 rows, or one by one as a script does. A few clerks work at once. Not part of any device's time.
import type { StepFailure } from '../catalog/failures.ts';
import { NETWORK_PROFILES } from '../catalog/network-profiles.ts';
import { otherTenantDomain, userName } from '../catalog/tenant.ts';
import { randomStream } from '../kernel/random.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Plan, RegistrationPlan } from '../scenarios/language/plan.ts';
import { identityOf } from './device-context.ts';
import { DeviceNetwork, type DeviceNetworkOptions } from './network/device-network.ts';
import { registrationFate, rowOf } from './registered-device.ts';
import { assignUserToDevice, identitiesBySerial, syncDevices } from './services/graph-registration.ts';
import { importDevices, ROWS_MAX } from './services/registration.ts';
import { importOneByOne } from './single-imports.ts';

/** Batches on their way at once. */
const CLERKS = 2;
/** Devices that a clerk imports one by one before it asks for their outcomes. */
const SINGLES = 100;

const BATCH_DEVICES: Readonly<Record<RegistrationPlan['by'], number>> = {
  partner: ROWS_MAX.partner,
  tuple: ROWS_MAX.partner,
  csv: ROWS_MAX.intune,
  graph: SINGLES,
};

/** The clerks have a link of their own without emulation; the rest is as for devices. */
export type RegistrationLink = Pick<DeviceNetworkOptions, 'clock' | 'recorder' | 'endpoints' | 'trust' | 'stop'>;

/** Registers the devices; how many the service took for this tenant, or why a batch failed. */
export async function registerDevices(
  plan: Plan,
  devices: readonly number[],
  cohortOf: (index: number) => number,
  link: RegistrationLink,
  token: string,
): Promise<Result<number, StepFailure>> {
  const office = new Office(plan, cohortOf, link, token);
  const known = devices.filter((index) => office.fateOf(index) !== 'missing');
  const elsewhere = known.filter((index) => office.fateOf(index) === 'other-tenant');
  // The first owner keeps a device, so the other tenant comes first.
  const first = await office.each(elsewhere, ROWS_MAX.partner, (network, batch) =>
    office.registerElsewhere(network, batch),
  );
  if (!first.ok) return first;
  let registered = 0;
  for (const by of ['partner', 'tuple', 'csv', 'graph'] as const) {
    const ofWay = known.filter((index) => office.wayOf(index).by === by);
    const done = await office.each(ofWay, BATCH_DEVICES[by], (network, batch) => office.register(network, by, batch));
    if (!done.ok) return done;
    registered += done.value;
  }
  // Whoever imported by script asks for a sync. One is enough for the tenant: that of the shard with the plan's first device.
  if (devices.includes(0) && plan.cohorts.some(({ registration }) => registration.by === 'graph')) {
    const synced = await office.alone((network) => syncDevices(network, token));
    if (!synced.ok) return synced;
  }
  const named = await office.nameUsers(known.filter((index) => office.fateOf(index) !== 'other-tenant'));
  return named.ok ? ok(registered) : named;
}

type Work<T> = (network: DeviceNetwork) => Promise<Result<T, StepFailure>>;

class Office {
  readonly #plan: Plan;
  readonly #cohortOf: (index: number) => number;
  readonly #link: RegistrationLink;
  readonly #token: string;

  constructor(plan: Plan, cohortOf: (index: number) => number, link: RegistrationLink, token: string) {
    this.#plan = plan;
    this.#cohortOf = cohortOf;
    this.#link = link;
    this.#token = token;
  }

  wayOf(index: number): RegistrationPlan {
    return this.#plan.cohorts[this.#cohortOf(index)]!.registration;
  }

  fateOf(index: number): ReturnType<typeof registrationFate> {
    return registrationFate(this.#plan.seed, index, this.wayOf(index));
  }

  /** Hands batches of the devices to the clerks; what all batches come to together, or the first failure. */
  async each(
    devices: readonly number[],
    batchMax: number,
    work: (network: DeviceNetwork, batch: readonly number[]) => Promise<Result<number, StepFailure>>,
  ): Promise<Result<number, StepFailure>> {
    let next = 0;
    let total = 0;
    let failure: { readonly ok: false; readonly error: StepFailure } | undefined;
    const clerk: Work<null> = async (network) => {
      while (next < devices.length && failure === undefined) {
        const done = await work(network, devices.slice(next, (next += batchMax)));
        if (done.ok) total += done.value;
        else failure = done;
      }
      return ok(null);
    };
    const clerks = Math.min(CLERKS, Math.ceil(devices.length / batchMax));
    await Promise.all(Array.from({ length: clerks }, (_, number) => this.alone(clerk, number)));
    return failure ?? ok(total);
  }

  /** One clerk's work over a network of its own. */
  async alone<T>(work: Work<T>, clerk = 0): Promise<Result<T, StepFailure>> {
    const network = new DeviceNetwork({
      ...this.#link,
      stream: randomStream(this.#plan.seed, -1, `registration:${clerk}`),
      profile: NETWORK_PROFILES.loopback,
      faults: { reset: 0, drop: 0 },
    });
    try {
      return await work(network);
    } finally {
      network.close();
    }
  }

  async registerElsewhere(network: DeviceNetwork, batch: readonly number[]): Promise<Result<number, StepFailure>> {
    const rows = batch.map((index) => rowOf(this.#plan, this.#cohortOf(index), index));
    const customer = otherTenantDomain(this.#plan.tenant);
    const imported = await importDevices(network, { token: this.#token, rows, customer });
    return imported.ok ? ok(imported.value.imported) : imported;
  }

  /** How many of the batch the tenant has now; what it refused (806, 808) is no failure of the run. */
  async register(
    network: DeviceNetwork,
    by: RegistrationPlan['by'],
    batch: readonly number[],
  ): Promise<Result<number, StepFailure>> {
    const row = (index: number): ReturnType<typeof rowOf> => rowOf(this.#plan, this.#cohortOf(index), index);
    if (by === 'graph') return importOneByOne(network, this.#token, { rows: batch, row }, this.#link);
    const kind = by === 'csv' ? 'intune' : 'partner';
    const imported = await importDevices(network, { token: this.#token, rows: batch.map(row), kind });
    return imported.ok ? ok(imported.value.imported) : imported;
  }

  /** A partner's file has no column for the user, so an administrator names the users afterwards. */
  async nameUsers(devices: readonly number[]): Promise<Result<null, StepFailure>> {
    const unnamed = devices.filter((index) => {
      const { by, assignUser } = this.wayOf(index);
      return assignUser && (by === 'partner' || by === 'tuple');
    });
    if (unnamed.length === 0) return ok(null);
    const ids = await this.alone((network) => identitiesBySerial(network, this.#token));
    if (!ids.ok) return ids;
    const named = await this.each(unnamed, SINGLES, async (network, batch) => {
      for (const index of batch) {
        const cohort = this.#plan.cohorts[this.#cohortOf(index)]!;
        const id = ids.value.get(identityOf(this.#plan, cohort, index).serialNumber);
        if (id === undefined) continue;
        const user = { id, userName: userName(this.#plan.tenant, index) };
        const assigned = await assignUserToDevice(network, this.#token, user);
        if (!assigned.ok) return assigned;
      }
      return ok(batch.length);
    });
    return named.ok ? ok(null) : named;
  }
}
