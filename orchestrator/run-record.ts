// The record of a live run: every entry goes to the journal first and is folded into the ledger then, so that what is
// acknowledged survives this process and a report from the journal comes to the same numbers.
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { decodeFrame, encodeFrame } from '../telemetry/frames.ts';
import type { Frame } from '../telemetry/frames.ts';
import type { JournalWriter } from './journal.ts';
import type { JournalEntry, JournalHeader } from './journal-entries.ts';
import { RunLedger } from './ledger.ts';

export class RunRecord {
  readonly ledger: RunLedger;
  readonly #journal: JournalWriter;
  readonly #onJournalFailure: (reason: string) => void;
  #closed = false;

  /** `onJournalFailure`: an entry could not be written (a full disk); frames are not acknowledged any more. */
  constructor(header: JournalHeader, journal: JournalWriter, onJournalFailure: (reason: string) => void) {
    this.ledger = new RunLedger(header);
    this.#journal = journal;
    this.#onJournalFailure = onJournalFailure;
    this.#write(header);
  }

  add(entry: Exclude<JournalEntry, { kind: 'frame' | 'header' }>): void {
    if (this.#write(entry)) this.ledger.apply(entry);
  }

  /** Keeps a frame from the wire: the sequence up to which the shard's frames are kept, or why this one is refused. */
  keepFrame(shard: number, bytes: Uint8Array): Result<number, string> {
    if (this.#closed) return fail('the run is over');
    const frame = decodeFrame(bytes);
    if (!frame.ok) return fail(frame.error.reason);
    if (frame.value.shard !== shard) return fail(`a frame of shard ${frame.value.shard} from shard ${shard}`);
    const last = this.ledger.totals.lastSequence(shard);
    if (frame.value.sequence <= last) return ok(last);
    if (frame.value.sequence > last + 1) return fail(`frame ${last + 1} is missing`);
    if (!this.#write({ kind: 'frame', bytes })) return fail('the journal cannot be written');
    this.ledger.applyFrame(frame.value);
    return ok(frame.value.sequence);
  }

  /** Keeps a frame of the orchestrator itself. */
  keepOwnFrame(frame: Frame): void {
    if (this.#write({ kind: 'frame', bytes: encodeFrame(frame) })) this.ledger.applyFrame(frame);
  }

  /** The last entry; nothing is taken afterwards. */
  end(atMs: number): void {
    this.add({ kind: 'end', atMs });
    this.ledger.close(true);
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#journal.close();
  }

  #write(entry: JournalEntry): boolean {
    if (this.#closed) return false;
    const written = this.#journal.append(entry);
    if (!written.ok) this.#onJournalFailure(written.error);
    return written.ok;
  }
}
