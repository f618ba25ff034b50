// What one device costs: CPU of the agents and of the embedded backend, beside the raw floor (same handshakes, bytes and
// signatures, without HTTP library and XML) and the backend's raw ceiling, all in one run.
import { benchCeiling } from './ceiling.ts';
import { runScenario } from '../run-scenario.ts';
import { measureFloor } from './floor.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const DEVICES = 600;

export async function benchDevice(repeat: number): Promise<BenchRow[]> {
  const agent: number[] = [];
  const backend: number[] = [];
  const floor: number[] = [];
  const ratio: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const floorMs = await measureFloor(DEVICES);
    const { summary } = await runScenario(
      enrollmentScenario({ devices: DEVICES, arrivals: '{ kind: constant, rate: 30/s }' }),
      '--threads',
      '1',
    );
    if (summary.succeeded !== DEVICES)
      throw new Error(`${summary.succeeded} of ${DEVICES} devices reached the desktop`);
    const agentMs = summary.generator.agentCpuSecondsPerDevice * 1000;
    agent.push(agentMs);
    backend.push((summary.generator.backendCpuSeconds / DEVICES) * 1000);
    floor.push(floorMs);
    ratio.push(agentMs / floorMs);
  }
  return [
    row('agent CPU per device', 'ms', agent, { atMost: 15 }),
    row('raw floor per device', 'ms', floor),
    row('agent CPU / raw floor', 'x', ratio, { atMost: 1.6 }),
    row('backend CPU per device', 'ms', backend),
    ...(await benchCeiling(repeat)),
  ];
}
