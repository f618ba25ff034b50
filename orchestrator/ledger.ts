// A run as its journal tells it: entries folded in order. The live run applies each entry as it writes it; the report
// applies the same entries from the file, so both come to the same numbers by construction.
import path from 'node:path';
import { fail, never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { decodeFrame } from '../telemetry/frames.ts';
import type { Frame } from '../telemetry/frames.ts';
import { Totals } from '../telemetry/totals.ts';
import { fleetShape } from './fleet-shape.ts';
import { readJournal } from './journal.ts';
import type { JournalEntry, JournalHeader } from './journal-entries.ts';

export const JOURNAL_FILE = 'journal';

/** Something that went wrong with the machinery of the run, as opposed to a device. */
export interface Mishap {
  readonly kind: 'shard-died' | 'backend-died' | 'reported';
  readonly message: string;
}

export class RunLedger {
  readonly header: JournalHeader;
  readonly totals: Totals;
  readonly mishaps: Mishap[] = [];
  /** By whom: `person` pressed Ctrl-C; `cut-off`: the process died and the journal has no end. */
  interrupted: 'person' | 'cut-off' | null = null;
  /** The highest that the generator's and the backend's memory have been, in bytes. */
  residentPeakBytes = 0;
  backendResidentPeakBytes = 0;
  #lastAtMs: number;

  constructor(header: JournalHeader) {
    this.header = header;
    this.totals = new Totals(fleetShape(header.plan, header.shards));
    this.#lastAtMs = header.createdAtMs;
  }

  /** The shard number under which the orchestrator reports on itself. */
  get orchestratorShard(): number {
    return this.header.shards;
  }

  /** The latest instant that any entry speaks of, in milliseconds since the epoch. */
  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  apply(entry: JournalEntry): void {
    if ('atMs' in entry) this.#saw(entry.atMs);
    switch (entry.kind) {
      case 'header':
      case 'end':
        return;
      case 'start':
        this.totals.start(entry.atMs);
        return;
      case 'frame': {
        const frame = decodeFrame(entry.bytes);
        if (frame.ok) this.applyFrame(frame.value);
        else this.totals.books.fault(`a frame in the journal cannot be read: ${frame.error.reason}`);
        return;
      }
      case 'shard-died':
        this.mishaps.push({ kind: entry.kind, message: `worker ${entry.shard} died: ${entry.message}` });
        this.totals.settle(entry.atMs, 'shard-died', entry.shard);
        return;
      case 'backend-died':
        this.mishaps.push({ kind: entry.kind, message: `the embedded backend died: ${entry.message}` });
        return;
      case 'reported':
        this.mishaps.push({ kind: entry.kind, message: `worker ${entry.shard} reports: ${entry.message}` });
        return;
      case 'interrupted':
        this.interrupted ??= 'person';
        return;
      default:
        never(entry);
    }
  }

  /** A frame that is decoded already: what `apply` does with its bytes. */
  applyFrame(frame: Frame): void {
    this.#saw(frame.sentAtMs);
    if (!this.totals.fold(frame)) return;
    const memory = (
      metric: 'flotilla_generator_resident_memory_bytes' | 'flotilla_generator_backend_resident_memory_bytes',
    ) => this.totals.gauge(metric, []);
    this.residentPeakBytes = Math.max(this.residentPeakBytes, memory('flotilla_generator_resident_memory_bytes'));
    this.backendResidentPeakBytes = Math.max(
      this.backendResidentPeakBytes,
      memory('flotilla_generator_backend_resident_memory_bytes'),
    );
  }

  /** After the last entry: an interrupted run's devices that nobody reported any more are settled by the plan. */
  close(ended: boolean): void {
    if (!ended) this.interrupted ??= 'cut-off';
    if (this.interrupted !== null) this.totals.settle(this.#lastAtMs, 'abandoned');
  }

  #saw(atMs: number): void {
    if (atMs > this.#lastAtMs) this.#lastAtMs = atMs;
  }
}

/** Folds the journal of a finished, interrupted or killed run. */
export function readLedger(directory: string): Result<{ ledger: RunLedger; damage: string | null }, string> {
  let ledger: RunLedger | undefined;
  let ended = false;
  const read = readJournal(path.join(directory, JOURNAL_FILE), (entry) => {
    if (entry.kind === 'header') ledger ??= new RunLedger(entry);
    ledger?.apply(entry);
    if (entry.kind === 'end') ended = true;
  });
  if (!read.ok) return read;
  if (ledger === undefined)
    return fail(`the journal has no header${read.value.damage ? ` (${read.value.damage})` : ''}`);
  ledger.close(ended);
  return ok({ ledger, damage: read.value.damage });
}
