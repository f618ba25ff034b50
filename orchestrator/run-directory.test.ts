import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { utcEpochMs } from '../kernel/calendar.ts';
import { runId, writeSummary } from './run-directory.ts';
import { goodRun, ledgerOf } from './fixtures/run.ts';
import { summarize } from './summary.ts';

describe('runId', () => {
  it('is the instant in UTC and the scenario, so that ids sort by time', () => {
    const instant = utcEpochMs({ year: 2026, month: 11, day: 21, hour: 23, minute: 59, second: 0 });
    expect(runId(instant ?? 0, 'first-run')).toBe('20261121-235900-first-run');
  });
});

describe('writeSummary', () => {
  it('writes JSON that reads back, and says when it cannot', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-summary-'));
    const summary = summarize(ledgerOf(goodRun()));
    const written = writeSummary(folder, summary);
    expect(written.ok && JSON.parse(readFileSync(written.value, 'utf8'))).toEqual(summary);
    rmSync(folder, { recursive: true });
    expect(writeSummary(folder, summary).ok).toBe(false);
  });
});
