// What must not happen happens: the backend dies, a worker dies or runs out of memory, the whole process is killed. Each
// is reported, the books still balance, and the exit code tells.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { booksBalance, command, Folder, startCommand } from './command.ts';
import { SABOTAGE } from './sabotage.ts';

const SCENARIO = `name: faults
speed: 300
arrivals: { kind: constant, rate: 4/s }
cohorts:
  - name: all
    count: 40
    networks: { loopback: 1 }
    esp: { device: { policies: 3 }, user: { policies: 2 } }
`;

let folder: Folder;
afterEach(() => folder.remove());

/** Runs the scenario and, once it has started, ends the victim (sabotage.ts); how the run ended. */
async function runWithout(victim: string, ...more: string[]): Promise<{ exitCode: unknown; stdout: string }> {
  folder = new Folder(SCENARIO);
  const trigger = path.join(folder.path, 'now');
  const run = startCommand(['run', folder.scenario, '--out', folder.out, ...more], {
    NODE_OPTIONS: `--import ${SABOTAGE}`,
    FLOTILLA_SABOTAGE: victim,
    FLOTILLA_SABOTAGE_TRIGGER: trigger,
  });
  await run.until(/started \d/);
  writeFileSync(trigger, '');
  const exitCode = await run.ended;
  return { exitCode, stdout: run.stdout() };
}

describe('when the backend dies', () => {
  it('says so, devices fail with a code, the run goes on and is invalid', async () => {
    const { exitCode, stdout } = await runWithout('backend');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('The embedded backend died (signal SIGKILL)');
    const { verdict, failures, failed, planned, started } = folder.summary;
    expect(verdict.result).toBe('invalid');
    expect(verdict.reasons[0]).toBe('The embedded backend died: signal SIGKILL.');
    expect(started).toBe(planned);
    expect(failed).toBeGreaterThan(0);
    expect(failures.map(({ code }) => code)).toContain('connect-refused');
    expect(booksBalance(folder.summary)).toBe(true);
  });
});

describe('when worker threads die', () => {
  it.each([
    ['by an exit', 'worker'],
    ['of an error that nobody caught', 'error'],
  ])('%s, their devices are settled by the plan', async (_how, victim) => {
    const { exitCode, stdout } = await runWithout(victim, '--threads', '2');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/Worker [01] died \(.+\); its devices are settled by the plan\./);
    const { abandoned, verdict, failures } = folder.summary;
    expect(verdict.result).toBe('invalid');
    expect(abandoned).toBeGreaterThan(0);
    expect(failures.find(({ code }) => code === 'shard-died')?.count).toBe(abandoned);
    expect(booksBalance(folder.summary)).toBe(true);
  });
});

describe('when the process is killed', () => {
  it('leaves a journal from which a report is made', async () => {
    folder = new Folder(SCENARIO);
    const run = startCommand(['run', folder.scenario, '--out', folder.out]);
    await run.until(/started [1-9]\d*\/40/);
    run.child.kill('SIGKILL');
    expect(await run.ended).toBe('SIGKILL');
    expect(folder.hasSummary).toBe(false);

    const report = await command(['report', folder.out]);
    expect(report.exitCode).toBe(0);
    expect(report.stdout).toContain('INTERRUPTED');
    expect(report.stdout).toContain('The run was cut off: its journal has no end.');
    expect(folder.summary.started).toBeGreaterThan(0);
    expect(folder.summary.verdict.result).toBe('interrupted');
    expect(booksBalance(folder.summary)).toBe(true);
  });
});
