// What is published must run where nothing of this checkout is: the packed tarball is installed into an empty folder and runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-package-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const tarball = execFileSync('sh', ['-c', 'ls *.tgz'], { cwd: folder, encoding: 'utf8' }).trim();
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], {
    cwd: folder,
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function flotilla(...args: string[]): string {
  const entry = path.join(folder, 'node_modules/autopilot-flotilla/bin/flotilla.js');
  return execFileSync(process.execPath, [entry, ...args], { cwd: folder, encoding: 'utf8', timeout: 90_000 });
}

it('says its version', () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  expect(flotilla('--version').trim()).toBe(version);
});

it('brings devices to the desktop from an empty folder', () => {
  const scenario = path.join(folder, 'node_modules/autopilot-flotilla/scenarios/library/first-run.yaml');
  flotilla('run', scenario, '--devices', '6', '--speed', '10000', '--out', 'out');
  const summary = JSON.parse(readFileSync(path.join(folder, 'out/summary.json'), 'utf8')) as Record<string, unknown>;
  expect(summary).toMatchObject({ planned: 6, started: 6, succeeded: 6, failed: 0, abandoned: 0 });
});
