// What must not happen happens: the backend dies, a worker dies or runs out of memory, the whole process is killed. Each
// is reported, the books still balance, and the exit code tells.
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { booksBalance, command, Folder, startCommand } from './command.ts';

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

function sabotage(what: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${path.join(import.meta.dirname, 'sabotage.ts')} --max-old-space-size=300`,
    FLOTILLA_SABOTAGE: what,
  };
}

function runArguments(...more: string[]): string[] {
  folder = new Folder(SCENARIO);
  return ['run', folder.scenario, '--out', folder.out, ...more];
}

describe('when the backend dies', () => {
  it('says so, devices fail with a code, the run goes on and is invalid', async () => {
    const { exitCode, stdout } = await command(runArguments(), sabotage('backend:5000'));
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
    ['by an exit', 'worker:5000'],
    ['of lack of memory', 'memory:5000'],
  ])('%s, their devices are settled by the plan', async (_how, what) => {
    const { exitCode, stdout } = await command(runArguments('--threads', '2'), sabotage(what));
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/Worker [01] died \(.+\); its devices are settled by the plan\./);
    const { abandoned, notStarted, verdict, failures } = folder.summary;
    expect(verdict.result).toBe('invalid');
    expect(abandoned).toBeGreaterThan(0);
    expect(notStarted).toBeGreaterThan(0);
    expect(failures.find(({ code }) => code === 'shard-died')?.count).toBe(abandoned);
    expect(booksBalance(folder.summary)).toBe(true);
  });
});

describe('when the process is killed', () => {
  it('leaves a journal from which a report is made, and no process behind', async () => {
    const run = startCommand(runArguments('--metrics-port', '9471'));
    await run.until(/started [1-9]\d*\/40/);
    const metrics = await fetch('http://127.0.0.1:9471/metrics');
    expect(metrics.ok).toBe(true);
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
