// Ctrl-C once: no more arrivals, devices in flight finish for a bounded time, everything is written. Twice: write and go.
import { afterEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { booksBalance, Folder, startCommand } from './command.ts';

/** Slow enough that no device gets to the desktop within the time that Ctrl-C leaves it, unless `speed` makes it so. */
function scenario(speed: number): string {
  return `name: signals
speed: ${speed}
arrivals: { kind: constant, rate: 4/s }
cohorts: [{ name: all, count: 200, networks: { loopback: 1 } }]
`;
}

let folder: Folder;
afterEach(() => folder.remove());

function start(speed: number) {
  folder = new Folder(scenario(speed));
  return startCommand(['run', folder.scenario, '--out', folder.out]);
}

describe('Ctrl-C', () => {
  it('once lets devices in flight finish', async () => {
    const run = start(1_000);
    await run.until(/started \d\d\/200/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    const { succeeded, abandoned, notStarted, verdict } = folder.summary;
    expect(verdict.reasons[0]).toBe('The run was interrupted.');
    expect(succeeded).toBeGreaterThan(0);
    expect(abandoned).toBe(0);
    expect(notStarted).toBeGreaterThan(100);
    expect(booksBalance(folder.summary)).toBe(true);
    expect(run.stdout()).toContain('INTERRUPTED');
  });

  it('once abandons what does not finish in time', async () => {
    const run = start(1);
    await run.until(/started \d\d\/200/);
    const beganMs = performance.now();
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    const tookMs = performance.now() - beganMs;
    expect(tookMs).toBeGreaterThan(LIMITS.drainMs - 500);
    expect(tookMs).toBeLessThan(LIMITS.drainMs + LIMITS.abandonMs + LIMITS.byeWithinMs + 5_000);
    expect(folder.summary.abandoned).toBeGreaterThan(0);
    expect(booksBalance(folder.summary)).toBe(true);
  });

  it('twice writes what is known and goes', async () => {
    const run = start(1);
    await run.until(/started \d\d\/200/);
    run.child.kill('SIGINT');
    const beganMs = performance.now();
    setTimeout(() => run.child.kill('SIGINT'), 200);
    expect(await run.ended).toBe(130);
    expect(performance.now() - beganMs).toBeLessThan(LIMITS.drainMs);
    expect(folder.summary.verdict.result).toBe('interrupted');
    expect(folder.summary.abandoned).toBeGreaterThan(0);
    expect(booksBalance(folder.summary)).toBe(true);
  });

  it('before the start ends without a run', async () => {
    const run = start(1);
    await run.until(/Metrics at/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
  });
});
