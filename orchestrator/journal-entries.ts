// What a run's journal says, in order. Live totals and the report are both made by folding these entries (ledger.ts), so
// whatever a summary needs must be in one of them. Times are milliseconds since the epoch.
import { Packr, Unpackr } from 'msgpackr';
import { malformed, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Plan } from '../scenarios/language/plan.ts';

/** Raised when an older journal can no longer be folded. */
export const JOURNAL_VERSION = 1;

export interface JournalHeader {
  readonly kind: 'header';
  readonly journalVersion: typeof JOURNAL_VERSION;
  readonly run: string;
  /** Version of Flotilla that wrote it. */
  readonly version: string;
  readonly createdAtMs: number;
  readonly shards: number;
  /** Logical processors of the machine. */
  readonly cores: number;
  /** Without the password of the simulated people. */
  readonly plan: Plan;
}

export type JournalEntry =
  | JournalHeader
  /** The start barrier opened: time zero of the plan. */
  | { readonly kind: 'start'; readonly atMs: number }
  /** A frame of a shard (telemetry/frames.ts), or of the orchestrator itself as the shard after the last. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** A shard will say no more: its devices are settled by the plan. */
  | { readonly kind: 'shard-died'; readonly atMs: number; readonly shard: number; readonly message: string }
  | { readonly kind: 'backend-died'; readonly atMs: number; readonly message: string }
  /** An error inside a simulated device, reported by its shard. */
  | { readonly kind: 'reported'; readonly atMs: number; readonly shard: number; readonly message: string }
  | { readonly kind: 'interrupted'; readonly atMs: number }
  /** All shards have ended; nothing follows. */
  | { readonly kind: 'end'; readonly atMs: number };

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

export function encodeEntry(entry: JournalEntry): Uint8Array {
  return packr.pack(entry);
}

const KINDS: Readonly<Record<JournalEntry['kind'], true>> = {
  header: true,
  start: true,
  frame: true,
  'shard-died': true,
  'backend-died': true,
  reported: true,
  interrupted: true,
  end: true,
};

/** The bytes passed their checksum, so they are as written; of another version, or not ours, is what can be wrong. */
export function decodeEntry(bytes: Uint8Array): Result<JournalEntry> {
  try {
    const entry = unpackr.unpack(bytes) as { kind?: unknown; journalVersion?: unknown };
    if (typeof entry !== 'object' || entry === null || typeof entry.kind !== 'string' || !(entry.kind in KINDS)) {
      return malformed(0, 'not an entry of a journal');
    }
    if (entry.kind === 'header' && entry.journalVersion !== JOURNAL_VERSION) {
      return malformed(0, `journal version ${String(entry.journalVersion)}, expected ${JOURNAL_VERSION}`);
    }
    return ok(entry as JournalEntry);
  } catch (thrown) {
    return malformed(0, `not msgpack: ${messageOf(thrown)}`);
  }
}

/** A plan as it may be kept: what a person would type to sign in is left out. */
export function withoutSecrets(plan: Plan): Plan {
  return { ...plan, tenant: { ...plan.tenant, password: '' } };
}
