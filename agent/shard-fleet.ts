// The devices of one shard, derived by arithmetic from its orders: which they are, when each is due, what they share, and how
// one is launched. What is a device's own is made when it starts and gone when it ends.
import type { Clock } from '../kernel/clock.ts';
import { randomStream } from '../kernel/random.ts';
import type { Stop } from '../kernel/stop.ts';
import { arrivalOffsetsMs } from '../scenarios/language/curves/catalog.ts';
import type { CohortPlan, Plan } from '../scenarios/language/plan.ts';
import { cohortIndexes, shardDevices } from '../scenarios/language/shard.ts';
import type { Orders, TraceEntry } from '../telemetry/messages.ts';
import type { DeviceRecord } from '../telemetry/records.ts';
import type { ShardRecorder } from '../telemetry/recorder.ts';
import { runDevice, type DeviceStartTimes } from './device-agent.ts';
import { DeviceContext, networkProfileOf, type ShardContext } from './device-context.ts';
import { keyPool } from './identity/keys.ts';
import { DeviceNetwork } from './network/device-network.ts';
import { trustStore, type TrustStore } from './network/trust.ts';
import { registerDevices } from './shard-registration.ts';
import { inFlightShare, ShardRunner } from './shard-runner.ts';
import { DEVICE_SERVICES } from './steps/services.ts';
import { TimeLedger } from './time-ledger.ts';

/** What a fleet tells beside telemetry. */
export interface FleetReports {
  /** One exchange of the device that the orders say to trace. */
  readonly trace: (device: number, entry: TraceEntry) => void;
  /** An error that no step should have thrown. */
  readonly error: (message: string) => void;
}

export class ShardFleet {
  readonly #orders: Orders<Plan>;
  readonly #shard: ShardContext;
  readonly #trust: TrustStore;
  readonly #reports: FleetReports;
  readonly #cohorts: Uint8Array;

  constructor(orders: Orders<Plan>, clock: Clock, recorder: ShardRecorder, stop: Stop, reports: FleetReports) {
    const { plan, trust } = orders;
    this.#orders = orders;
    this.#trust = trustStore(trust.ca === null ? [] : [trust.ca]);
    this.#reports = reports;
    this.#cohorts = cohortIndexes(plan);
    this.#shard = {
      plan,
      clock,
      stop,
      recorder,
      services: DEVICE_SERVICES,
      keys: keyPool(plan.keys),
      reportError: reports.error,
    };
  }

  /** Registers the shard's devices if it was given the right to; how many there are now, or why not. */
  async register(): Promise<number | string> {
    const { plan, shard, of, endpoints, registrationToken } = this.#orders;
    if (registrationToken === undefined) return 0;
    const { clock, recorder, stop } = this.#shard;
    const registered = await registerDevices(
      plan,
      [...shardDevices(plan, shard, of)],
      (index) => this.#cohorts[index]!,
      { clock, recorder, stop, endpoints, trust: this.#trust },
      registrationToken,
    );
    return registered.ok ? registered.value : `${registered.error.code}: ${registered.error.detail}`;
  }

  runner(): ShardRunner {
    const { plan, shard, of } = this.#orders;
    const offsets = arrivalOffsetsMs(plan);
    return new ShardRunner({
      clock: this.#shard.clock,
      books: this.#shard.recorder,
      stop: this.#shard.stop,
      launch: (index, start, settle) => this.#launch(index, start, settle),
      devices: shardDevices(plan, shard, of),
      offsetMs: (index) => offsets[index]!,
      cohortOf: (index) => this.#cohorts[index]!,
      inFlightMax: inFlightShare(plan.inFlightMax, shard, of),
    });
  }

  async #launch(index: number, start: DeviceStartTimes, settle: (record: DeviceRecord) => void): Promise<void> {
    const cohort = this.#cohorts[index]!;
    const device = this.#device(index, this.#shard.plan.cohorts[cohort]!, start.latenessMs);
    await runDevice(device, cohort, start, settle);
    this.#shard.keys.forget(index);
  }

  #device(index: number, cohort: CohortPlan, latenessMs: number): DeviceContext {
    const { plan, clock, recorder, stop } = this.#shard;
    const network = new DeviceNetwork({
      clock,
      recorder,
      stop,
      stream: randomStream(plan.seed, index, 'link'),
      profile: networkProfileOf(plan, cohort, index),
      faults: cohort.linkFaults,
      endpoints: this.#orders.endpoints,
      trust: this.#trust,
      ...(index === this.#orders.traceDevice && {
        trace: (entry: TraceEntry) => this.#reports.trace(index, entry),
      }),
    });
    return new DeviceContext(this.#shard, index, cohort, network, new TimeLedger(clock, latenessMs));
  }
}
