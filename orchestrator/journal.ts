// The journal of a run: a file of records, each its length, its CRC-32 and its bytes. Written with plain writes and no
// fsync: what was written survives the death of the process, and a torn last record is seen by its checksum. Reading stops
// at the first record that is not whole and says so. It does not know what the entries mean.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { LIMITS } from '../kernel/limits.ts';
import { fail, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { decodeEntry, encodeEntry } from './journal-entries.ts';
import type { JournalEntry } from './journal-entries.ts';

const HEAD_BYTES = 8;

export class JournalWriter {
  readonly path: string;
  readonly #file: number;
  #closed = false;

  private constructor(path: string, file: number) {
    this.path = path;
    this.#file = file;
  }

  /** Creates the file, or empties it. */
  static create(path: string): Result<JournalWriter, string> {
    try {
      return ok(new JournalWriter(path, openSync(path, 'w')));
    } catch (thrown) {
      return fail(messageOf(thrown));
    }
  }

  /** When this returns ok, the entry is the kernel's: the death of this process does not lose it. */
  append(entry: JournalEntry): Result<null, string> {
    if (this.#closed) return fail('the journal is closed');
    const payload = encodeEntry(entry);
    const record = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
    record.writeUInt32LE(payload.length, 0);
    record.writeUInt32LE(crc32(payload), 4);
    record.set(payload, HEAD_BYTES);
    try {
      for (let written = 0; written < record.length;) written += writeSync(this.#file, record, written);
      return ok(null);
    } catch (thrown) {
      return fail(messageOf(thrown));
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}

/** How reading ended: `damage` says what stopped it before the end of the file. */
export interface JournalEnd {
  readonly entries: number;
  readonly damage: string | null;
}

/** Gives each whole record to `take`, in order. Fails only when the file cannot be read at all. */
export function readJournal(path: string, take: (entry: JournalEntry) => void): Result<JournalEnd, string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    let offset = 0;
    for (let entries = 0; ; entries++) {
      const stoppedBy = (reason: string): Result<JournalEnd, string> =>
        ok({ entries, damage: `at byte ${offset}: ${reason}` });
      const headBytes = readFully(file, head, offset);
      if (headBytes === 0) return ok({ entries, damage: null });
      if (headBytes < HEAD_BYTES) return stoppedBy('the last record is cut off');
      const length = head.readUInt32LE(0);
      if (length > LIMITS.journalRecordBytesMax) return stoppedBy('a record has an impossible length');
      const payload = Buffer.alloc(length);
      if (readFully(file, payload, offset + HEAD_BYTES) < length) return stoppedBy('the last record is cut off');
      if (crc32(payload) !== head.readUInt32LE(4)) return stoppedBy('the checksum of a record is wrong');
      const entry = decodeEntry(payload);
      if (!entry.ok) return stoppedBy(entry.error.reason);
      take(entry.value);
      offset += HEAD_BYTES + length;
    }
  } catch (thrown) {
    return fail(messageOf(thrown));
  } finally {
    closeSync(file);
  }
}

/** Fills `into` from `position`; fewer bytes only at the end of the file. */
function readFully(file: number, into: Buffer, position: number): number {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(file, into, filled, into.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
