// What the records of a hardware hash are made of: little-endian fields at fixed places, texts and bytes.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { HashVersion } from './hardware-inventory.ts';

/** Every record begins with its type, a zero and its length, which counts these four bytes. */
export const RECORD_HEAD_BYTES = 4;

/** A value among the bytes of a record; `at` counts from the record's beginning. */
interface Field<T> {
  readonly at: number;
  readonly bytes: number;
  write(buffer: Buffer, at: number, value: T): void;
  read(buffer: Buffer, at: number): T;
}

export interface RecordCodec<T> {
  readonly type: number;
  /** Writes the record's value after its head; returns the length of the whole record. */
  write(buffer: Buffer, start: number, value: T): number;
  /** `undefined` where the form is not known. `record` is the whole record. */
  read(record: Buffer): Result<T | undefined>;
}

export function u8(at: number): Field<number> {
  return {
    at,
    bytes: 1,
    write: (buffer, at, value) => void buffer.writeUInt8(value, at),
    read: (buffer, at) => buffer.readUInt8(at),
  };
}

export function u16(at: number): Field<number> {
  return {
    at,
    bytes: 2,
    write: (buffer, at, value) => void buffer.writeUInt16LE(value, at),
    read: (buffer, at) => buffer.readUInt16LE(at),
  };
}

export function u32(at: number): Field<number> {
  return {
    at,
    bytes: 4,
    write: (buffer, at, value) => void buffer.writeUInt32LE(value, at),
    read: (buffer, at) => buffer.readUInt32LE(at),
  };
}

/** A byte that is `whenTrue` or `whenFalse`; anything but `whenFalse` reads as true. */
export function flag(at: number, whenTrue: number, whenFalse: number): Field<boolean> {
  return {
    at,
    bytes: 1,
    write: (buffer, at, value) => void buffer.writeUInt8(value ? whenTrue : whenFalse, at),
    read: (buffer, at) => buffer[at] !== whenFalse,
  };
}

/** Four u16 in the order minor, major, revision, build. */
export function version(at: number): Field<HashVersion> {
  return {
    at,
    bytes: 8,
    write: (buffer, at, { minor, major, revision, build }) => {
      buffer.writeUInt16LE(minor, at);
      buffer.writeUInt16LE(major, at + 2);
      buffer.writeUInt16LE(revision, at + 4);
      buffer.writeUInt16LE(build, at + 6);
    },
    read: (buffer, at) => ({
      minor: buffer.readUInt16LE(at),
      major: buffer.readUInt16LE(at + 2),
      revision: buffer.readUInt16LE(at + 4),
      build: buffer.readUInt16LE(at + 6),
    }),
  };
}

/** 2000-01-01T00:00:00Z, from which the hash counts seconds. */
const TIME_ZERO_MS = 946_684_800_000;

export function seconds(at: number): Field<number | null> {
  return {
    at,
    bytes: 4,
    write: (buffer, at, epochMs) =>
      void buffer.writeUInt32LE(epochMs === null ? 0 : Math.floor((epochMs - TIME_ZERO_MS) / 1000), at),
    read: (buffer, at) => {
      const count = buffer.readUInt32LE(at);
      return count === 0 ? null : TIME_ZERO_MS + count * 1000;
    },
  };
}

/** Minutes as a signed count of quarter hours. */
export function quarterHours(at: number): Field<number> {
  return {
    at,
    bytes: 1,
    write: (buffer, at, minutes) => void buffer.writeInt8(minutes / 15, at),
    read: (buffer, at) => buffer.readInt8(at) * 15,
  };
}

/** A record of fixed layout; what it leaves out between its fields is zero. */
export function layout<T extends object>(
  type: number,
  length: number,
  shape: { readonly [K in keyof T]: Field<T[K]> },
): RecordCodec<T> {
  const fields = Object.entries(shape) as [keyof T, Field<unknown>][];
  const least = Math.max(...fields.map(([, field]) => field.at + field.bytes));
  return {
    type,
    write: (buffer, start, value) => {
      for (const [name, field] of fields) field.write(buffer, start + field.at, value[name]);
      return length;
    },
    read: (record) => {
      if (record.length < least) return malformed(0, `${record.length} bytes where at least ${least} belong`);
      const value: Partial<Record<keyof T, unknown>> = {};
      for (const [name, field] of fields) value[name] = field.read(record, field.at);
      return ok(value as T);
    },
  };
}

/** A text to the end of the record; a final NUL is counted in the length and is not part of the text. */
export function text(
  type: number,
  encoding: 'utf8' | 'utf16le' = 'utf8',
  terminator: '\0' | '' = '\0',
): RecordCodec<string> {
  return {
    type,
    write: (buffer, start, value) =>
      RECORD_HEAD_BYTES + buffer.write(value + terminator, start + RECORD_HEAD_BYTES, encoding),
    read: (record) => ok(withoutNul(record.toString(encoding, RECORD_HEAD_BYTES))),
  };
}

export function withoutNul(value: string): string {
  return value.endsWith('\0') ? value.slice(0, -1) : value;
}

export function rawBytes(type: number): RecordCodec<Uint8Array> {
  return {
    type,
    write: (buffer, start, value) => {
      buffer.set(value, start + RECORD_HEAD_BYTES);
      return RECORD_HEAD_BYTES + value.length;
    },
    read: (record) => ok(Uint8Array.from(record.subarray(RECORD_HEAD_BYTES))),
  };
}
