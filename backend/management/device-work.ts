// What a session is for: which round a device gets next, and what its answers mean for the phases. Kept apart from the protocol, which
// doesn't care.
import { LIMITS } from '../../kernel/limits.ts';
import { STATUS } from '../../protocol/management/syncml.ts';
import { SCEP_FAILED } from './certificate-orders.ts';
import { FLAGS_ADDRESS } from './co-management-orders.ts';
import type { Scope } from './commands.ts';
import type { ManagedDeviceRecord } from './managed-device.ts';
import { firstSyncAddress } from './phase-plan.ts';
import type { GroupPlan } from './phase-plan.ts';
import type { Round } from './round.ts';
import type { Answers } from './server-session.ts';

//   provisioning --(all rounds answered)--> following --(IsSyncDone; without a page: all ended)--> done
//
// A round that the device can't take yet (405 on a user node: its account phase has not begun) ends the session's work for that
// phase; the next session sends it again. A session brings what is left of the work or, when there is none, asks how the device
// is; a certificate that turns out to have failed is ordered again in the same session.

export class DeviceWork {
  readonly #device: ManagedDeviceRecord;
  readonly #plan: GroupPlan;
  readonly #scopes: readonly Scope[];
  /** The phase whose round was sent last; undefined when it was a question. */
  #sending: Scope | undefined;
  readonly #blocked = new Set<Scope>();
  /** Questions of this session; undefined until it is known that there is no other work. */
  #questions: Round[] | undefined;
  /** Orders of certificates to be sent again. */
  readonly #again: Round[] = [];
  #worked = false;

  constructor(device: ManagedDeviceRecord, plan: GroupPlan, scopes: readonly Scope[]) {
    this.#device = device;
    this.#plan = plan;
    this.#scopes = scopes;
  }

  /** Takes the answers of one message; of a round in several messages any may block it. */
  learn({ statuses, items }: Answers): void {
    if (this.#sending === 'user' && statuses.some(({ code }) => code === STATUS.notAllowed)) this.#blocked.add('user');
    for (const { source, data } of items) {
      if (source === FLAGS_ADDRESS) this.#device.coManagementFlags = flagsOf(data);
    }
    for (const scope of this.#scopes) this.#learnPhase(scope, items);
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
      const plan = this.#plan.phases[scope];
      const round = plan.provision[phase.roundsAnswered];
      if (round !== undefined) {
        this.#sending = scope;
        this.#worked = true;
        return round;
      }
      phase.stage = plan.follow === undefined ? 'done' : 'following';
    }
    if (this.#worked) return undefined;
    this.#questions ??= this.#ask();
    return this.#again.shift() ?? this.#questions.shift();
  }

  #ask(): Round[] {
    const questions: Round[] = [];
    for (const scope of this.#scopes) {
      const { stage, settled } = this.#device.phases[scope];
      const { follow, results } = this.#plan.phases[scope];
      const question = settled ? results : follow;
      if (stage === 'following' && question !== undefined) questions.push(question);
    }
    return questions.length === 0 ? [this.#plan.poll] : questions;
  }

  #learnPhase(scope: Scope, items: Answers['items']): void {
    const phase = this.#device.phases[scope];
    if (phase.stage !== 'following') return;
    const plan = this.#plan.phases[scope];
    let ended = 0;
    let done = false;
    let result: string | undefined;
    for (const { source, data } of items) {
      if (source === undefined || data === undefined) continue;
      if (plan.watched.get(source)?.has(data) === true) ended++;
      else if (source === firstSyncAddress(scope, 'IsSyncDone')) done = data === 'true';
      else if (source === firstSyncAddress(scope, 'WasDeviceSuccessfullyProvisioned')) result = data;
      else if (data === SCEP_FAILED) this.#orderAgain(scope, source);
    }
    if (plan.watched.size > 0 && ended === plan.watched.size) phase.settled = true;
    if (done) phase.succeeded = result === '1';
    if (done || (phase.settled && plan.results === undefined)) phase.stage = 'done';
  }

  /** A failed certificate is ordered again a few times; an MSI that failed is not: the page tells its person so. */
  #orderAgain(scope: Scope, statusNode: string): void {
    const round = this.#plan.phases[scope].certificates.get(statusNode);
    if (round === undefined) return;
    const reordered = (this.#device.phases[scope].reordered ??= new Map<string, number>());
    const times = reordered.get(statusNode) ?? 0;
    if (times >= LIMITS.certificateReordersMax) return;
    reordered.set(statusNode, times + 1);
    this.#again.push(round);
  }
}

function flagsOf(data: string | undefined): number {
  return /^\d{1,3}$/.test(data ?? '') ? Number(data) : 0;
}
