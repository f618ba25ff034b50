// The "4K" Autopilot hardware hash, DeviceHardwareData (hardware-hash.md): a header "OA" with the length, type-length-value
// records, a trailer "CS" with the SHA-256 of what went before, zeros up to 3000 bytes, in base64. Little-endian throughout.
// This file is the frame; hardware-records.ts knows the records.
import { LIMITS } from '../../kernel/limits.ts';
import { assert, malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha256 } from '../encoding/digest.ts';
import type { HardwareInventory } from './hardware-inventory.ts';
import { RECORD_HEAD_BYTES } from './hardware-record-codec.ts';
import { readRecord, writeRecords } from './hardware-records.ts';

export type { HardwareInventory } from './hardware-inventory.ts';

const HASH_BYTES = 3000;
const HEADER_BYTES = 4;
const TRAILER_BYTES = 36;
const HEADER_MAGIC = 0x414f; // "OA"
const TRAILER_MAGIC = 0x00245343; // "CS", then the trailer's length

/** A record whose type, or whose form of a known type, is not known. */
export interface UnknownRecord {
  readonly type: number;
  /** Byte offset in the decoded hash. */
  readonly offset: number;
  readonly value: Uint8Array;
}

export interface DecodedHardwareHash extends HardwareInventory {
  /** Whether the trailer is there and its digest is that of the records. */
  readonly trailerValid: boolean;
  readonly unknown: readonly UnknownRecord[];
}

const buffer = Buffer.alloc(HASH_BYTES);

/** 4000 characters of base64. */
export function encodeHardwareHash(inventory: HardwareInventory): string {
  buffer.fill(0);
  buffer.writeUInt16LE(HEADER_MAGIC, 0);
  const end = writeRecords(buffer, HEADER_BYTES, inventory);
  assert(end <= HASH_BYTES - TRAILER_BYTES, `hardware records of ${end} bytes`);
  buffer.writeUInt16LE(end, 2);
  buffer.writeUInt32LE(TRAILER_MAGIC, end);
  buffer.set(sha256(buffer.subarray(0, end)), end + 4);
  return buffer.toString('base64');
}

/**
 * Reads a hash as Windows, OEM tools and generators write it: padded to 3000 bytes or not, with or without trailer, base64
 * without its final '='. The offset of an error counts characters if the base64 is at fault, bytes of the decoded hash otherwise.
 */
export function decodeHardwareHash(text: string): Result<DecodedHardwareHash> {
  const decoded = decodeBase64(text);
  if (!decoded.ok) return decoded;
  const bytes = decoded.value;
  if (bytes.length < HEADER_BYTES) return malformed(bytes.length, `${bytes.length} bytes, shorter than the header`);
  if (bytes.readUInt16LE(0) !== HEADER_MAGIC) return malformed(0, 'does not begin with "OA"');
  const end = bytes.readUInt16LE(2);
  if (end < HEADER_BYTES || end > bytes.length) {
    return malformed(2, `the header says ${end} bytes of records where ${bytes.length} bytes are there`);
  }
  const inventory: HardwareInventory = { disks: [], diskSerials: [], networkAdapters: [] };
  const unknown: UnknownRecord[] = [];
  for (let offset = HEADER_BYTES; offset < end;) {
    if (end - offset < RECORD_HEAD_BYTES) return malformed(offset, 'ends in the middle of a record');
    const type = bytes[offset]!;
    const length = bytes.readUInt16LE(offset + 2);
    if (length < RECORD_HEAD_BYTES || length > end - offset) {
      return malformed(offset + 2, `record of type ${type} says ${length} bytes where ${end - offset} are left`);
    }
    const record = bytes.subarray(offset, offset + length);
    const read = readRecord(inventory, record);
    if (!read.ok) return malformed(offset + read.error.offset, `record of type ${type}: ${read.error.reason}`);
    if (!read.value) unknown.push({ type, offset, value: record.subarray(RECORD_HEAD_BYTES) });
    offset += length;
  }
  return ok({ ...inventory, trailerValid: hasTrailer(bytes, end), unknown });
}

function decodeBase64(text: string): Result<Buffer> {
  if (text.length > LIMITS.hardwareHashCharactersMax) {
    return malformed(0, `longer than ${LIMITS.hardwareHashCharactersMax} characters`);
  }
  const trimmed = text.trim();
  const start = text.length - text.trimStart().length;
  const body = trimmed.replace(/={1,2}$/, '');
  const bad = body.search(/[^A-Za-z0-9+/]/);
  if (bad >= 0) return malformed(start + bad, `character ${JSON.stringify(body[bad])} is not base64`);
  if (body.length % 4 === 1) return malformed(start + body.length, 'base64 that ends in the middle of a byte');
  if (trimmed.length > body.length && trimmed.length % 4 !== 0) {
    return malformed(start + body.length, 'base64 with the wrong number of "="');
  }
  return ok(Buffer.from(body, 'base64'));
}

function hasTrailer(bytes: Buffer, end: number): boolean {
  return (
    bytes.length >= end + TRAILER_BYTES &&
    bytes.readUInt32LE(end) === TRAILER_MAGIC &&
    Buffer.compare(sha256(bytes.subarray(0, end)), bytes.subarray(end + 4, end + TRAILER_BYTES)) === 0
  );
}
