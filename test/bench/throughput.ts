// Devices brought to the desktop a second with the embedded backend on the same machine: the highest offered rate of a ladder
// that ends with a valid verdict, and how late devices were launched at 45 a second.
import { runScenario } from '../run-scenario.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const SECONDS = 20;
const LADDER = [30, 45, 52, 60] as const;

export async function benchThroughput(repeat: number): Promise<BenchRow[]> {
  const held: number[] = [];
  const lateness: number[] = [];
  for (let i = 0; i < repeat; i++) {
    let best = 0;
    for (const rate of LADDER) {
      const { exitCode, summary } = await runScenario(
        enrollmentScenario({ devices: rate * SECONDS, arrivals: `{ kind: constant, rate: ${rate}/s }` }),
      );
      if (rate === 45) lateness.push(summary.generator.latenessP99Seconds * 1000);
      // Held: everybody arrived, the generator was not saturated, and the queue did not grow (the run ends soon after the last start).
      if (exitCode !== 0 || summary.durationSeconds > SECONDS * 1.15) break;
      best = rate;
    }
    held.push(best);
  }
  return [
    row('devices to the desktop a second, backend on the same machine', '/s', held, { atLeast: 45 }),
    row('launch lateness at 45 a second, p99', 'ms', lateness, { atMost: 20 }),
  ];
}
