// The Windows Hello keys of users: one for each user and device, under the id that the service gave it.
import { LIMITS } from '../../kernel/limits.ts';
import { BoundedMap } from './bounded-map.ts';

export interface HelloKey {
  readonly keyId: string;
  readonly userIndex: number;
  readonly deviceId: string;
  /** SHA-256 of the public key, hex. */
  readonly keyHash: string;
}

export class HelloKeys {
  readonly #keys = new BoundedMap<string, HelloKey>(LIMITS.backendEntitiesMax);

  get count(): number {
    return this.#keys.size;
  }

  get refused(): number {
    return this.#keys.refused;
  }

  /** Adds the key, in place of one of the same user at the same device; false where there is no room. */
  add(key: HelloKey): boolean {
    return this.#keys.set(`${key.userIndex} ${key.deviceId}`, key);
  }

  find(userIndex: number, deviceId: string): HelloKey | undefined {
    return this.#keys.get(`${userIndex} ${deviceId}`);
  }
}
