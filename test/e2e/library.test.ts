// Each scenario of the library runs as its user would run it, only faster and with fewer devices, and ends as its own thresholds say.
// What a branch does in detail has a test of its own; here it is seen that the scenario works as a whole.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../run-scenario.ts';
import { booksBalance, command, Folder } from './command.ts';

const LIBRARY = path.join(ROOT, 'scenarios/library');
/** Those that other tests run: the README's first command, and the bench's load. */
const RUN_ELSEWHERE = new Set(['first-run', 'steady-throughput']);
const NAMES = readdirSync(LIBRARY).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []));
/** Enough for every cohort to have a few, and for shares of some percent to hit somebody. */
const DEVICES: Readonly<Record<string, number>> = { validation: 4, registration: 60, 'sign-in': 45, 'bad-day': 50 };

describe.each(NAMES.filter((name) => !RUN_ELSEWHERE.has(name)))('scenarios/library/%s.yaml', (name) => {
  const folder = new Folder('');
  afterAll(() => folder.remove());

  it('runs and passes', async () => {
    const devices = String(DEVICES[name] ?? 20);
    const scenario = path.join(LIBRARY, `${name}.yaml`);
    await command(['run', scenario, '--out', folder.out, '--devices', devices, '--speed', '5000']);
    const { verdict, thresholds, validation } = folder.summary;
    // A machine that is busy with other tests may be late; that is said, and is not the scenario's.
    expect(verdict.reasons.filter((reason) => !reason.startsWith('Generator saturated'))).toEqual([]);
    expect(thresholds.filter(({ ok }) => !ok)).toEqual([]);
    expect(validation?.lines.filter(({ ok }) => !ok) ?? []).toEqual([]);
    expect(booksBalance(folder.summary)).toBe(true);
    expect(folder.summary.planned).toBe(Number(devices));
  });
});
