// What one device costs: CPU of the agents and of the embedded backend, beside the raw floor (same handshakes, bytes and
// signatures, without HTTP library and XML) and the backend's raw ceiling, all in one run. The figures leave out the first
// seconds, in which code is compiled, as the floor leaves out its first devices; the whole run is a row of its own.
import { METRICS, type CounterName } from '../../telemetry/metrics.ts';
import { runScenario, type EndedRun } from '../run-scenario.ts';
import { benchCeiling } from './ceiling.ts';
import { measureFloor } from './floor.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const RATE = 45;
const WARM_UP_SECONDS = 15;
const SECONDS = 30;

export async function benchDevice(repeat: number): Promise<BenchRow[]> {
  const rows = { whole: [] as number[], agent: [] as number[], backend: [] as number[], floor: [] as number[] };
  for (let i = 0; i < repeat; i++) {
    rows.floor.push(await measureFloor(RATE * 4, RATE * 15, RATE));
    const devices = RATE * SECONDS;
    const run = await runScenario(
      enrollmentScenario({ devices, arrivals: `{ kind: constant, rate: ${RATE}/s }` }),
      '--threads',
      '1',
    );
    if (run.summary.succeeded !== devices)
      throw new Error(`${run.summary.succeeded} of ${devices} reached the desktop`);
    rows.whole.push(run.summary.generator.agentCpuSecondsPerDevice * 1000);
    rows.agent.push(steadyAgentMs(run));
    rows.backend.push(steadyMs(run, 'flotilla_generator_backend_cpu_seconds_total', () => true));
  }
  const ratio = rows.agent.map((agentMs, i) => agentMs / rows.floor[i]!);
  return [
    row('agent CPU per device, code compiled', 'ms', rows.agent, { atMost: 15 }),
    row('raw floor per device', 'ms', rows.floor),
    row('agent CPU / raw floor', 'x', ratio, { atMost: 1.6 }),
    row('agent CPU per device, whole run of 30 s with start and registration', 'ms', rows.whole),
    row('backend CPU per device, code compiled', 'ms', rows.backend),
    ...(await benchCeiling(repeat)),
  ];
}

/** CPU milliseconds of the agents for a device, after the warm-up. */
export function steadyAgentMs(run: EndedRun): number {
  return steadyMs(run, 'flotilla_generator_cpu_seconds_total', ([thread]) => thread !== 'orchestrator');
}

/** CPU milliseconds for as many exchanges as a device makes, after the warm-up. */
function steadyMs(run: EndedRun, metric: CounterName, mine: (labels: readonly string[]) => boolean): number {
  let cpuSeconds = 0;
  let exchanges = 0;
  const { labels } = METRICS.flotilla_exchange_duration_seconds;
  for (const { atMs, frame } of run.frames) {
    if (atMs < WARM_UP_SECONDS * 1000) continue;
    for (const counter of frame.counters)
      if (counter.metric === metric && mine(counter.labels)) cpuSeconds += counter.value;
    for (const series of frame.histograms) {
      if (series.metric !== 'flotilla_exchange_duration_seconds') continue;
      if (series.labels[labels.indexOf('service')] !== 'registration') exchanges += series.delta.count;
    }
  }
  const perDevice = run.records.reduce((sum, record) => sum + record.exchanges, 0) / run.records.length;
  return (1000 * cpuSeconds * perDevice) / exchanges;
}
