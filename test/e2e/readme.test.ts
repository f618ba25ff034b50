// The README is true: its scenario compiles and runs, and every command in it exists and does what it says.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENTRY, ROOT } from '../run-scenario.ts';

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const SCENARIO = 'my-first-day.yaml';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-readme-'));
  writeFileSync(path.join(folder, SCENARIO), block('yaml'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first fenced block of a language. */
function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(README)?.[1];
  expect(found).toBeDefined();
  return found!;
}

function flotilla(...args: string[]): string {
  return execFileSync(process.execPath, [ENTRY, ...args], { cwd: folder, encoding: 'utf8' });
}

it('has a scenario that passes its own check and plan', () => {
  for (const command of ['check', 'plan', 'run']) expect(README).toContain(`npx flotilla ${command} ${SCENARIO}`);
  expect(flotilla('check', SCENARIO)).toContain('100 devices');
  expect(flotilla('plan', SCENARIO)).toContain('poisson, 5/s');
});

it('has a scenario that runs', () => {
  flotilla('run', SCENARIO, '--devices', '8', '--speed', '10000', '--out', 'out');
  const summary = JSON.parse(readFileSync(path.join(folder, 'out/summary.json'), 'utf8')) as Record<string, unknown>;
  expect(summary).toMatchObject({ scenario: 'my-first-day', planned: 8, succeeded: 8 });
});

it('explains the failure that it names', () => {
  const code = /npx flotilla explain (\S+?)`/.exec(README)?.[1];
  expect(flotilla('explain', code!)).toContain(code);
});

it('serves the backend alone, and says where', async () => {
  expect(README).toContain('npx flotilla backend');
  const backend = spawn(process.execPath, [ENTRY, 'backend', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(backend.stdout), 'line')) as [string];
  const said = JSON.parse(line) as { services: Record<string, string>; ca: string };
  expect(said.services['login']).toMatch(/^https:/);
  expect(readFileSync(said.ca, 'utf8')).toContain('BEGIN CERTIFICATE');
  backend.kill('SIGTERM');
  expect((await once(backend, 'exit'))[0]).toBe(0);
});

it('names npm scripts and documents that exist', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...README.matchAll(/npm (?:run )?(start|test|check|bench)\b/g)].map((match) => match[1]!);
  expect(new Set(named)).toEqual(new Set(['start', 'test', 'check', 'bench']));
  for (const script of named) expect(scripts).toHaveProperty(script);
  for (const [, file] of README.matchAll(/\]\((docs\/[^)]+)\)/g))
    expect(existsSync(path.join(ROOT, file!)), file).toBe(true);
});
