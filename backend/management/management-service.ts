// The management service: the OMA-DM side of the embedded MDM. It keys devices by their client certificate's enrollment, holds one
// session a device, and sends each what its group's content says. What is wrong with a message is answered by the documented Status.
// Who the caller is, is the listener's to find out: it comes here with the enrollment.
import type { GroupConfig, TenantConfig } from '../../catalog/tenant.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { assert } from '../../kernel/result.ts';
import { parseSyncml, STATUS } from '../../protocol/management/syncml.ts';
import type { SyncmlMessage } from '../../protocol/management/syncml.ts';
import { BoundedMap } from '../stores/bounded-map.ts';
import type { Scope } from './commands.ts';
import type { ContentSource } from './content-source.ts';
import { DeviceWork } from './device-work.ts';
import { ManagedDeviceRecord } from './managed-device.ts';
import type { DeviceDescription } from './managed-device.ts';
import { ownValues } from './own-values.ts';
import { groupPlan, unlicensedPlan } from './phase-plan.ts';
import type { GroupPlan } from './phase-plan.ts';
import { fillRound } from './round.ts';
import { isAbort, readFirstPackage, ServerSession } from './server-session.ts';

export interface ManagementOptions extends ContentSource {
  readonly tenant: Pick<TenantConfig, 'groups'>;
}

export interface ManagementRequest {
  /** Found by the client certificate. */
  readonly managedDeviceId: string;
  /** Asked for once, when the device is new here. */
  readonly describe: () => DeviceDescription;
  /** A valid token of a user of the tenant came with the message. */
  readonly userToken: boolean;
  readonly body: string;
}

export interface ManagementReply {
  /** HTTP status; the body is SyncML where it is 200, else empty. */
  readonly status: number;
  readonly body: string;
}

/** How much there is and was; `refused` counts messages that broke the order or had no right. */
export interface ManagementCounts {
  readonly devices: number;
  readonly openSessions: number;
  readonly sessions: number;
  readonly messages: number;
  readonly refused: number;
  /** Phases that devices have reported the end of, by WasDeviceSuccessfullyProvisioned. */
  readonly deviceSetupSucceeded: number;
  readonly deviceSetupFailed: number;
  readonly accountSetupSucceeded: number;
  readonly accountSetupFailed: number;
  /** Devices that have a Configuration Manager client. */
  readonly coManaged: number;
}

interface OpenSession {
  readonly session: ServerSession;
  readonly work: DeviceWork;
}

export class ManagementService {
  readonly #options: ManagementOptions;
  readonly #plans = new Map<GroupConfig, { readonly licensed: GroupPlan; readonly unlicensed: GroupPlan }>();
  readonly #devices = new BoundedMap<string, ManagedDeviceRecord>(LIMITS.backendEntitiesMax);
  readonly #open = new Map<string, OpenSession>();
  readonly #results: Record<Scope, { succeeded: number; failed: number }> = {
    device: { succeeded: 0, failed: 0 },
    user: { succeeded: 0, failed: 0 },
  };
  #coManaged = 0;
  #sessions = 0;
  #messages = 0;
  #refused = 0;

  constructor(options: ManagementOptions) {
    assert(options.tenant.groups.length > 0, 'a tenant has a group');
    this.#options = options;
  }

  handle(request: ManagementRequest): ManagementReply {
    const parsed = parseSyncml(request.body);
    if (!parsed.ok) return { status: 400, body: '' };
    this.#messages++;
    const device = this.#device(request);
    if (device === undefined) return { status: 503, body: '' };
    return { status: 200, body: this.#answer(parsed.value, device, request.userToken) };
  }

  counts(): ManagementCounts {
    return {
      devices: this.#devices.size,
      openSessions: this.#open.size,
      sessions: this.#sessions,
      messages: this.#messages,
      refused: this.#refused,
      deviceSetupSucceeded: this.#results.device.succeeded,
      deviceSetupFailed: this.#results.device.failed,
      accountSetupSucceeded: this.#results.user.succeeded,
      accountSetupFailed: this.#results.user.failed,
      coManaged: this.#coManaged,
    };
  }

  /** Ends what is known of a device: its enrollment is over. */
  forget(managedDeviceId: string): void {
    this.#devices.delete(managedDeviceId);
    this.#open.delete(managedDeviceId);
  }

  #answer(message: SyncmlMessage, device: ManagedDeviceRecord, userToken: boolean): string {
    const { managedDeviceId } = device.description;
    const known = this.#open.get(managedDeviceId);
    const repeated = known?.session.repeated(message);
    if (repeated !== undefined) return repeated;
    const begins = message.header.msgId === 1 && known?.session.sessionId !== message.header.sessionId;
    const open = begins ? this.#begin(message, device, userToken) : known;
    if (open === undefined) return this.#refuse(message, managedDeviceId, STATUS.badRequest);
    if ('refused' in open) return this.#refuse(message, managedDeviceId, open.refused);
    const answers = open.session.receive(message);
    if ('refused' in answers) return this.#refuse(message, managedDeviceId, answers.refused);
    this.#count(device, () => open.work.learn(answers));
    if (!message.final) return open.session.reply(message, undefined);
    const round = isAbort(message) ? undefined : open.work.next();
    if (round === undefined) this.#open.delete(managedDeviceId);
    const filled = round && fillRound(round, ownValues(device.description, this.#options.certificates));
    return open.session.reply(message, filled);
  }

  /** Counts what a device is seen to have come to. */
  #count(device: ManagedDeviceRecord, learn: () => void): void {
    const { phases, coManagementFlags: flagsBefore } = device;
    const before = { device: phases.device.succeeded, user: phases.user.succeeded };
    learn();
    for (const scope of ['device', 'user'] as const) {
      const { succeeded } = phases[scope];
      if (before[scope] !== undefined || succeeded === undefined) continue;
      this.#results[scope][succeeded ? 'succeeded' : 'failed']++;
    }
    if (flagsBefore === 0 && device.coManagementFlags !== 0) this.#coManaged++;
  }

  /** A new session takes the place of one that the device left open. */
  #begin(
    message: SyncmlMessage,
    device: ManagedDeviceRecord,
    userToken: boolean,
  ): OpenSession | { readonly refused: number } {
    const first = readFirstPackage(message);
    if (first === undefined) return { refused: STATUS.badRequest };
    // The account phase is the user's: without a token nobody is signed in.
    if (first.bootstrapSync === 'user' && !userToken) return { refused: STATUS.unauthorized };
    const forUser = userToken && (first.bootstrapSync === 'user' || first.loginStatus === 'user');
    const open = {
      session: new ServerSession(message, this.#options.managementUrl),
      work: new DeviceWork(device, this.#plan(device.description), forUser ? ['device', 'user'] : ['device']),
    };
    this.#open.set(device.description.managedDeviceId, open);
    this.#sessions++;
    return open;
  }

  #refuse(message: SyncmlMessage, managedDeviceId: string, code: number): string {
    this.#refused++;
    const session = this.#open.get(managedDeviceId)?.session ?? new ServerSession(message, this.#options.managementUrl);
    this.#open.delete(managedDeviceId);
    return session.refuse(message, code);
  }

  #device({ managedDeviceId, describe }: ManagementRequest): ManagedDeviceRecord | undefined {
    const known = this.#devices.get(managedDeviceId);
    if (known !== undefined) return known;
    const device = new ManagedDeviceRecord(describe());
    return this.#devices.set(managedDeviceId, device) ? device : undefined;
  }

  /** A device without a group's tag gets what the tenant's first group gets. */
  #plan({ groupTag, licensed }: DeviceDescription): GroupPlan {
    const { groups } = this.#options.tenant;
    const group = groups.find(({ tag }) => tag === groupTag) ?? groups[0]!;
    let plans = this.#plans.get(group);
    if (plans === undefined) {
      plans = { licensed: groupPlan(group, this.#options), unlicensed: unlicensedPlan(group) };
      this.#plans.set(group, plans);
    }
    return licensed ? plans.licensed : plans.unlicensed;
  }
}
