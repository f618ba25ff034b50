// Runs the command line as its user would and hands back the summary: what a benchmark measures is what ships.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');
export const ENTRY = path.join(ROOT, 'bin/flotilla.js');

/** The members of `summary.json` that benchmarks read (docs/summary.md has them all). */
export interface Summary {
  readonly planned: number;
  readonly started: number;
  readonly succeeded: number;
  readonly durationSeconds: number;
  readonly deploymentsPerSecond: { readonly mean: number; readonly best10Seconds: number | null };
  readonly inFlightPeak: number;
  readonly deployment: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  readonly generator: Record<string, number | null>;
  readonly exchangesByService: Record<string, number>;
  readonly verdict: { readonly result: string; readonly reasons: readonly string[] };
}

export interface Ended {
  readonly exitCode: number | null;
  readonly summary: Summary;
  readonly output: string;
}

/** `flotilla run` of a scenario's text with further arguments, in a folder that is gone afterwards. */
export async function runScenario(text: string, ...args: string[]): Promise<Ended> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-bench-'));
  try {
    const scenario = path.join(folder, 'scenario.yaml');
    writeFileSync(scenario, text);
    const child = spawn(process.execPath, [ENTRY, 'run', scenario, '--out', path.join(folder, 'out'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const summary = JSON.parse(readFileSync(path.join(folder, 'out/summary.json'), 'utf8')) as Summary;
    return { exitCode, summary, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
