// The Entra device objects that devices have joined to, by device id.
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
}

export class JoinedDevices {
  readonly #devices = new BoundedMap<string, JoinedDevice>(LIMITS.backendEntitiesMax);

  get count(): number {
    return this.#devices.size;
  }

  get refused(): number {
    return this.#devices.refused;
  }

  /** Adds the device, or replaces it when it joins again; false where there is no room. */
  add(device: JoinedDevice): boolean {
    return this.#devices.set(device.deviceId, device);
  }

  find(deviceId: string): JoinedDevice | undefined {
    return this.#devices.get(deviceId.toLowerCase());
  }
}
