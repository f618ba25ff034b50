// A fleet in flight: 20,000 devices switched on, of which at most 2,000 have a connection. What counts is the memory of orchestrator
// and workers; the embedded backend is apart. Most wait for their people; the others are managed and wait for an installation
// with their connection open. When all are there, the run is interrupted.
import { runUntil } from '../run-scenario.ts';
import { row, type BenchRow } from './table.ts';

const DEVICES = 20_000;
const CONNECTED = 1_500;

/** What the managed devices are set up with: little, or everything that a status page has. */
const SETUPS = {
  'a plain ESP': 'policies: 10, certificates: 1, apps: [{ name: App, size: 10 KB }]',
  'the full ESP': `policies: 40, certificates: 2, apps: [${Array.from({ length: 8 }, (_, i) => `{ name: App ${i}, kind: win32, size: 10 KB }`).join(', ')}]`,
} as const;

const fleet = (setup: string): string => `name: fleet
seed: bench
arrivals: { kind: constant, rate: 200/s }
inFlightMax: ${DEVICES}
installs: 3 h
cohorts:
  - name: at-home
    count: ${DEVICES - CONNECTED}
    networks: { home-fibre: 1 }
    people: { region: 3 h }
  - name: managed
    count: ${CONNECTED}
    networks: { loopback: 1 }
    people: 0 s
    sessionPause: 9 s
    updates: { kind: 'off' }
    esp: { timeout: 24 h, device: { ${setup} } }
`;

export async function benchFleet(repeat: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, setup] of Object.entries(SETUPS)) {
    const gigabytes: number[] = [];
    const peaks: number[] = [];
    for (let i = 0; i < repeat; i++) {
      const { summary } = await runUntil(new RegExp(`started ${DEVICES}/`), fleet(setup));
      gigabytes.push(summary.generator.residentPeakBytes / 2 ** 30);
      peaks.push(summary.inFlightPeak);
    }
    const what = `${DEVICES} devices in flight, ${CONNECTED} of them connected in ${name}`;
    rows.push(row(`peak memory, ${what}`, 'GB', gigabytes, { atMost: 1 }));
    rows.push(row(`devices in flight at once, with ${name}`, '', peaks, { atLeast: DEVICES }));
  }
  return rows;
}
