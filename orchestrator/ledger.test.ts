import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalWriter } from './journal.ts';
import type { JournalEntry } from './journal-entries.ts';
import { JOURNAL_FILE, readLedger } from './ledger.ts';
import { frameEntry, goodRun, ledgerOf, SAMPLE_START_MS, sampleHeader, wholeShard } from './fixtures/run.ts';
import { summarize } from './summary.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(entries: readonly JournalEntry[]): void {
  const writer = JournalWriter.create(path.join(folder, JOURNAL_FILE));
  if (!writer.ok) throw new Error(writer.error);
  for (const entry of entries) writer.value.append(entry);
  writer.value.close();
}

const END: JournalEntry = { kind: 'end', atMs: SAMPLE_START_MS + 30_000 };

describe('RunLedger', () => {
  it('comes to the same summary from the file as from the live entries', () => {
    write([sampleHeader(), ...goodRun(), END]);
    const read = readLedger(folder);
    expect(read.ok && summarize(read.value.ledger)).toEqual(summarize(ledgerOf(goodRun())));
  });

  it('settles the devices of a shard that died, and takes it for a mishap', () => {
    const ledger = ledgerOf([
      { kind: 'start', atMs: SAMPLE_START_MS },
      wholeShard(1),
      frameEntry({ shard: 0, started: [{ index: 0, latenessMs: 0 }] }),
      { kind: 'shard-died', atMs: SAMPLE_START_MS + 250, shard: 0, message: 'heap out of memory' },
    ]);
    expect(ledger.totals.books.counts()).toMatchObject({ started: 5, succeeded: 3, abandoned: 2, notStarted: 1 });
    expect(ledger.totals.books.imbalance()).toEqual([]);
    expect(ledger.mishaps).toEqual([{ kind: 'shard-died', message: 'worker 0 died: heap out of memory' }]);
  });

  it('settles everything in the journal of a run that was killed', () => {
    write([sampleHeader(), { kind: 'start', atMs: SAMPLE_START_MS }, wholeShard(1)]);
    const read = readLedger(folder);
    if (!read.ok) throw new Error(read.error);
    const { ledger } = read.value;
    expect(ledger.interrupted).toBe('cut-off');
    expect(ledger.totals.books.counts()).toMatchObject({ started: 6, succeeded: 3, abandoned: 3 });
    expect(ledger.totals.books.imbalance()).toEqual([]);
  });

  it('remembers the highest memory, whatever it fell to', () => {
    const memory = (sequence: number, value: number): JournalEntry =>
      frameEntry({
        shard: 2,
        sequence,
        gauges: [{ metric: 'flotilla_generator_resident_memory_bytes', labels: [], value }],
      });
    expect(ledgerOf([memory(1, 100), memory(2, 300), memory(3, 200)]).residentPeakBytes).toBe(300);
  });

  it('does not read a journal without a header', () => {
    write(goodRun());
    expect(readLedger(folder)).toEqual({ ok: false, error: 'the journal has no header' });
  });
});
