import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalWriter, readJournal } from './journal.ts';
import type { JournalEnd } from './journal.ts';
import type { JournalEntry } from './journal-entries.ts';
import { sampleHeader } from './fixtures/run.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-journal-'));
  file = path.join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(entries: readonly JournalEntry[]): void {
  const writer = JournalWriter.create(file);
  if (!writer.ok) throw new Error(writer.error);
  for (const entry of entries) expect(writer.value.append(entry)).toEqual({ ok: true, value: null });
  writer.value.close();
}

function read(): { entries: JournalEntry[]; end: JournalEnd } {
  const entries: JournalEntry[] = [];
  const end = readJournal(file, (entry) => entries.push(entry));
  if (!end.ok) throw new Error(end.error);
  return { entries, end: end.value };
}

const ENTRIES: readonly JournalEntry[] = [
  sampleHeader(),
  { kind: 'start', atMs: 1_000 },
  { kind: 'frame', bytes: Buffer.from([1, 2, 3]) },
  { kind: 'shard-died', atMs: 2_000, shard: 1, message: 'out of memory' },
  { kind: 'interrupted', atMs: 2_500 },
  { kind: 'end', atMs: 3_000 },
];

describe('journal', () => {
  it('is read as it was written', () => {
    write(ENTRIES);
    expect(read()).toEqual({ entries: ENTRIES, end: { entries: ENTRIES.length, damage: null } });
  });

  it('gives every whole record when it is cut anywhere, and says that it was cut', () => {
    write(ENTRIES);
    const whole = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        writeFileSync(file, whole);
        truncateSync(file, length);
        const { entries, end } = read();
        expect(entries).toEqual(ENTRIES.slice(0, entries.length));
        expect(end.entries).toBe(entries.length);
        const complete = recordEnds(whole).filter((at) => at <= length);
        expect(entries).toHaveLength(complete.length);
        expect(end.damage === null).toBe(length === 0 || complete.at(-1) === length);
      }),
    );
  });

  it('stops at the first record that was changed', () => {
    write(ENTRIES);
    const whole = readFileSync(file);
    const ends = recordEnds(whole);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        writeFileSync(file, bytes);
        const { entries, end } = read();
        expect(entries).toEqual(ENTRIES.slice(0, ends.filter((recordEnd) => recordEnd <= at).length));
        expect(end.damage).toMatch(/^at byte \d+: /);
      }),
    );
  });

  it('does not allocate what a damaged length asks for', () => {
    write(ENTRIES.slice(0, 1));
    appendFileSync(file, Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
    expect(read().end.damage).toContain('impossible length');
  });

  it('of another version is not read', () => {
    write([{ ...sampleHeader(), journalVersion: 2 as 1 }]);
    expect(read().end).toEqual({ entries: 0, damage: 'at byte 0: journal version 2, expected 1' });
  });

  it('says why a file cannot be read or written', () => {
    expect(readJournal(path.join(folder, 'missing'), () => {})).toMatchObject({ ok: false });
    expect(JournalWriter.create(path.join(folder, 'missing', 'journal'))).toMatchObject({ ok: false });
  });

  it('takes nothing after it was closed', () => {
    const writer = JournalWriter.create(file);
    if (!writer.ok) throw new Error(writer.error);
    writer.value.close();
    expect(writer.value.append({ kind: 'end', atMs: 1 })).toEqual({ ok: false, error: 'the journal is closed' });
  });
});

/** Where each record ends: length, checksum, payload. */
function recordEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length;) {
    at += 8 + bytes.readUInt32LE(at);
    ends.push(at);
  }
  return ends;
}
