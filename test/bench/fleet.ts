// A fleet in flight: 20,000 devices switched on, of which few have a connection at a time because people take their time. What
// counts is the memory of orchestrator and workers; the embedded backend is apart.
import { runScenario } from '../run-scenario.ts';
import { row, type BenchRow } from './table.ts';

const DEVICES = 20_000;

/** Wi-Fi devices whose people think for minutes before they choose a network: all are in flight when the last arrives. */
const FLEET = `name: fleet
seed: bench
arrivals: { kind: constant, rate: 400/s }
inFlightMax: 20000
people: { region: 3 min, keyboard: 0 s, network-choice: { min: 0 s, max: 10 min }, user-name: 1 min, password: 0 s }
speed: 4
cohorts:
  - name: fleet
    count: ${DEVICES}
    networks: { home-fibre: 1 }
    esp: { device: { policies: 10 } }
`;

export async function benchFleet(repeat: number): Promise<BenchRow[]> {
  const gigabytes: number[] = [];
  const peaks: number[] = [];
  for (let i = 0; i < Math.min(repeat, 1); i++) {
    const { summary } = await runScenario(FLEET, '--devices', String(DEVICES));
    gigabytes.push(summary.generator.residentPeakBytes / 2 ** 30);
    peaks.push(summary.inFlightPeak);
  }
  return [
    row(`peak memory with ${DEVICES} devices switched on`, 'GB', gigabytes, { atMost: 1 }),
    row('devices in flight at once', '', peaks, { atLeast: 19_500 }),
  ];
}
