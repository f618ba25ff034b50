// The validation list as an administrator meets it: in the terminal, in summary.json and as an exit code.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, Folder } from './command.ts';

const SCENARIO = `name: trial
speed: 3000
arrivals: { kind: at-once }
validation: user-driven
cohorts:
  - name: trial
    count: 2
    esp: { device: { policies: 2 }, user: { policies: 1 } }
`;

describe('row 31: the validation list of user-driven mode', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder(SCENARIO);
  });
  afterEach(() => folder.remove());

  it('has a verdict for each line', async () => {
    const { exitCode, stderr, stdout } = await command(['run', folder.scenario, '--out', folder.out]);
    const lines = (stderr + stdout).split('\n').filter((line) => /^ {2}passed +\d+ /.test(line));
    expect(lines).toHaveLength(11);
    expect(folder.summary.validation).toMatchObject({ list: 'user-driven', lines: lines.map(() => ({ ok: true })) });
    expect(exitCode).toBe(0);
  });

  it('misses a line with the code that explains it, and what comes after it for want of devices', async () => {
    folder.remove();
    folder = new Folder(`${SCENARIO}faults: [{ fault: join-quota }]\n`);
    const { exitCode, stderr, stdout } = await command(['run', folder.scenario, '--out', folder.out]);
    expect(stderr + stdout).toContain('2 × 0x801c000e (flotilla explain 0x801c000e)');
    const missed = folder.summary.validation?.lines.filter(({ ok }) => !ok) ?? [];
    expect(missed.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(missed[1]).toMatchObject({ failures: [], reason: 'no device came this far' });
    expect(exitCode).toBe(3);
  });
});
