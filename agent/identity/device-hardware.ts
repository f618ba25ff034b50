// What a device's hardware says of itself: the 4K hardware hash and the row of a registration file.
import { sha256 } from '../../protocol/encoding/digest.ts';
import { encodeHardwareHash } from '../../protocol/autopilot/hardware-hash.ts';
import type { HardwareInventory } from '../../protocol/autopilot/hardware-hash.ts';
import type { HashVersion } from '../../protocol/autopilot/hardware-inventory.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import type { DeviceIdentity, TpmIdentity } from './device-identity.ts';

// Numbers of hardware-hash.md, section 2.
const FULL_OS = 2;
const ARCHITECTURE = { x64: 9, arm64: 12 } as const;
const TOOL_VERSION = 3;
const NO_ERROR_CORRECTION = 3;
const BUS_NVME = 17;
const MEDIUM = { ethernet: 14, wifi: 9 } as const;
const KIND_TPM_EK = 1;
/** Revision 1.59 of the TPM library, which is what the simulated TPMs claim. */
export const TPM_SPECIFICATION = { family: '2.0', level: 0, revision: 159 } as const;

/** The 4K hardware hash: 4000 characters of base64. */
export function hardwareHash(identity: DeviceIdentity): string {
  return encodeHardwareHash(hardwareInventory(identity));
}

/** What the hash holds. */
export function hardwareInventory(identity: DeviceIdentity): HardwareInventory {
  const { hardware, ramGb, tpm } = identity;
  const ekModulus = tpm.ekModulus();
  const build = hashVersion(identity.osVersion);
  return {
    tool: {
      toolBuild: build,
      osBuild: build,
      collectedMs: identity.hashCollectedMs,
      utcOffsetMinutes: identity.hashUtcOffsetMinutes,
      osType: FULL_OS,
      osArchitecture: ARCHITECTURE[hardware.architecture],
      toolVersion: TOOL_VERSION,
    },
    processor: {
      architecture: ARCHITECTURE[hardware.architecture],
      packages: 1,
      cores: hardware.cpu.cores,
      threads: hardware.cpu.threads,
      hyperThreading: hardware.cpu.threads > hardware.cpu.cores,
    },
    memory: { totalGb: ramGb, maximumGb: ramGb * 2, slots: 2, arrays: 1, errorCorrection: NO_ERROR_CORRECTION },
    processorManufacturer: hardware.cpu.manufacturer,
    processorModel: hardware.cpu.model,
    disks: [{ capacityGb: identity.diskGb, bus: BUS_NVME, rotating: false }],
    diskSerials: [`${identity.diskSerial}|${hardware.diskModel}|SIM`],
    networkAdapters: identity.adapters.map(({ kind, macAddress }) => ({
      medium: MEDIUM[kind],
      macAddress,
      busName: null,
    })),
    display: hardware.display,
    record27: new Uint8Array(4),
    chassis: { type: hardware.chassisType, powerPlatformRole: hardware.powerPlatformRole },
    tpmVersion: tpmVersionText(tpm),
    ekModulus,
    offlineDeviceId: { kind: KIND_TPM_EK, value: sha256(ekModulus) },
    smbiosUuid: identity.smbiosUuid,
    serialNumber: identity.serialNumber,
    firmwareVendor: hardware.firmwareVendor,
    manufacturer: identity.manufacturer,
    product: identity.model,
    family: hardware.family,
    productKeyId: identity.productKeyId,
  };
}

/** As Windows spells it: the firmware's four numbers as two of 32 bits. */
function tpmVersionText({ manufacturerId, version, firmware }: TpmIdentity): string {
  const [high, low] = firmwareWords(firmware);
  const { level, revision } = TPM_SPECIFICATION;
  return (
    `TPM-Version:${version} -Level:${level}-Revision:${revision / 100}-` +
    `VendorID:'${manufacturerId}'-Firmware:${high}.${low}`
  );
}

/** TPM_PT_FIRMWARE_VERSION_1 and _2 of a firmware "a.b.c.d". */
export function firmwareWords(firmware: string): readonly [number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = firmware.split('.').map(Number);
  return [a * 0x10000 + b, c * 0x10000 + d];
}

function hashVersion(osVersion: string): HashVersion {
  const [major = 0, minor = 0, build = 0, revision = 0] = osVersion.split('.').map(Number);
  return { major, minor, revision, build };
}

export interface RegistrationOptions {
  readonly groupTag?: string;
  readonly assignedUser?: string;
}

/** The row with which a manufacturer or an administrator registers the device. */
export function registrationRow(identity: DeviceIdentity, options: RegistrationOptions = {}): RegistrationRow {
  return {
    serialNumber: identity.serialNumber,
    productId: identity.productKeyId,
    hardwareHash: hardwareHash(identity),
    manufacturer: identity.manufacturer,
    model: identity.model,
    ...options,
  };
}
