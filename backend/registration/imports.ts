// Importing devices: one record at a time, whichever way it came. A record is good as a whole or refused with a code.
import { LIMITS } from '../../kernel/limits.ts';
import { fail } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { factsOfHash } from '../hardware-facts.ts';
import type { HardwareFacts, Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';

export interface ImportRecord {
  readonly serialNumber: string;
  readonly productId: string;
  /** Base64; empty where the device is named otherwise (OEM and partner rows only). */
  readonly hardwareHash: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly groupTag: string;
  readonly assignedUser: string;
}

/** Why a record was not imported: 806, 808 and 908 are the Autopilot service's (ztd.md 4.1), the others ours. */
export interface ImportError {
  readonly code: 806 | 808 | 908 | 400 | 503;
  readonly name: string;
  readonly message: string;
}

/** When the service knows the device, if not at once, and whether it is registered for the other tenant. */
export type ImportOptions = Partial<Pick<Registration, 'registeredMs' | 'foreign'>>;

export function importDevice(
  tenant: Tenant,
  record: ImportRecord,
  options: ImportOptions = {},
): Result<Registration, ImportError> {
  const facts = factsOfRecord(record);
  if (!facts.ok) return facts;
  // The other tenant has users of its own, of whom nothing is known here.
  if (
    record.assignedUser !== '' &&
    options.foreign !== true &&
    tenant.directory.realm(record.assignedUser) === undefined
  ) {
    return refuse(400, 'InvalidAssignedUser', 'The domain of the assigned user is not one of the tenant.');
  }
  const registered = tenant.registrations.register(facts.value, {
    groupTag: record.groupTag,
    assignedUser: record.assignedUser,
    ...options,
  });
  if (registered.ok) return registered;
  if (registered.error === 'full') {
    return refuse(503, 'TenantFull', `The tenant holds ${LIMITS.backendEntitiesMax} devices and takes no more.`);
  }
  const { code, name, detail } = registered.error;
  return refuse(code === 808 ? 808 : 806, name, detail);
}

function factsOfRecord(record: ImportRecord): Result<HardwareFacts, ImportError> {
  const { serialNumber, productId, manufacturer, model, hardwareHash } = record;
  if (hardwareHash === '') {
    return {
      ok: true,
      value: { endorsementKeyHash: '', smbiosUuid: '', serialNumber, manufacturer, model, productId, parts: [] },
    };
  }
  const facts = factsOfHash(hardwareHash);
  if (!facts.ok) return refuse(400, 'InvalidHardwareHash', `${facts.error}.`);
  const hashed = facts.value;
  if (serialNumber !== '' && hashed.serialNumber !== '' && serialNumber !== hashed.serialNumber) {
    return refuse(908, 'SerialNumberMismatch', 'The serial number of the row is not that of the hardware hash.');
  }
  if (productId !== '' && hashed.productId !== '' && productId !== hashed.productId) {
    return refuse(908, 'ProductKeyIdMismatch', 'The product id of the row is not that of the hardware hash.');
  }
  return {
    ok: true,
    value: { ...hashed, serialNumber: hashed.serialNumber || serialNumber, productId: hashed.productId || productId },
  };
}

function refuse(code: ImportError['code'], name: string, message: string): ReturnType<typeof fail<ImportError>> {
  return fail({ code, name, message });
}
