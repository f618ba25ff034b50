// A hardware hash with the names of oa3tool's report where they are known, and whether its trailer is right.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64 } from '../encoding/base64.ts';
import { decodeHardwareHash } from '../autopilot/hardware-hash.ts';
import type { HardwareInventory } from '../autopilot/hardware-hash.ts';
import type { HashVersion } from '../autopilot/hardware-inventory.ts';
import { explanation } from './explainer.ts';
import type { Explanation } from './explainer.ts';
import { inputText, isRawHardwareHash } from './input.ts';
import { hex, isoTime } from './values.ts';

export function explainHardwareHash(bytes: Uint8Array): Result<Explanation> {
  const read = decodeHardwareHash(isRawHardwareHash(bytes) ? toBase64(bytes) : inputText(bytes));
  if (!read.ok) return read;
  const { trailerValid, unknown, ...inventory } = read.value;
  const records = unknown.map(({ type, offset, value }) => ({ type, offset, value: hex(value) }));
  return ok(explanation('hardware-hash', { ...explainInventory(inventory), trailerValid, unknownRecords: records }));
}

function explainInventory(inventory: HardwareInventory): object {
  const { tool, processor, memory, display, chassis, offlineDeviceId, videoMemory } = inventory;
  return {
    ...(tool && {
      ToolVersion: tool.toolVersion,
      ToolBuild: version(tool.toolBuild),
      OsType: tool.osType === 2 ? 'FullOS' : tool.osType,
      OsCpuArchitecture: architecture(tool.osArchitecture),
      OsBuild: version(tool.osBuild),
      OsSystemTime: tool.collectedMs === null ? null : isoTime(tool.collectedMs),
      OsUtcOffsetMinutes: tool.utcOffsetMinutes,
    }),
    ProcessorManufacturer: inventory.processorManufacturer,
    ProcessorModel: inventory.processorModel,
    ...(processor && {
      ProcessorArchitecture: architecture(processor.architecture),
      ProcessorPackages: processor.packages,
      ProcessorCores: processor.cores,
      ProcessorThreads: processor.threads,
      ProcessorHyperThreading: processor.hyperThreading,
    }),
    ...(memory && {
      TotalPhysicalRam: memory.totalGb,
      SmbiosRamMaximumCapacity: memory.maximumGb,
      SmbiosRamSlots: memory.slots,
      SmbiosRamArrayCount: memory.arrays,
      SmbiosRamErrorCorrection: memory.errorCorrection,
    }),
    Disks: inventory.disks.map((disk) => ({
      DiskCapacity: disk.capacityGb,
      DiskBusType: disk.bus,
      DiskRotating: disk.rotating,
    })),
    DiskSerialNumber: inventory.diskSerials,
    DiskSSNKernel: inventory.diskKernelSerial,
    MacAddress: inventory.networkAdapters.map((adapter) => adapter.macAddress),
    NetworkAdapters: inventory.networkAdapters.map((adapter) => ({
      MacAddress: adapter.macAddress,
      PhysicalMedium: adapter.medium,
      BusName: adapter.busName,
    })),
    ...(display && {
      DisplaySizePhysicalH: display.widthMm,
      DisplaySizePhysicalV: display.heightMm,
      DisplayResolutionHorizontal: display.widthPx,
      DisplayResolutionVertical: display.heightPx,
    }),
    GPUName: inventory.gpuName,
    ...(videoMemory && {
      GPUDedicatedVideoMemory: videoMemory.dedicatedVideo,
      GPUDedicatedSystemMemory: videoMemory.dedicatedSystem,
    }),
    ...(chassis && { ChassisType: chassis.type, PowerPlatformRole: chassis.powerPlatformRole }),
    ...(offlineDeviceId && {
      OfflineDeviceIdType: ['', 'TPM_EK', 'UEFI_VARIABLE_TPM'][offlineDeviceId.kind] ?? offlineDeviceId.kind,
      OfflineDeviceId: hex(offlineDeviceId.value),
    }),
    SmbiosUuid: inventory.smbiosUuid,
    SmbiosSystemManufacturer: inventory.manufacturer,
    SmbiosSystemProductName: inventory.product,
    SmbiosSystemSerialNumber: inventory.serialNumber,
    SmbiosSystemFamily: inventory.family,
    SmbiosSystemVersion: inventory.systemVersion,
    SmbiosSkuNumber: inventory.sku,
    SmbiosFirmwareVendor: inventory.firmwareVendor,
    SmbiosBoardManufacturer: inventory.boardManufacturer,
    SmbiosBoardProduct: inventory.boardProduct,
    SmbiosBoardVersion: inventory.boardVersion,
    TPMVersion: inventory.tpmVersion,
    TPMEKPub: inventory.ekModulus && hex(inventory.ekModulus),
    ProductKeyID: inventory.productKeyId,
    ProductKeyPkPn: inventory.productKeyPartNumber,
  };
}

function version({ major, minor, build, revision }: HashVersion): string {
  return `${major}.${minor}.${build}.${revision}`;
}

function architecture(id: number): string | number {
  return (
    new Map([
      [0, 'x86'],
      [9, 'x64'],
      [12, 'ARM64'],
    ]).get(id) ?? id
  );
}
