// The cost of observing: what telemetry, its way to the hub, totals, metrics and progress take of the CPU, beside what the agents
// take. The calls of a real device are replayed through the real code, a frame each quarter second at 45 devices a second.
import { openSync, writeSync } from 'node:fs';
import { countBytes, countConnection, countEnded, countHandshake, countStarted } from '../../agent/network/meter.ts';
import { STEP_NAMES } from '../../catalog/steps.ts';
import { RealClock } from '../../kernel/clock.ts';
import { progressLine, progressView } from '../../orchestrator/progress.ts';
import { fleetShape } from '../../orchestrator/fleet-shape.ts';
import { metricsRegistry } from '../../orchestrator/prometheus.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import { decodeFrame, encodeFrame } from '../../telemetry/frames.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';
import { Totals } from '../../telemetry/totals.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { runScenario } from '../run-scenario.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const DEVICES = 4500;
const RATE = 45;
const FRAMES_PER_SECOND = 4;
const PROGRESS_PER_SECOND = 4;
const SCRAPE_SECONDS = 5;

export async function benchObserving(repeat: number): Promise<BenchRow[]> {
  const share: number[] = [];
  const scenario = enrollmentScenario({ devices: DEVICES, arrivals: `{ kind: constant, rate: ${RATE}/s }` });
  const { summary, records } = await runScenario(scenario, '--devices', '400', '--threads', '1');
  const record = records.at(-1)!;
  const agentMs = summary.generator.agentCpuSecondsPerDevice * 1000;
  for (let i = 0; i < repeat; i++)
    share.push((100 * (await observedMs(scenario, record, summary.exchangesByService))) / agentMs);
  return [row('cost of observing, of the agents CPU', '%', share, { atMost: 3 })];
}

/** CPU milliseconds of observing one device. */
async function observedMs(
  scenario: string,
  record: DeviceRecord,
  exchangesByService: Readonly<Record<string, number>>,
): Promise<number> {
  const compiled = compileScenario({ path: 'bench', text: scenario }, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const clock = new RealClock();
  const recorder = new ShardRecorder(0, clock);
  const totals = new Totals(fleetShape(compiled.plan, 1));
  totals.start(clock.wallMs());
  const registry = metricsRegistry(
    () => totals,
    () => [],
  );
  const journal = openSync('/dev/null', 'w');
  const total = Object.values(exchangesByService).reduce((sum, count) => sum + count, 0);
  const before = process.cpuUsage();
  for (let device = 0; device < DEVICES; device++) {
    recorder.deviceStarted(device, 1);
    for (const [service, count] of Object.entries(exchangesByService)) {
      const mine = Math.round((record.exchanges * count) / total);
      if (mine === 0 || service === 'registration') continue;
      countConnection(recorder, service as 'login', 1);
      countHandshake(recorder, service as 'login', 'full');
      for (let i = 0; i < mine; i++) {
        countStarted(recorder, service as 'login');
        countBytes(recorder, service as 'login', 500, 1500);
        countEnded(recorder, service as 'login', 'token', '200', 5 + (device % 7));
      }
      countConnection(recorder, service as 'login', -1);
    }
    for (const step of STEP_NAMES) {
      recorder.gauge('flotilla_devices_in_flight', [step], 1);
      recorder.gauge('flotilla_devices_in_flight', [step], -1);
      recorder.observe('flotilla_step_duration_seconds', [step, 'succeeded'], 1 + (device % 5));
      recorder.observe('flotilla_step_service_seconds', [step], 0.01);
    }
    for (let i = 0; i < record.messages; i++) {
      recorder.count('flotilla_management_messages_total', []);
      recorder.count('flotilla_management_status_total', ['200'], 3);
    }
    recorder.deviceFinished({ ...record, index: device });
    if (device % Math.floor(RATE / FRAMES_PER_SECOND) === 0) {
      const bytes = encodeFrame(recorder.takeFrame());
      writeSync(journal, bytes);
      const frame = decodeFrame(bytes);
      if (!frame.ok) throw new Error(frame.error.reason);
      totals.fold(frame.value);
    }
    if (device % Math.floor(RATE / PROGRESS_PER_SECOND) === 0) progressLine(progressView(totals, device * 20, false));
    if (device % (RATE * SCRAPE_SECONDS) === 0) await registry.metrics();
  }
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / DEVICES;
}
