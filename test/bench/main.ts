// `npm run bench`: what a device costs and what this machine holds, as a table or with --json. Medians of 3 (--repeat N);
// --only WORD runs the benches whose name has the word. Figures are ratios and costs a device: never a timed test.
import { parseArgs } from 'node:util';
import { formatTable, type BenchRow } from './table.ts';

const BENCHES: Readonly<Record<string, (repeat: number) => Promise<BenchRow[]>>> = {
  device: async (repeat) => (await import('./device.ts')).benchDevice(repeat),
  esp: async (repeat) => (await import('./esp.ts')).benchEsp(repeat),
  throughput: async (repeat) => (await import('./throughput.ts')).benchThroughput(repeat),
  memory: async (repeat) => (await import('./memory.ts')).benchMemory(repeat),
  fleet: async (repeat) => (await import('./fleet.ts')).benchFleet(repeat),
  mint: async (repeat) => (await import('./mint.ts')).benchMint(repeat),
  startup: async (repeat) => (await import('./startup.ts')).benchStartup(repeat),
  observing: async (repeat) => (await import('./observing.ts')).benchObserving(repeat),
  clock: async (repeat) => (await import('./honest-clock.ts')).benchHonestClock(repeat),
};

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' }, repeat: { type: 'string', default: '3' } },
});
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  if (!values.json) process.stderr.write(`${name} ...\n`);
  rows.push(...(await bench(Number(values.repeat))));
}
process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : `${formatTable(rows)}\n`);
