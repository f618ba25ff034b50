// What a step is a function of: the device's clock, chance, link, service clients, identity, time ledger and state. Everything
// that devices of a shard share is in one object (`ShardContext`), so that a waiting device costs only what is its own.
import { DEVICE_MODELS } from '../catalog/device-models.ts';
import { NETWORK_PROFILES, type NetworkProfile } from '../catalog/network-profiles.ts';
import { OS_VERSIONS } from '../catalog/os-versions.ts';
import type { StepFailure } from '../catalog/failures.ts';
import type { PromptName } from '../catalog/prompts.ts';
import type { StepName } from '../catalog/steps.ts';
import type { Clock, WaitEnd } from '../kernel/clock.ts';
import { draw, type Distribution } from '../kernel/distribution.ts';
import { LIMITS } from '../kernel/limits.ts';
import { randomStream, type RandomStream } from '../kernel/random.ts';
import type { Stop } from '../kernel/stop.ts';
import { pickWeighted } from '../kernel/weighted.ts';
import type { CohortPlan, Plan } from '../scenarios/language/plan.ts';
import type { ShardRecorder } from '../telemetry/recorder.ts';
import { DeviceState } from './device-state.ts';
import { deviceIdentity, type DeviceIdentity } from './identity/device-identity.ts';
import type { DeviceKey, KeyPool, KeyPurpose } from './identity/keys.ts';
import type { DeviceNetwork } from './network/device-network.ts';
import type { DeviceServices } from './steps/services.ts';
import type { TimeLedger, WaitPart } from './time-ledger.ts';

/** What makes a device restart; it names the draw of how long that takes. */
export type RestartOccasion = 'oobe' | 'no-profile' | `device-esp:${number}` | 'quality-updates';

/** What all devices of a shard share. */
export interface ShardContext {
  readonly plan: Plan;
  readonly clock: Clock;
  /** Comes when the run ends before its devices do. */
  readonly stop: Stop;
  readonly recorder: ShardRecorder;
  readonly services: DeviceServices;
  readonly keys: KeyPool;
  /** Takes the message of an error that no step should have thrown. */
  readonly reportError: (message: string) => void;
}

export class DeviceContext {
  readonly shard: ShardContext;
  readonly index: number;
  readonly cohort: CohortPlan;
  readonly network: DeviceNetwork;
  readonly ledger: TimeLedger;
  readonly state = new DeviceState();
  /** The step that it is in. */
  step: StepName | null = null;
  #identity: DeviceIdentity | undefined;
  /** Device time at which a wait is over that began before it. */
  #deadlineMs = Infinity;

  constructor(shard: ShardContext, index: number, cohort: CohortPlan, network: DeviceNetwork, ledger: TimeLedger) {
    this.shard = shard;
    this.index = index;
    this.cohort = cohort;
    this.network = network;
    this.ledger = ledger;
  }

  get services(): DeviceServices {
    return this.shard.services;
  }

  get stopped(): boolean {
    return this.shard.stop.stopped;
  }

  /** Who the device is. It is larger than all that a waiting device keeps, so it is kept only until the next wait. */
  identity(): DeviceIdentity {
    if (this.#identity === undefined) {
      const identity = identityOf(this.shard.plan, this.cohort, this.index);
      const { deviceName } = this.state;
      this.#identity = deviceName === null ? identity : { ...identity, computerName: deviceName };
    }
    return this.#identity;
  }

  /** From now on the device has this name. */
  rename(deviceName: string): void {
    this.state.deviceName = deviceName;
    this.#identity = undefined;
  }

  /** A key of the device, made at first use from (seed, index, purpose) and kept nowhere. */
  key(purpose: KeyPurpose): DeviceKey {
    return this.shard.keys.deviceKey(this.shard.plan.seed, this.index, purpose);
  }

  /** The device's stream of chance for one purpose. */
  stream(purpose: string): RandomStream {
    return randomStream(this.shard.plan.seed, this.index, purpose);
  }

  /** A draw in milliseconds of device time; the purpose names it among the device's draws. */
  draw(distribution: Distribution, purpose: string): number {
    return draw(distribution, this.stream(purpose));
  }

  /**
   * A simulated wait of device time, booked to its part. A wait that a connection would not outlive closes the connections. Where the
   * run ends first, or a deadline that was set for the work, it has been stopped.
   */
  async wait(part: WaitPart, askedMs: number): Promise<WaitEnd> {
    const deviceMs = Math.min(askedMs, this.#deadlineMs - this.ledger.deviceMs);
    if (deviceMs <= 0) return this.stopped || deviceMs < askedMs ? 'stopped' : 'elapsed';
    const { clock, stop } = this.shard;
    if (deviceMs / clock.speed > LIMITS.idleConnectionMs) this.network.close();
    this.#identity = undefined;
    const beganMs = clock.nowMs();
    const end = await clock.waitSimulated(deviceMs, stop);
    const tookMs = clock.nowMs() - beganMs;
    this.ledger.waited(part, end === 'elapsed' ? deviceMs : Math.min(deviceMs, tookMs * clock.speed), tookMs);
    return deviceMs < askedMs ? 'stopped' : end;
  }

  /** The time of the person at a page that is shown. */
  prompt(name: PromptName): Promise<WaitEnd> {
    return this.wait('person', this.draw(this.cohort.people[name], `person:${name}`));
  }

  /** A restart: every connection and what was only in memory is gone, and time passes. */
  restart(when: RestartOccasion): Promise<WaitEnd> {
    this.network.close();
    this.state.loseMemory();
    if (this.step !== null) this.shard.recorder.count('flotilla_restarts_total', [this.step]);
    return this.wait('restart', this.draw(this.cohort.restart, `restart:${when}`));
  }

  /** Something failed after which the device goes on: counted, not its end. */
  noteSoftFailure({ code }: StepFailure): void {
    if (this.step !== null) this.shard.recorder.count('flotilla_step_soft_failures_total', [this.step, code]);
  }

  /**
   * The value of `work`, or nothing if the device time `deadlineMs` comes first; the work itself is not cancelled, but no simulated
   * wait in it goes on beyond the deadline.
   */
  async until<T>(deadlineMs: number, work: () => Promise<T>): Promise<T | undefined> {
    if (deadlineMs === Infinity) return work();
    this.#deadlineMs = deadlineMs;
    try {
      // Network and backend, whose device time is real time.
      return await this.within(Math.max(0, deadlineMs - this.ledger.deviceMs), work());
    } finally {
      this.#deadlineMs = Infinity;
    }
  }

  /** The value of `work`, or nothing if it takes longer than `realMs`; the work itself is not cancelled. */
  within<T>(realMs: number, work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const cancel = this.shard.clock.after(realMs, () => resolve(undefined));
      work.finally(cancel).then(resolve, reject);
    });
  }

  /** The value of `work`, or nothing if it reports no progress for `realMs`; the work itself is not cancelled. */
  whileProgressing<T>(realMs: number, work: (progress: () => void) => Promise<T>): Promise<T | undefined> {
    const { clock } = this.shard;
    let lastMs = clock.nowMs();
    return new Promise((resolve, reject) => {
      let cancel = (): void => {};
      const watch = (afterMs: number): void => {
        cancel = clock.after(afterMs, () => {
          const silentMs = clock.nowMs() - lastMs;
          // A timer may fire a fraction of a millisecond early.
          if (silentMs >= realMs - 1) resolve(undefined);
          else watch(realMs - silentMs);
        });
      };
      watch(realMs);
      const working = work(() => {
        lastMs = clock.nowMs();
      });
      working.finally(() => cancel()).then(resolve, reject);
    });
  }
}

/** The identity of a device of the plan: its model and its Windows are drawn from the cohort's mixes. */
export function identityOf(plan: Plan, cohort: CohortPlan, index: number): DeviceIdentity {
  const { models, osVersions } = cohort;
  const model = pickWeighted(models, randomStream(plan.seed, index, 'model').unit());
  if (osVersions.length === 0) return deviceIdentity(plan.seed, index, DEVICE_MODELS[model], plan.epochMs);
  const os = pickWeighted(osVersions, randomStream(plan.seed, index, 'os-version').unit());
  return deviceIdentity(plan.seed, index, DEVICE_MODELS[model], plan.epochMs, OS_VERSIONS[os]);
}

/** The link of a device of the plan, drawn from the cohort's mix. */
export function networkProfileOf(plan: Plan, cohort: CohortPlan, index: number): NetworkProfile {
  return NETWORK_PROFILES[pickWeighted(cohort.networks, randomStream(plan.seed, index, 'network').unit())];
}
