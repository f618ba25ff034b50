// The devices registered with Autopilot, found again by what their hardware says of itself, never by the text of a hash: no two
// hashes of one device are equal. The matching order of the real service is not public; the order here is ours (hardware-hash.md
// 3): endorsement key, SMBIOS UUID with serial number, manufacturer with model and serial number, and at last several exchangeable
// parts (network adapters, disks) together.
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { PROFILE_REFUSALS } from '../../protocol/autopilot/autopilot-profile.ts';
import type { Identifiers } from '../identifiers.ts';
import { BoundedMap } from './bounded-map.ts';

/** What hardware says of itself, in a hardware hash or when it asks for a device credential. Empty text: not said. */
export interface HardwareFacts {
  /** SHA-256 of the TPM's RSA endorsement key modulus, hex. */
  readonly endorsementKeyHash: string;
  /** Lower case, dashed. */
  readonly smbiosUuid: string;
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly productId: string;
  /** Parts that can be exchanged, each with its kind: `mac:` and the address, `disk:` and the serial number, lower case. */
  readonly parts: readonly string[];
}

export interface Registration {
  /** ZtdRegistrationId: the ZTDID of the Entra device and the ContextItem ZeroTouchProvisioning. */
  readonly id: string;
  /** The pre-created Entra device object. */
  readonly entraDeviceId: string;
  readonly facts: HardwareFacts;
  /** OrderID; empty for none. */
  readonly groupTag: string;
  readonly assignedUser: string;
  /** Since when the service knows the device, milliseconds since the Unix epoch: an import takes its time. */
  readonly registeredMs: number;
  /** Another tenant owns it. It is here because the first owner keeps a device, whoever imports it later. */
  readonly foreign: boolean;
}

export type RegistrationOptions = Pick<Registration, 'groupTag' | 'assignedUser'> &
  Partial<Pick<Registration, 'registeredMs' | 'foreign'>>;

/** So many exchangeable parts of a device must be those of one registration for it to be found by them. */
const PARTS_MIN = 2;

/** Results of the Autopilot service (ztd.md 4.1): of an import, and why there is no profile. */
const ZTD_RESULTS = {
  806: 'ZtdDeviceAlreadyAssigned',
  808: 'ZtdDeviceAssignedToOtherTenant',
  ...PROFILE_REFUSALS,
} as const;
type ZtdResult = keyof typeof ZTD_RESULTS;

export interface ZtdProblem {
  readonly code: ZtdResult;
  readonly name: string;
  readonly detail: string;
}

export function ztdProblem(code: ZtdResult, detail: string, name: string = ZTD_RESULTS[code]): ZtdProblem {
  return { code, name, detail };
}

export class Registrations {
  readonly #identifiers: Identifiers;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #byId = new BoundedMap<string, Registration>(LIMITS.backendEntitiesMax);
  readonly #idByEntraDevice = new Map<string, string>();
  /** Every key of a registration, each with its kind as prefix. */
  readonly #idByKey = new Map<string, string>();
  readonly #idByPart = new Map<string, string>();
  #foreign = 0;

  constructor(identifiers: Identifiers, clock: Pick<Clock, 'wallMs'>) {
    this.#identifiers = identifiers;
    this.#clock = clock;
  }

  /** Devices of this tenant, imports under way included. */
  get count(): number {
    return this.#byId.size - this.#foreign;
  }

  get refused(): number {
    return this.#byId.refused;
  }

  /** The tenant's own devices, in the order of registration, once their import is complete. */
  *all(): Generator<Registration> {
    for (const registration of this.#byId.values())
      if (!registration.foreign && this.#known(registration)) yield registration;
  }

  find(id: string): Registration | undefined {
    const registration = this.#byId.get(id.toLowerCase());
    return registration !== undefined && this.#known(registration) ? registration : undefined;
  }

  ofEntraDevice(deviceId: string): Registration | undefined {
    return this.find(this.#idByEntraDevice.get(deviceId.toLowerCase()) ?? '');
  }

  /** Registers a device; 806 or 808 where it is registered already, here or in another tenant, `full` where there is no room. */
  register(facts: HardwareFacts, options: RegistrationOptions): Result<Registration, ZtdProblem | 'full'> {
    const { groupTag, assignedUser, registeredMs = this.#clock.wallMs(), foreign = false } = options;
    const keys = hardwareKeys(facts);
    const owned = this.#ofKeys(keys);
    if (owned !== undefined) {
      return fail(
        owned.foreign === foreign
          ? ztdProblem(806, 'The device is already registered in this tenant.')
          : ztdProblem(808, 'The device is registered by another tenant.'),
      );
    }
    // The first key is the strongest that the device has, so ids don't depend on who registered before it.
    const id = this.#identifiers.guid('ztd-registration', keys[0] ?? '');
    const registration: Registration = {
      id,
      entraDeviceId: this.#identifiers.guid('entra-device', id),
      facts,
      groupTag,
      assignedUser,
      registeredMs,
      foreign,
    };
    if (!this.#byId.set(id, registration)) return fail('full');
    if (foreign) this.#foreign++;
    this.#idByEntraDevice.set(registration.entraDeviceId, id);
    for (const key of keys) this.#idByKey.set(key, id);
    for (const part of facts.parts) if (!this.#idByPart.has(part)) this.#idByPart.set(part, id);
    return ok(registration);
  }

  /** Names the user of a device; an empty name takes it away. */
  assignUser(registration: Registration, assignedUser: string): void {
    this.#byId.set(registration.id, { ...registration, assignedUser });
  }

  /** The registration of a device that shows itself: 807 where there is none, 908 where its hardware is not what was registered. */
  match(facts: HardwareFacts): Result<Registration, ZtdProblem> {
    const found = this.#ofKeys(hardwareKeys(facts)) ?? this.#ofParts(facts.parts);
    if (found === undefined || !this.#known(found)) {
      return fail(ztdProblem(807, 'No registration matches the hardware of the device.'));
    }
    const registered = found.facts;
    if (differs(registered.serialNumber, facts.serialNumber)) {
      return fail(ztdProblem(908, 'The serial number differs from the registration.'));
    }
    if (differs(registered.productId, facts.productId)) {
      return fail(ztdProblem(908, 'The product key id differs from the registration.', 'ProductKeyIdMismatch'));
    }
    // Another TPM and another board under the same label: a board was changed.
    if (
      differs(registered.endorsementKeyHash, facts.endorsementKeyHash) &&
      differs(registered.smbiosUuid, facts.smbiosUuid)
    ) {
      return fail(ztdProblem(908, 'The mainboard differs from the registration.'));
    }
    return ok(found);
  }

  #known({ registeredMs }: Registration): boolean {
    return registeredMs <= this.#clock.wallMs();
  }

  #ofKeys(keys: readonly string[]): Registration | undefined {
    for (const key of keys) {
      const id = this.#idByKey.get(key);
      if (id !== undefined) return this.#byId.get(id);
    }
    return undefined;
  }

  #ofParts(parts: readonly string[]): Registration | undefined {
    const counts = new Map<string, number>();
    for (const part of parts) {
      const id = this.#idByPart.get(part);
      if (id === undefined) continue;
      const count = (counts.get(id) ?? 0) + 1;
      if (count === PARTS_MIN) return this.#byId.get(id);
      counts.set(id, count);
    }
    return undefined;
  }
}

function differs(registered: string, shown: string): boolean {
  return registered !== '' && shown !== '' && registered.toLowerCase() !== shown.toLowerCase();
}

/** What a device can be found by, strongest first. */
function hardwareKeys(facts: HardwareFacts): string[] {
  const { endorsementKeyHash, smbiosUuid, serialNumber, manufacturer, model, productId } = facts;
  const keys: string[] = [];
  if (endorsementKeyHash !== '') keys.push(`ek:${endorsementKeyHash}`);
  if (smbiosUuid !== '' && serialNumber !== '') keys.push(`uuid:${smbiosUuid}\u0000${serialNumber}`);
  if (manufacturer !== '' && model !== '' && serialNumber !== '') {
    keys.push(`tuple:${manufacturer}\u0000${model}\u0000${serialNumber}`);
  }
  if (productId !== '') keys.push(`pkid:${productId}`);
  return keys.map((key) => key.toLowerCase());
}
