// A backend that stalls must show in the latencies of the devices that should have started then: arrivals go on (open model), and
// each device's latency counts from its intended start. A closed loop would show one slow device and hide the rest.
import { expect, it } from 'vitest';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { runScenario } from '../run-scenario.ts';
import { stallingProbe } from '../stalling-probe.ts';

const RATE = 10;
const DEVICES = 80;
const STALL_AFTER_MS = 1500;
const STALL_MS = 3000;

it('shows a stall of 3 s in the devices that should have started then', async () => {
  const probe = await stallingProbe(STALL_AFTER_MS, STALL_MS);
  const run = await runScenario(`name: stall
arrivals: { kind: constant, rate: ${RATE}/s }
people: 0 s
installs: 0 s
target: { connectivity: "${probe.url}" }
cohorts:
  - name: stalled
    count: ${DEVICES}
    networks: { loopback: 1 }
`);
  probe.close();
  expect(run.summary).toMatchObject({ planned: DEVICES, started: DEVICES, succeeded: DEVICES });

  // Nobody's start waited for the stalled service.
  expect(Math.max(...run.records.map((record) => record.latenessMs))).toBeLessThan(1000);

  // A device that was due t ms into the stall waited for the rest of it, so about RATE * STALL devices are late, evenly from 0 to 3 s.
  const networkMs = (record: DeviceRecord): number =>
    record.steps.find(({ step }) => step === 'network-connect')!.partsMs.service;
  const slow = run.records.filter((record) => networkMs(record) > STALL_MS / 2);
  const expected = (RATE * STALL_MS) / 1000 / 2;
  expect(slow.length).toBeGreaterThanOrEqual(expected * 0.6);
  expect(slow.length).toBeLessThanOrEqual(expected * 1.8);
  expect(run.summary.deployment.max).toBeGreaterThan((STALL_MS / 1000) * 0.9);
  for (const record of slow) {
    expect(record.deploymentMs!).toBeGreaterThan(STALL_MS / 2);
    expect(record.intendedStartMs).toBeGreaterThan(STALL_AFTER_MS - 800);
    expect(record.intendedStartMs).toBeLessThan(STALL_AFTER_MS + STALL_MS);
  }
});
