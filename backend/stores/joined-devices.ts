// The Entra device objects that devices have joined to, by device id; with how many of them each user has, and which of the objects
// that registration pre-created an administrator has deleted.
import { LIMITS } from '../../kernel/limits.ts';
import { BoundedMap } from './bounded-map.ts';

export interface JoinedDevice {
  readonly deviceId: string;
  readonly displayName: string;
  readonly osVersion: string;
  /** Who joined it. */
  readonly userIndex: number;
  /** Of the device certificate: SHA-1, upper-case hex. */
  readonly thumbprint: string;
  /** ZtdRegistrationId, where the device is an Autopilot one. */
  readonly registrationId: string | undefined;
  /** BCRYPT_RSAPUBLIC_BLOB of the key to which session keys for the device are encrypted. */
  readonly transportKey?: Uint8Array | undefined;
}

export class JoinedDevices {
  readonly #devices = new BoundedMap<string, JoinedDevice>(LIMITS.backendEntitiesMax);
  /** Devices of each user that has any. */
  readonly #counts = new Map<number, number>();
  /** Ids of deleted objects: of registered devices, so bounded as registrations are. */
  readonly #deleted = new Set<string>();

  get count(): number {
    return this.#devices.size;
  }

  get refused(): number {
    return this.#devices.refused;
  }

  /** Adds the device, or replaces it when it joins again; false where there is no room. */
  add(device: JoinedDevice): boolean {
    const before = this.#devices.get(device.deviceId);
    if (!this.#devices.set(device.deviceId, device)) return false;
    if (before !== undefined) this.#countUser(before.userIndex, -1);
    this.#countUser(device.userIndex, 1);
    return true;
  }

  find(deviceId: string): JoinedDevice | undefined {
    return this.#devices.get(deviceId.toLowerCase());
  }

  /** Devices that the user has joined, other than `deviceId`: joining that one again takes no further place. */
  countOf(userIndex: number, deviceId: string): number {
    const own = this.find(deviceId)?.userIndex === userIndex ? 1 : 0;
    return (this.#counts.get(userIndex) ?? 0) - own;
  }

  /** Ends a join: the object of a registered device is again what registration made, any other is gone. */
  remove(deviceId: string): boolean {
    const device = this.find(deviceId);
    if (device === undefined) return false;
    this.#devices.delete(device.deviceId);
    this.#countUser(device.userIndex, -1);
    return true;
  }

  /** Deletes the object itself: a registered device finds nothing to join to any more. */
  deleteObject(deviceId: string): void {
    this.remove(deviceId);
    this.#deleted.add(deviceId.toLowerCase());
  }

  isDeleted(deviceId: string): boolean {
    return this.#deleted.has(deviceId.toLowerCase());
  }

  #countUser(userIndex: number, change: 1 | -1): void {
    const count = (this.#counts.get(userIndex) ?? 0) + change;
    if (count === 0) this.#counts.delete(userIndex);
    else this.#counts.set(userIndex, count);
  }
}
