import { describe, expect, it } from 'vitest';
import { DEVICE_MODEL_NAMES, DEVICE_MODELS } from '../../catalog/device-models.ts';
import type { DeviceModel } from '../../catalog/device-models.ts';
import { OS_VERSION_NAMES, OS_VERSIONS, WINDOWS_EDITIONS } from '../../catalog/os-versions.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { decodeHardwareHash } from '../../protocol/autopilot/hardware-hash.ts';
import { deviceIdentity, hardwareHash, registrationRow } from './device-identity.ts';
import type { DeviceIdentity } from './device-identity.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);
const models = DEVICE_MODEL_NAMES.map((name): DeviceModel => DEVICE_MODELS[name]);
const modelOf = (index: number): DeviceModel => models[index % models.length]!;

function identity(index: number, seed = 'flotilla', epochMs = EPOCH_MS): DeviceIdentity {
  return deviceIdentity(seed, index, modelOf(index), epochMs);
}

/** All that can be compared: functions give way to what they return. */
function plain(of: DeviceIdentity): unknown {
  return JSON.parse(JSON.stringify({ ...of, ek: Buffer.from(of.tpm.ekModulus()).toString('hex') }));
}

describe('an identity', () => {
  it('is the same for the same seed and index, and another for another seed', () => {
    expect(plain(identity(4711))).toEqual(plain(identity(4711)));
    expect(hardwareHash(identity(4711))).toBe(hardwareHash(identity(4711)));
    const [one, other] = [identity(4711), identity(4711, 'other')];
    expect(other.serialNumber).not.toBe(one.serialNumber);
    expect(other.smbiosUuid).not.toBe(one.smbiosUuid);
    expect(other.macAddresses).not.toEqual(one.macAddresses);
    expect(hardwareHash(other)).not.toBe(hardwareHash(one));
  });

  it('stays as it is from release to release', () => {
    const { serialNumber, smbiosUuid, macAddresses, productKeyId, osVersion } = identity(4);
    expect({ serialNumber, smbiosUuid, macAddresses, productKeyId, osVersion }).toMatchInlineSnapshot(`
      {
        "macAddresses": [
          "42:08:F4:00:00:08",
          "42:08:F4:00:00:09",
        ],
        "osVersion": "10.0.26100.4652",
        "productKeyId": "0003065000004",
        "serialNumber": "SIMXY0W0004",
        "smbiosUuid": "f5a51319-3869-4cca-8649-74b985e3a4c9",
      }
    `);
    expect(sha256Hex(hardwareHash(identity(4)))).toMatchInlineSnapshot(
      `"a92a302a006a80452dc0d2a13030adc203d6a3fd5d1f283d2b428ceb530e2beb"`,
    );
  });

  it('has the Windows that its cohort names, and nothing else of it changes', () => {
    for (const name of OS_VERSION_NAMES) {
      const os = OS_VERSIONS[name];
      const named = deviceIdentity('flotilla', 4, modelOf(4), EPOCH_MS, os);
      expect(named).toMatchObject({ osVersion: os.version, osEditionSku: WINDOWS_EDITIONS[os.edition] });
      const { osVersion, osEditionSku } = identity(4);
      expect(plain({ ...named, osVersion, osEditionSku })).toEqual(plain(identity(4)));
      const [, , build, revision] = os.version.split('.').map(Number);
      expect(decodeHardwareHash(hardwareHash(named))).toMatchObject({
        ok: true,
        value: { tool: { osBuild: { major: 10, minor: 0, build, revision } } },
      });
    }
  });

  it('repeats nothing that names a device', () => {
    const seen = new Map<string, number>();
    const names = ['serialNumber', 'smbiosUuid', 'computerName', 'hardwareDeviceId', 'productKeyId'] as const;
    for (let index = 0; index < 5000; index++) {
      const device = identity(index);
      for (const name of names) seen.set(`${name} ${device[name]}`, index);
      for (const address of device.macAddresses) seen.set(address, index);
      expect(device.computerName.length).toBeLessThanOrEqual(15);
    }
    const addresses = Array.from({ length: 5000 }, (_, index) => identity(index).macAddresses.length);
    expect(seen.size).toBe(5000 * names.length + addresses.reduce((sum, count) => sum + count, 0));
  });

  it('cannot pass for a real device: local addresses, simulated makers', () => {
    for (let index = 0; index < models.length; index++) {
      const device = identity(index);
      for (const address of device.macAddresses) expect(address).toMatch(/^[0-9A-F]2(:[0-9A-F]{2}){5}$/);
      expect(device.serialNumber).toMatch(/^SIM[0-9A-Z]{8}$/);
      expect(device.tpm.manufacturerId).toMatch(/^SIM[A-Z]$/);
      expect(device.hardwareDeviceId).toMatch(/^[0-9A-F]{64}$/);
      expect(device.smbiosUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(device.macAddresses.length).toBe(
        Number(device.hardware.adapters.ethernet) + Number(device.hardware.adapters.wifi),
      );
    }
  });
});

describe('its hardware hash', () => {
  it.each(models.map((model, index) => [model.product, index] as const))('of a %s tells what it is', (_, index) => {
    const device = identity(index);
    const text = hardwareHash(device);
    expect(text.length).toBe(4000);
    // Every hash that Windows made was seen to begin so.
    expect(text).toMatch(/^T0..AgEAHAAAAAoA/);
    const hash = decodeHardwareHash(text);
    expect(hash.ok).toBe(true);
    if (!hash.ok) return;
    const { hardware } = device;
    expect(hash.value).toMatchObject({
      trailerValid: true,
      unknown: [],
      serialNumber: device.serialNumber,
      smbiosUuid: device.smbiosUuid,
      manufacturer: hardware.manufacturer,
      product: hardware.product,
      family: hardware.family,
      productKeyId: device.productKeyId,
      processorModel: hardware.cpu.model,
      processor: { cores: hardware.cpu.cores, threads: hardware.cpu.threads, packages: 1 },
      tool: { osArchitecture: hardware.architecture === 'arm64' ? 12 : 9, collectedMs: device.hashCollectedMs },
      memory: { totalGb: device.ramGb },
      chassis: { type: hardware.chassisType, powerPlatformRole: hardware.powerPlatformRole },
    });
    expect(hash.value.networkAdapters.map(({ macAddress }) => macAddress)).toEqual(device.macAddresses);
    expect(Buffer.from(hash.value.offlineDeviceId!.value).toString('hex')).toBe(sha256Hex(hash.value.ekModulus!));
    expect(Buffer.from(hash.value.ekModulus!).equals(device.tpm.ekModulus())).toBe(true);
    expect(hash.value.tpmVersion).toMatch(
      /^TPM-Version:2\.0 -Level:0-Revision:1\.59-VendorID:'SIM[A-Z]'-Firmware:\d+\.\d+$/,
    );
  });

  it('was made some weeks before the epoch, and moves with it', () => {
    const device = identity(9);
    const ageDays = (EPOCH_MS - device.hashCollectedMs) / 86_400_000;
    expect(ageDays).toBeGreaterThanOrEqual(14);
    expect(ageDays).toBeLessThan(75);
    expect(identity(9, 'flotilla', EPOCH_MS + 60_000).hashCollectedMs).toBe(device.hashCollectedMs + 60_000);
  });
});

it('a registration row names the device as its hash does', () => {
  const device = identity(2);
  expect(registrationRow(device, { groupTag: 'wave-1' })).toEqual({
    serialNumber: device.serialNumber,
    productId: device.productKeyId,
    hardwareHash: hardwareHash(device),
    manufacturer: device.manufacturer,
    model: device.model,
    groupTag: 'wave-1',
  });
});
