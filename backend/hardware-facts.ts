// What identifies a device, taken from the three places where hardware shows itself: a hardware hash, a registration row, and
// the request for a device credential.
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { DEVICE_COMPONENTS, deviceComponent, deviceComponents } from '../protocol/autopilot/device-token.ts';
import type { DeviceAddRequest } from '../protocol/autopilot/device-token.ts';
import { sha256Hex } from '../protocol/encoding/digest.ts';
import { decodeHardwareHash } from '../protocol/autopilot/hardware-hash.ts';
import { guidText } from './identifiers.ts';
import type { HardwareFacts } from './stores/registrations.ts';

/** OfflineDeviceId of kind TPM_EK: the SHA-256 of the endorsement key's modulus. */
const TPM_EK = 1;

/** Reads and checks a hardware hash; the reason as a sentence's end where it is not one. */
export function factsOfHash(hash: string): Result<HardwareFacts, string> {
  const decoded = decodeHardwareHash(hash);
  if (!decoded.ok) return fail(`the hardware hash cannot be read: ${decoded.error.reason}`);
  const { ekModulus, offlineDeviceId, smbiosUuid, serialNumber, manufacturer, product, productKeyId } = decoded.value;
  const { diskSerials, networkAdapters } = decoded.value;
  const announced = offlineDeviceId?.kind === TPM_EK ? Buffer.from(offlineDeviceId.value).toString('hex') : '';
  const computed = ekModulus === undefined ? '' : sha256Hex(ekModulus);
  if (announced !== '' && computed !== '' && announced !== computed) {
    return fail('the hardware hash contradicts itself: its OfflineDeviceId is not the SHA-256 of its endorsement key');
  }
  const facts: HardwareFacts = {
    endorsementKeyHash: computed || announced,
    smbiosUuid: smbiosUuid ?? '',
    serialNumber: serialNumber ?? '',
    manufacturer: manufacturer ?? '',
    model: product ?? '',
    productId: productKeyId ?? '',
    parts: partsOf(
      networkAdapters.map(({ macAddress }) => macAddress),
      diskSerials,
    ),
  };
  if (facts.endorsementKeyHash === '' && (facts.smbiosUuid === '' || facts.serialNumber === '')) {
    return fail('the hardware hash names neither an endorsement key nor a UUID with a serial number');
  }
  return ok(facts);
}

/** What a device says when it asks for a credential. */
export function factsOfDevice(request: DeviceAddRequest): Result<HardwareFacts, string> {
  const texts = (id: number): string[] =>
    deviceComponents(request, id).map((value) => Buffer.from(value).toString('utf8').replace(/\0+$/, '').trim());
  const text = (id: number): string => texts(id)[0] ?? '';
  const announced = deviceComponent(request, DEVICE_COMPONENTS.endorsementKeyHash);
  const announcedHex = announced === undefined ? '' : Buffer.from(announced).toString('hex');
  const computed = request.endorsementKey === undefined ? '' : sha256Hex(request.endorsementKey.modulus);
  if (announcedHex !== '' && computed !== '' && announcedHex !== computed) {
    return fail('the digest of the endorsement key is not that of the key');
  }
  const uuid = deviceComponent(request, DEVICE_COMPONENTS.smbiosUuid);
  return ok({
    endorsementKeyHash: computed || announcedHex,
    smbiosUuid: uuid?.length === 16 ? guidText(uuid) : text(DEVICE_COMPONENTS.smbiosUuid).toLowerCase(),
    serialNumber: text(DEVICE_COMPONENTS.smbiosSerialNumber),
    manufacturer: text(DEVICE_COMPONENTS.boardManufacturer),
    model: text(DEVICE_COMPONENTS.model),
    productId: '',
    parts: partsOf(texts(DEVICE_COMPONENTS.macAddress), texts(DEVICE_COMPONENTS.diskSerialNumbers)),
  });
}

/** A hash has the model and the vendor of a disk after its serial number, and a bar between them; a credential request has neither. */
function partsOf(macAddresses: readonly string[], diskSerials: readonly string[]): string[] {
  const macs = macAddresses.map((address) => address.replace(/[^0-9A-Fa-f]/g, '').toLowerCase());
  const disks = diskSerials.map((serial) => serial.split('|', 1)[0]!.trim().toLowerCase());
  return [
    ...macs.filter((mac) => /[^0]/.test(mac)).map((mac) => `mac:${mac}`),
    ...disks.filter((disk) => disk !== '').map((disk) => `disk:${disk}`),
  ];
}
