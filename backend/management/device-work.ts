// What a session is for: which round a device gets next, and what its answers mean for the phases. Kept apart from the protocol, which
// doesn't care.
import { STATUS } from '../../protocol/syncml.ts';
import type { Scope } from './commands.ts';
import type { ManagedDeviceRecord } from './managed-device.ts';
import { firstSyncAddress, POLL_ROUND, roundFor } from './phase-plan.ts';
import type { PhasePlan, Round } from './phase-plan.ts';
import type { Answers } from './server-session.ts';

//   provisioning --(all rounds answered)--> following --(IsSyncDone)--> done
//
// A round that the device can't take yet (405 on a user node: its account phase has not begun) ends the session's work for that
// phase; the next session sends it again. A session asks either for what is left of the work or, when there is none, how the
// device is.

export class DeviceWork {
  readonly #device: ManagedDeviceRecord;
  readonly #plans: Record<Scope, PhasePlan>;
  readonly #scopes: readonly Scope[];
  /** The phase whose round was sent last; undefined when it was a question. */
  #sending: Scope | undefined;
  readonly #blocked = new Set<Scope>();
  #worked = false;

  constructor(device: ManagedDeviceRecord, plans: Record<Scope, PhasePlan>, scopes: readonly Scope[]) {
    this.#device = device;
    this.#plans = plans;
    this.#scopes = scopes;
  }

  /** Takes the answers of one message; of a round in several messages any may block it. */
  learn({ statuses, items }: Answers): void {
    if (this.#sending !== undefined && statuses.some(({ code }) => code === STATUS.notAllowed)) {
      if (this.#sending === 'user') this.#blocked.add(this.#sending);
    }
    for (const scope of this.#scopes) {
      const phase = this.#device.phases[scope];
      for (const { source, data } of items) {
        if (source === firstSyncAddress(scope, 'IsSyncDone') && data === 'true') phase.stage = 'done';
        if (source === firstSyncAddress(scope, 'WasDeviceSuccessfullyProvisioned')) phase.succeeded = data === '1';
      }
    }
  }

  /** The next round, the last one having been answered; undefined when the session may end. */
  next(): Round | undefined {
    if (this.#sending !== undefined && !this.#blocked.has(this.#sending)) {
      this.#device.phases[this.#sending].roundsAnswered++;
    }
    this.#sending = undefined;
    for (const scope of this.#scopes) {
      const phase = this.#device.phases[scope];
      if (phase.stage !== 'provisioning' || this.#blocked.has(scope)) continue;
      const round = this.#plans[scope].provision[phase.roundsAnswered];
      if (round !== undefined) {
        this.#sending = scope;
        this.#worked = true;
        return roundFor(round, this.#device.managedDeviceId);
      }
      phase.stage = 'following';
    }
    return this.#worked ? undefined : this.#question();
  }

  #question(): Round {
    this.#worked = true;
    const following = this.#scopes.findLast((scope) => this.#device.phases[scope].stage === 'following');
    return following === undefined ? POLL_ROUND : this.#plans[following].follow;
  }
}
