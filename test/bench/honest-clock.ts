// The honest clock: how much of a 3 s stall of the backend shows up in the latencies. Counted from intended starts, devices that
// should have started during the stall wait 1.5 s on average; a closed loop would report a share near zero.
import { runScenario } from '../run-scenario.ts';
import { stallingProbe } from '../stalling-probe.ts';
import { row, type BenchRow } from './table.ts';

const RATE = 20;
const SECONDS = 10;
const STALL_MS = 3000;
/** What a busy machine may take at the probe without a stall: counted neither in what was suffered nor in what shows. */
const USUAL_MS = 500;

export async function benchHonestClock(repeat: number): Promise<BenchRow[]> {
  const shown: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const probe = await stallingProbe(2000, STALL_MS);
    const { records } = await runScenario(`name: stall
arrivals: { kind: constant, rate: ${RATE}/s }
people: 0 s
installs: 0 s
target: { connectivity: "${probe.url}" }
cohorts: [{ name: stalled, count: ${RATE * SECONDS}, networks: { loopback: 1 } }]
`);
    probe.close();
    const excess = records.reduce((sum, { steps }) => {
      const network = steps.find(({ step }) => step === 'network-connect');
      return sum + Math.max(0, (network?.partsMs.service ?? 0) - USUAL_MS);
    }, 0);
    const suffered = (RATE * (STALL_MS - USUAL_MS) ** 2) / 1000 / 2;
    shown.push((100 * excess) / suffered);
  }
  return [row('share of a 3 s stall that shows in latencies', '%', shown, { atLeast: 60 })];
}
