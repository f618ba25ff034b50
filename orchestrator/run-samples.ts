// A small plan and the journal entries of runs of it, for tests: six devices, one each 100 ms, two shards.
import { compileScenario } from '../scenarios/language/compile.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { encodeFrame } from '../telemetry/frames.ts';
import type { Frame } from '../telemetry/frames.ts';
import { Histogram } from '../telemetry/histogram.ts';
import { sampleFrame, sampleRecord } from '../telemetry/record-samples.ts';
import type { DeviceRecord } from '../telemetry/records.ts';
import { assert } from '../kernel/result.ts';
import { JOURNAL_VERSION } from './journal-entries.ts';
import type { JournalEntry, JournalHeader } from './journal-entries.ts';
import { RunLedger } from './ledger.ts';

const SCENARIO = `
name: sample
seed: sample
speed: 10
arrivals: { kind: constant, rate: 10/s }
cohorts:
  - { name: office, site: main, count: 6 }
`;

export const SAMPLE_START_MS = 1_800_000_000_000;
export const SAMPLE_SHARDS = 2;

export function samplePlan(changes: Partial<Plan> = {}): Plan {
  const compiled = compileScenario({ path: 'sample.yaml', text: SCENARIO });
  assert(compiled.ok, 'the sample compiles');
  return { ...compiled.plan, ...changes };
}

export function sampleHeader(plan: Plan = samplePlan()): JournalHeader {
  return {
    kind: 'header',
    journalVersion: JOURNAL_VERSION,
    run: '20270115-080000-sample',
    version: '0.0.0',
    createdAtMs: SAMPLE_START_MS - 500,
    shards: SAMPLE_SHARDS,
    cores: 2,
    plan,
  };
}

export function frameEntry(changes: Partial<Frame>): JournalEntry {
  return { kind: 'frame', bytes: encodeFrame(sampleFrame({ sentAtMs: SAMPLE_START_MS + 1_000, ...changes })) };
}

export function observations(...seconds: number[]): Frame['histograms'][number]['delta'] {
  const histogram = new Histogram();
  for (const value of seconds) histogram.record(value);
  return histogram.takeDelta();
}

/** The devices of a shard, started on time and finished after 20 s as `record` says. */
export function wholeShard(
  shard: number,
  record: (index: number) => Partial<DeviceRecord> = () => ({}),
  changes: Partial<Frame> = {},
): JournalEntry {
  const indexes = [0, 1, 2, 3, 4, 5].filter((index) => index % SAMPLE_SHARDS === shard);
  return frameEntry({
    shard,
    sentAtMs: SAMPLE_START_MS + 21_000,
    started: indexes.map((index) => ({ index, latenessMs: 1 })),
    finished: indexes.map((index) => ({
      atMs: SAMPLE_START_MS + 20_000 + index * 100,
      record: sampleRecord({ index, intendedStartMs: index * 100, ...record(index) }),
    })),
    histograms: [
      { metric: 'flotilla_arrival_lateness_seconds', labels: [], delta: observations(...indexes.map(() => 0.001)) },
      ...(changes.histograms ?? []),
    ],
    counters: [
      { metric: 'flotilla_mdm_enrollments_total', labels: ['office', 'main', 'entra-join'], value: indexes.length },
      ...(changes.counters ?? []),
    ],
  });
}

/** A run in which all went well, without its header and end. */
export function goodRun(): JournalEntry[] {
  return [{ kind: 'start', atMs: SAMPLE_START_MS }, wholeShard(0), wholeShard(1)];
}

/** The ledger of a run that ended after these entries. */
export function ledgerOf(entries: readonly JournalEntry[], plan?: Plan): RunLedger {
  const ledger = new RunLedger(sampleHeader(plan));
  for (const entry of entries) ledger.apply(entry);
  ledger.apply({ kind: 'end', atMs: SAMPLE_START_MS + 30_000 });
  ledger.close(true);
  return ledger;
}
