// Registration rows: hardware hash and EK of 10,000 devices, as `flotilla mint` writes them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ENTRY } from '../run-scenario.ts';
import { row, type BenchRow } from './table.ts';

export async function benchMint(repeat: number): Promise<BenchRow[]> {
  const seconds: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-bench-'));
    const startMs = performance.now();
    execFileSync(
      process.execPath,
      [ENTRY, 'mint', '--count', '10000', '--seed', 'bench', '--out', path.join(folder, 'out')],
      {
        stdio: 'ignore',
      },
    );
    seconds.push((performance.now() - startMs) / 1000);
    rmSync(folder, { recursive: true, force: true });
  }
  return [row('10,000 registration rows, command included', 's', seconds, { atMost: 5 })];
}
