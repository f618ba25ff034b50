// Device credentials: what a device gets before anybody signs in, and proves itself with to the profile and update services.
// One for each hardware: a device that asks again (after a restart in OOBE) replaces its own.
import { LIMITS } from '../../kernel/limits.ts';
import type { Identifiers } from '../identifiers.ts';
import { BoundedMap } from './bounded-map.ts';
import type { HardwareFacts } from './registrations.ts';

export interface DeviceAccount {
  /** 16 hex digits, by hardware. */
  readonly puid: string;
  readonly memberName: string;
  readonly password: string;
  readonly facts: HardwareFacts;
  /** Ids of the updates whose content the device has fetched. */
  readonly updates: readonly string[];
}

export class DeviceAccounts {
  readonly #identifiers: Identifiers;
  readonly #byPuid = new BoundedMap<string, DeviceAccount>(LIMITS.backendEntitiesMax);
  readonly #puidOfMember = new Map<string, string>();

  constructor(identifiers: Identifiers) {
    this.#identifiers = identifiers;
  }

  get count(): number {
    return this.#byPuid.size;
  }

  get refused(): number {
    return this.#byPuid.refused;
  }

  /** Makes or renews the account of the hardware; undefined where there is no room or another device has the name. */
  add(memberName: string, password: string, facts: HardwareFacts): DeviceAccount | undefined {
    const subject = [facts.endorsementKeyHash, facts.smbiosUuid, facts.serialNumber, facts.manufacturer, facts.model];
    const puid = this.#identifiers
      .guid('msa-device', subject.join('\u0000'))
      .replaceAll('-', '')
      .slice(0, 16)
      .toUpperCase();
    const owner = this.#puidOfMember.get(memberName);
    if (owner !== undefined && owner !== puid) return undefined;
    const before = this.#byPuid.get(puid);
    const account: DeviceAccount = { puid, memberName, password, facts, updates: before?.updates ?? [] };
    if (!this.#byPuid.set(puid, account)) return undefined;
    if (before !== undefined) this.#puidOfMember.delete(before.memberName);
    this.#puidOfMember.set(memberName, puid);
    return account;
  }

  ofMember(memberName: string): DeviceAccount | undefined {
    return this.find(this.#puidOfMember.get(memberName) ?? '');
  }

  find(puid: string): DeviceAccount | undefined {
    return this.#byPuid.get(puid);
  }

  /** The device showed more of its hardware than it did for its credential: join and updates know it by that, too. */
  learn(puid: string, facts: HardwareFacts): void {
    const account = this.#byPuid.get(puid);
    if (account !== undefined) this.#byPuid.set(puid, { ...account, facts });
  }

  noteUpdate(puid: string, updateId: string): void {
    const account = this.#byPuid.get(puid);
    if (account === undefined || account.updates.includes(updateId)) return;
    this.#byPuid.set(puid, { ...account, updates: [...account.updates, updateId] });
  }
}
