// The records of a hardware hash: for each member of the inventory its type number and how its value is written and read
// (hardware-hash.md, section 2). What is not understood is left to the caller as unknown.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { HardwareInventory, HashNetworkAdapter } from './hardware-inventory.ts';
import {
  flag,
  layout,
  quarterHours,
  rawBytes,
  RECORD_HEAD_BYTES,
  seconds,
  text,
  u16,
  u32,
  u8,
  version,
  withoutNul,
} from './hardware-record-codec.ts';
import type { RecordCodec } from './hardware-record-codec.ts';

const EK_BYTES = 256;

/** Type 25: the modulus as it is; some generators write it as base64 in a text record. */
const EK_MODULUS: RecordCodec<Uint8Array> = {
  ...rawBytes(25),
  read: (record) => {
    if (record.length === RECORD_HEAD_BYTES + EK_BYTES) return rawBytes(25).read(record);
    const decoded = Buffer.from(withoutNul(record.toString('latin1', RECORD_HEAD_BYTES)), 'base64');
    return ok(decoded.length === EK_BYTES ? Uint8Array.from(decoded) : undefined);
  },
};

const MAC_AT = 8;
const MAC_BYTES = 6;
const BUS_NAME_LENGTH_AT = MAC_AT + MAC_BYTES;
const BUS_NAME_AT = BUS_NAME_LENGTH_AT + 4;

/** Type 8: the record may end after the address, or go on with the length and text of the bus name. */
const NETWORK_ADAPTER: RecordCodec<HashNetworkAdapter> = {
  type: 8,
  write: (buffer, start, { medium, macAddress, busName }) => {
    buffer.writeUInt8(medium, start + 4);
    buffer.write(macAddress.replaceAll(':', ''), start + MAC_AT, 'hex');
    if (busName === null) return BUS_NAME_LENGTH_AT;
    const nameBytes = buffer.write(`${busName}\0`, start + BUS_NAME_AT, 'utf16le');
    buffer.writeUInt32LE(nameBytes, start + BUS_NAME_LENGTH_AT);
    return BUS_NAME_AT + nameBytes;
  },
  read: (record) => {
    if (record.length < BUS_NAME_LENGTH_AT) return malformed(0, `${record.length} bytes, too short for an address`);
    const address = record.toString('hex', MAC_AT, BUS_NAME_LENGTH_AT).toUpperCase();
    const adapter = { medium: record.readUInt8(4), macAddress: address.match(/../g)!.join(':') };
    if (record.length < BUS_NAME_AT) return ok({ ...adapter, busName: null });
    const end = BUS_NAME_AT + record.readUInt32LE(BUS_NAME_LENGTH_AT);
    if (end > record.length) return malformed(BUS_NAME_LENGTH_AT, 'a bus name longer than the record');
    return ok({ ...adapter, busName: withoutNul(record.toString('utf16le', BUS_NAME_AT, end)) });
  },
};

const DEVICE_ID_AT = 14;

const OFFLINE_DEVICE_ID: RecordCodec<{ readonly kind: number; readonly value: Uint8Array }> = {
  type: 11,
  write: (buffer, start, { kind, value }) => {
    buffer.writeUInt16LE(kind, start + 8);
    buffer.writeUInt32LE(value.length, start + 10);
    buffer.set(value, start + DEVICE_ID_AT);
    return DEVICE_ID_AT + value.length;
  },
  read: (record) => {
    if (record.length < DEVICE_ID_AT)
      return malformed(0, `${record.length} bytes where at least ${DEVICE_ID_AT} belong`);
    const end = DEVICE_ID_AT + record.readUInt32LE(10);
    if (end > record.length) return malformed(10, 'an identifier longer than the record');
    return ok({ kind: record.readUInt16LE(8), value: Uint8Array.from(record.subarray(DEVICE_ID_AT, end)) });
  },
};

/** Type 12: the order of Guid.ToByteArray, which has the first three groups little-endian. */
const SMBIOS_UUID: RecordCodec<string> = {
  type: 12,
  write: (buffer, start, uuid) => {
    buffer.write(uuid.replaceAll('-', ''), start + 4, 'hex');
    swapGuid(buffer.subarray(start + 4));
    return 20;
  },
  read: (record) => {
    if (record.length !== 20) return malformed(0, `${record.length} bytes where 20 belong`);
    const bytes = Buffer.from(record.subarray(4));
    swapGuid(bytes);
    return ok(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  },
};

function swapGuid(bytes: Buffer): void {
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
}

type Item<T> = T extends Uint8Array ? T : T extends readonly (infer I)[] ? I : T;

/** In the order that a real hash was seen to have; types that it lacked follow. */
const RECORDS: { readonly [K in keyof HardwareInventory]-?: RecordCodec<Item<NonNullable<HardwareInventory[K]>>> } = {
  tool: layout(1, 28, {
    toolBuild: version(4),
    osBuild: version(12),
    collectedMs: seconds(20),
    utcOffsetMinutes: quarterHours(24),
    osType: u8(25),
    osArchitecture: u8(26),
    toolVersion: u8(27),
  }),
  processor: layout(2, 16, {
    architecture: u16(4),
    packages: u16(6),
    cores: u16(8),
    threads: u16(10),
    hyperThreading: flag(12, 1, 0),
  }),
  memory: layout(5, 25, {
    totalGb: u32(4),
    maximumGb: u32(12),
    slots: u16(20),
    arrays: u16(22),
    errorCorrection: u8(24),
  }),
  processorManufacturer: text(3),
  processorModel: text(4),
  disks: layout(6, 16, { capacityGb: u32(4), bus: u8(12), rotating: flag(14, 0xff, 0) }),
  diskSerials: text(7, 'utf8', ''),
  networkAdapters: NETWORK_ADAPTER,
  display: layout(9, 16, { widthMm: u16(4), heightMm: u16(6), widthPx: u16(8), heightPx: u16(10) }),
  record27: rawBytes(27),
  chassis: layout(10, 9, { type: u8(4), powerPlatformRole: u8(5) }),
  tpmVersion: text(13),
  ekModulus: EK_MODULUS,
  offlineDeviceId: OFFLINE_DEVICE_ID,
  smbiosUuid: SMBIOS_UUID,
  serialNumber: text(14),
  firmwareVendor: text(15),
  manufacturer: text(16),
  product: text(17),
  sku: text(18),
  family: text(19),
  boardManufacturer: text(20),
  boardProduct: text(21),
  boardVersion: text(22),
  systemVersion: text(23),
  productKeyId: text(24),
  productKeyPartNumber: text(26),
  diskKernelSerial: text(28),
  videoMemory: layout(29, 12, { dedicatedVideo: u32(4), dedicatedSystem: u32(8) }),
  gpuName: text(30, 'utf16le'),
};

const ENTRIES = Object.entries(RECORDS) as [keyof HardwareInventory, RecordCodec<unknown>][];
const ENTRY_OF_TYPE = new Map(ENTRIES.map((entry) => [entry[1].type, entry]));

/** Writes every record that the inventory has into a zeroed buffer; returns the offset after the last. */
export function writeRecords(buffer: Buffer, offset: number, inventory: HardwareInventory): number {
  let at = offset;
  for (const [member, codec] of ENTRIES) {
    const value = inventory[member];
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const length = codec.write(buffer, at, item);
      buffer[at] = codec.type;
      buffer.writeUInt16LE(length, at + 2);
      at += length;
    }
  }
  return at;
}

/** Reads a whole record into the inventory: true if it was understood. */
export function readRecord(
  inventory: Partial<Record<keyof HardwareInventory, unknown>>,
  record: Buffer,
): Result<boolean> {
  const entry = ENTRY_OF_TYPE.get(record[0]!);
  if (entry === undefined) return ok(false);
  const [member, codec] = entry;
  const read = codec.read(record);
  if (!read.ok) return read;
  if (read.value === undefined) return ok(false);
  const present = inventory[member];
  if (Array.isArray(present)) present.push(read.value);
  else inventory[member] = read.value;
  return ok(true);
}
