import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityOf } from '../../agent/device-context.ts';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { cohortIndexes } from '../../scenarios/language/shard.ts';
import { parseRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import { mintCommand } from './mint.ts';

const SCENARIO = path.join(import.meta.dirname, '../../scenarios/library/first-run.yaml');
let folder = '';
let told = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-mint-'));
  told = '';
  const hear = (text: string | Uint8Array): boolean => {
    told += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command; its exit code. */
async function run(...words: string[]): Promise<typeof process.exitCode> {
  process.exitCode = 0;
  const program = new Command();
  mintCommand(program);
  await program.parseAsync(['mint', ...words, '--out', folder], { from: 'user' });
  return process.exitCode;
}

function rows(): readonly RegistrationRow[] {
  const read = parseRegistrationCsv(readFileSync(path.join(folder, 'registration-001.csv'), 'latin1'));
  expect(read.ok).toBe(true);
  return read.ok ? read.value.rows : [];
}

describe('mint --count', () => {
  it('writes what it says', async () => {
    expect(await run('--count', '20', '--tpm')).toBe(0);
    expect(told).toBe(`minted 20 devices: 42 files in ${folder}\n`);
    expect(readdirSync(folder).sort()).toEqual(['registration-001.csv', 'tpm']);
    expect(new Set(rows().map(({ serialNumber }) => serialNumber)).size).toBe(20);
  });

  it('gives another fleet for another seed, and the same for the same', async () => {
    await run('--count', '2');
    const first = rows();
    expect(await run('--count', '2')).toBe(0);
    rmSync(path.join(folder, 'registration-001.csv'));
    await run('--count', '2', '--seed', 'other');
    expect(rows()[0]!.hardwareHash).not.toBe(first[0]!.hardwareHash);
    rmSync(path.join(folder, 'registration-001.csv'));
    await run('--count', '2', '--seed', 'flotilla');
    expect(rows()).toEqual(first);
  });

  it('leaves alone what it would not have written, and writes nothing beside it', async () => {
    writeFileSync(path.join(folder, 'registration-001.csv'), 'somebody else\n');
    expect(await run('--count', '2', '--tpm')).toBe(2);
    expect(told).toContain('registration-001.csv exists and is not what this would write');
    expect(readdirSync(folder)).toEqual(['registration-001.csv']);
    expect(readFileSync(path.join(folder, 'registration-001.csv'), 'utf8')).toBe('somebody else\n');
  });

  it.each(['0', '-1', '1.5', '200001', 'many'])('refuses a count of %s', async (count) => {
    expect(await run(`--count=${count}`)).toBe(2);
    expect(told).toContain('--count must be a whole number from 1 to 200000');
  });
});

describe('mint SCENARIO', () => {
  it('writes the devices that a run of it has, with their group tags', async () => {
    expect(await run(SCENARIO)).toBe(0);
    const compiled = compileScenarioFile(SCENARIO, { preview: true });
    expect(compiled.ok).toBe(true);
    if (!compiled.ok) return;
    const { plan } = compiled;
    const cohorts = cohortIndexes(plan);
    expect(rows().map(({ serialNumber, groupTag }) => [serialNumber, groupTag])).toEqual(
      Array.from({ length: plan.devices }, (_, index) => [
        identityOf(plan, plan.cohorts[cohorts[index]!]!, index).serialNumber,
        plan.tenant.groups[cohorts[index]!]!.tag,
      ]),
    );
  });

  it('takes another seed', async () => {
    await run(SCENARIO);
    const serialNumber = rows()[0]!.serialNumber;
    rmSync(path.join(folder, 'registration-001.csv'));
    await run(SCENARIO, '--seed', 'other');
    expect(rows()[0]!.serialNumber).not.toBe(serialNumber);
  });

  it('lists the problems of a scenario that has some', async () => {
    const scenario = path.join(folder, 'bad.yaml');
    writeFileSync(scenario, 'cohorts: none\n');
    expect(await run(scenario)).toBe(2);
    expect(told).toContain('bad.yaml:1:');
  });

  it('wants a scenario or a count, not both and not none', async () => {
    expect(await run(SCENARIO, '--count', '3')).toBe(2);
    expect(await run()).toBe(2);
    expect(told).toContain('not both');
    expect(told).toContain('give a scenario, or --count N');
  });
});
