// The devices that are registered with Autopilot: found by what their hardware says of itself. How the real service matches is
// not public; the order here is ours (hardware-hash.md 3): endorsement key, then SMBIOS UUID with serial number, then
// manufacturer, model and serial number.
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { PROFILE_REFUSALS } from '../../protocol/autopilot-profile.ts';
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
}

export interface Registration {
  /** Position in the order of registration. */
  readonly number: number;
  /** ZtdRegistrationId: the ZTDID of the Entra device and the ContextItem ZeroTouchProvisioning. */
  readonly id: string;
  /** The pre-created Entra device object. */
  readonly entraDeviceId: string;
  readonly facts: HardwareFacts;
  /** OrderID; empty for none. */
  readonly groupTag: string;
  readonly assignedUser: string;
}

/** Results of the Autopilot service (ztd.md 4.1): of an import, and why there is no profile. */
const ZTD_RESULTS = { 806: 'ZtdDeviceAlreadyAssigned', ...PROFILE_REFUSALS } as const;
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
  readonly #byId = new BoundedMap<string, Registration>(LIMITS.backendEntitiesMax);
  readonly #byEntraDeviceId = new Map<string, Registration>();
  /** Every key of a registration, each with its kind as prefix. */
  readonly #byHardware = new Map<string, Registration>();

  constructor(identifiers: Identifiers) {
    this.#identifiers = identifiers;
  }

  get count(): number {
    return this.#byId.size;
  }

  get refused(): number {
    return this.#byId.refused;
  }

  all(): MapIterator<Registration> {
    return this.#byId.values();
  }

  find(id: string): Registration | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  ofEntraDevice(deviceId: string): Registration | undefined {
    return this.#byEntraDeviceId.get(deviceId);
  }

  /** Registers a device; 806 where it is registered already, nothing where there is no room. */
  register(
    facts: HardwareFacts,
    options: { readonly groupTag: string; readonly assignedUser: string },
  ): Result<Registration, ZtdProblem | 'full'> {
    const keys = hardwareKeys(facts);
    if (keys.some((key) => this.#byHardware.has(key))) {
      return fail(ztdProblem(806, 'The device is already registered in this tenant.'));
    }
    // The first key is the strongest that the device has, so ids don't depend on who registered before it.
    const id = this.#identifiers.guid('ztd-registration', keys[0] ?? '');
    const registration: Registration = {
      number: this.#byId.size,
      id,
      entraDeviceId: this.#identifiers.guid('entra-device', id),
      facts,
      ...options,
    };
    if (!this.#byId.set(id, registration)) return fail('full');
    this.#byEntraDeviceId.set(registration.entraDeviceId, registration);
    for (const key of keys) this.#byHardware.set(key, registration);
    return ok(registration);
  }

  /** The registration of a device that shows itself: 807 where there is none, 908 where its hardware is not what was registered. */
  match(facts: HardwareFacts): Result<Registration, ZtdProblem> {
    const { endorsementKeyHash, serialNumber } = facts;
    const keys = hardwareKeys(facts);
    const found = keys.map((key) => this.#byHardware.get(key)).find((registration) => registration !== undefined);
    if (found === undefined) return fail(ztdProblem(807, 'No registration matches the hardware of the device.'));
    const registered = found.facts;
    if (differs(registered.serialNumber, serialNumber)) {
      return fail(ztdProblem(908, 'The serial number differs from the registration.'));
    }
    if (differs(registered.productId, facts.productId)) {
      return fail(ztdProblem(908, 'The product key id differs from the registration.', 'ProductKeyIdMismatch'));
    }
    // Another TPM and another board under the same label: a board was changed.
    if (
      differs(registered.endorsementKeyHash, endorsementKeyHash) &&
      differs(registered.smbiosUuid, facts.smbiosUuid)
    ) {
      return fail(ztdProblem(908, 'The mainboard differs from the registration.'));
    }
    return ok(found);
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
