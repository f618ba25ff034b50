// Runs the command line as its user would and hands back what it left: tests and benchmarks see what ships.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readJournal } from '../orchestrator/journal.ts';
import type { Summary } from '../orchestrator/summary.ts';
import { decodeFrame, type Frame } from '../telemetry/frames.ts';
import type { DeviceRecord } from '../telemetry/records.ts';

export const ROOT = path.join(import.meta.dirname, '..');
export const ENTRY = path.join(ROOT, 'bin/flotilla.js');

export interface EndedRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly summary: Summary;
  /** Records of all finished devices, in order of their index, as the journal has them. */
  readonly records: readonly DeviceRecord[];
  /** What shards and orchestrator sent, in the order of the journal, with its age: milliseconds since the start barrier opened. */
  readonly frames: readonly { readonly atMs: number; readonly frame: Frame }[];
  /** Exchanges of the device that `--trace` named. */
  readonly trace: readonly Readonly<Record<string, unknown>>[];
}

/** `flotilla run` of a scenario's text with further arguments, in a folder that is gone afterwards. */
export function runScenario(text: string, ...args: string[]): Promise<EndedRun> {
  return runUntil(undefined, text, ...args);
}

/** The same, but as soon as the output has `sight`, Ctrl-C is pressed. */
export async function runUntil(sight: RegExp | undefined, text: string, ...args: string[]): Promise<EndedRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-run-'));
  try {
    const scenario = path.join(folder, 'scenario.yaml');
    const out = path.join(folder, 'out');
    writeFileSync(scenario, text);
    const child = spawn(process.execPath, [ENTRY, 'run', scenario, '--out', out, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let interrupted = false;
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (interrupted || sight === undefined || !sight.test(output)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const files = readdirSync(out, { encoding: 'utf8' });
    const trace = files.find((file) => file.startsWith('trace-'));
    const frames = framesOf(path.join(out, 'journal'));
    return {
      exitCode,
      output,
      summary: JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8')) as Summary,
      records: frames
        .flatMap(({ frame }) => frame.finished.map(({ record }) => record))
        .sort((a, b) => a.index - b.index),
      frames,
      trace: trace === undefined ? [] : linesOf(path.join(out, trace)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function framesOf(journal: string): { atMs: number; frame: Frame }[] {
  const frames: { atMs: number; frame: Frame }[] = [];
  let startMs = Number.POSITIVE_INFINITY;
  const read = readJournal(journal, (entry) => {
    if (entry.kind === 'start') startMs = entry.atMs;
    if (entry.kind !== 'frame') return;
    const frame = decodeFrame(entry.bytes);
    if (!frame.ok) throw new Error(frame.error.reason);
    frames.push({ atMs: frame.value.sentAtMs - startMs, frame: frame.value });
  });
  if (!read.ok) throw new Error(read.error);
  return frames;
}

function linesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
