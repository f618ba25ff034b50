import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Command } from 'commander';
import { checkCommand } from './check.ts';
import { planCommand } from './plan.ts';

const FIRST_RUN = new URL('../../scenarios/library/first-run.yaml', import.meta.url).pathname;
let written: { out: string; err: string };

beforeEach(() => {
  written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function flotilla(...words: string[]): typeof process.exitCode {
  const program = new Command().exitOverride();
  checkCommand(program);
  planCommand(program);
  program.parse(words, { from: 'user' });
  return process.exitCode;
}

describe('flotilla check', () => {
  it('sums up a good scenario in one line', () => {
    expect(flotilla('check', FIRST_RUN)).toBeUndefined();
    expect(written.out).toBe(
      `${FIRST_RUN}: ok. 200 devices in 3 cohorts, arrivals poisson 15/s, speed 150, seed first-run.\n`,
    );
    expect(written.err).toBe('');
  });
  it('tells what is wrong and ends with 2', () => {
    expect(flotilla('check', '/nowhere.yaml', '--devices', 'many')).toBe(2);
    expect(written.out).toBe('');
    expect(written.err).toContain('/nowhere.yaml: The scenario cannot be read');
    expect(flotilla('check', FIRST_RUN, '--devices', 'many')).toBe(2);
    expect(written.err).toContain('--devices: It must be a whole number from 1 to 200000.');
  });
});

describe('flotilla plan', () => {
  it('prints the plan in words, with the overrides in effect', () => {
    expect(flotilla('plan', FIRST_RUN, '--devices', '20', '--speed', '7', '--seed', 's')).toBeUndefined();
    expect(written.out).toMatch(/Seed +s\n/);
    expect(written.out).toMatch(/Speed +7 /);
    expect(written.out).toContain('20 devices\n  office-desktops  10 ');
  });
  it('prints the plan itself as JSON', () => {
    flotilla('plan', FIRST_RUN, '--json', '--devices', '10');
    const plan: unknown = JSON.parse(written.out);
    expect(plan).toMatchObject({ planVersion: 1, devices: 10, cohorts: [{ count: 5 }, { count: 4 }, { count: 1 }] });
  });
});
