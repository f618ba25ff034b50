// Where a run leaves its files: runs/<id> in the working directory, or the folder that was asked for. The id sorts by time.
import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { utcTime } from '../kernel/calendar.ts';
import { fail, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { TraceEntry } from '../telemetry/messages.ts';
import { JOURNAL_FILE } from './ledger.ts';
import type { Summary } from './summary.ts';

export const SUMMARY_FILE = 'summary.json';
const RUNS = 'runs';

export interface RunDirectory {
  /** The id of the run. */
  readonly run: string;
  /** As it is printed: relative where the person said so. */
  readonly path: string;
}

/** "20261121-235900-first-run" (UTC). */
export function runId(wallMs: number, scenario: string): string {
  const { year, month, day, hour, minute, second } = utcTime(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}${two(month)}${two(day)}-${two(hour)}${two(minute)}${two(second)}-${scenario}`;
}

/** Makes the folder; two runs that start in the same second get different ids. */
export function createRunDirectory(
  clock: Clock,
  scenario: string,
  out: string | undefined,
): Result<RunDirectory, string> {
  const id = runId(clock.wallMs(), scenario);
  try {
    if (out !== undefined) {
      mkdirSync(out, { recursive: true });
      return ok({ run: id, path: out });
    }
    mkdirSync(RUNS, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const run = attempt === 1 ? id : `${id}-${attempt}`;
      const directory = path.join(RUNS, run);
      if (existsSync(directory)) continue;
      mkdirSync(directory);
      return ok({ run, path: directory });
    }
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}

export function journalPath(directory: string): string {
  return path.join(directory, JOURNAL_FILE);
}

/** Writes summary.json so that a reader sees the old one or the new one, never half of it. */
export function writeSummary(directory: string, summary: Summary): Result<string, string> {
  const file = path.join(directory, SUMMARY_FILE);
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(summary, null, 2)}\n`);
    renameSync(`${file}.new`, file);
    return ok(file);
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}

export function tracePath(directory: string, device: number): string {
  return path.join(directory, `trace-${device}.jsonl`);
}

/** Adds exchanges of a traced device, one line of JSON each. */
export function appendTrace(directory: string, device: number, entries: readonly TraceEntry[]): Result<null, string> {
  try {
    appendFileSync(tracePath(directory, device), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    return ok(null);
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}
