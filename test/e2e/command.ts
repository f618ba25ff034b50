// A running command line, as a test holds it: its output so far, signals, and how it ended.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Summary } from '../../orchestrator/summary.ts';
import { ENTRY } from '../run-scenario.ts';

export interface Command {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Comes when the output matches; rejects when the command ends without it. */
  until(pattern: RegExp): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

export function startCommand(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    wake();
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
    wake();
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code)),
  );
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(stdout + stderr)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${stdout}${stderr}`)));
    });
  return { child, stdout: () => stdout, stderr: () => stderr, until, ended };
}

/** Runs a command line to its end. */
export async function command(
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<{ exitCode: number | string | null; stdout: string; stderr: string }> {
  const started = startCommand(args, environment);
  const exitCode = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

/** A folder with a scenario in it, and where a run of it leaves its files. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'flotilla-e2e-'));
  readonly scenario = path.join(this.path, 'scenario.yaml');
  readonly out = path.join(this.path, 'out');

  constructor(scenario: string) {
    writeFileSync(this.scenario, scenario);
  }

  get summary(): Summary {
    return JSON.parse(readFileSync(path.join(this.out, 'summary.json'), 'utf8')) as Summary;
  }

  get hasSummary(): boolean {
    return existsSync(path.join(this.out, 'summary.json'));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Planned = started + not started; started = succeeded + failed + abandoned. */
export function booksBalance(summary: Summary): boolean {
  const { planned, started, succeeded, failed, abandoned, notStarted } = summary;
  return planned === started + notStarted && started === succeeded + failed + abandoned;
}
