import { describe, expect, it } from 'vitest';
import { MIB } from '../../kernel/units.ts';
import { compileScenario, type Overrides } from './compile.ts';
import { forecastPlan } from './forecast.ts';
import { checkMachine, needsOf, thisMachine } from './machine.ts';
import type { Plan } from './plan.ts';

/** 600 devices at 10/s that wait a minute for two pages of half a minute each, and for nothing else. */
const STEADY = `name: steady
arrivals: { kind: constant, rate: 10/s }
people: 0 s
installs: 0 s
cohorts:
  - name: all
    count: 600
    networks: { loopback: 1 }
    people: { user-name: 30 s, password: 30 s }
    sessionPause: 0 s
`;

function planOf(text = STEADY, overrides: Overrides = {}): Plan {
  const compiled = compileScenario({ path: 'x.yaml', text }, overrides);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

describe('a forecast', () => {
  it("agrees with Little's law: in flight is rate times stay", () => {
    const forecast = forecastPlan(planOf(STEADY.replace('600', '2000')));
    expect(forecast.peakInFlight).toBeGreaterThanOrEqual(600);
    expect(forecast.peakInFlight).toBeLessThan(610);
    expect(forecast.deploymentMedianMs).toBeGreaterThan(60_000);
    expect(forecast.deploymentMedianMs).toBeLessThan(60_500);
    expect(forecast.endsMs.at(-1)! - forecast.startsMs.at(-1)!).toBeCloseTo(forecast.deploymentMedianMs, -2);
  });

  it('shrinks the stay with speed, not the device time and not the load', () => {
    const slow = forecastPlan(planOf());
    const fast = forecastPlan(planOf(STEADY, { speed: 60 }));
    expect(fast.peakInFlight).toBeLessThan(20);
    expect(fast.deploymentMedianMs).toBe(slow.deploymentMedianMs);
    expect(fast.requests).toEqual(slow.requests);
    expect(fast.connectionsPeak).toBeLessThan(slow.connectionsPeak + 30);
  });

  it('counts requests by service from what the cohorts do', () => {
    const { requests } = forecastPlan(planOf());
    expect(requests).toMatchObject({
      connectivity: 600,
      profile: 1800,
      updates: 600,
      join: 1200,
      enrollment: 1800,
      apps: 0,
    });
    const restarting = forecastPlan(
      planOf(STEADY.replace('sessionPause', 'updates: { kind: restart }\n    sessionPause')),
    ).requests;
    expect(restarting).toMatchObject({ connectivity: 1200, profile: 3600 });
    const terms = forecastPlan(planOf(`${STEADY}tenant: { termsOfUse: true }\n`)).requests;
    expect(terms.enrollment - requests.enrollment).toBe(1200);
  });

  it('never has more in flight than the plan allows', () => {
    expect(forecastPlan(planOf(`${STEADY}inFlightMax: 50\n`)).peakInFlight).toBe(50);
  });
});

describe('the machine', () => {
  const needs = needsOf(planOf(), { peakInFlight: 20_000, connectionsPeak: 2_000 });

  it('must have memory, files and ports for the plan', () => {
    const small = { cores: 2, memoryBytes: 100 * MIB, openFiles: 1024, ports: 1000 };
    const problems = checkMachine(needs, small);
    expect(problems.map(({ about }) => about)).toEqual(['machine', 'machine', 'machine']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/of memory, and 100\.0 MB are free\.$/),
      'The plan needs about 2256 open files in a process, and the limit is 1024.',
      'The plan needs about 2000 local ports, and the system has 1000.',
    ]);
    expect(checkMachine(needs, { cores: 2, memoryBytes: 4096 * MIB, openFiles: 20_000, ports: 28_000 })).toEqual([]);
  });

  it('that runs this test has some of each', () => {
    const machine = thisMachine();
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memoryBytes).toBeGreaterThan(10 * MIB);
    expect(machine.openFiles).toBeGreaterThan(100);
    expect(machine.ports).toBeGreaterThan(1000);
  });

  it('needs less where the backend is elsewhere', () => {
    const away = needsOf(planOf(STEADY, { target: 'http://localhost:1' }), {
      peakInFlight: 20_000,
      connectionsPeak: 2_000,
    });
    expect(away.memoryBytes).toBeLessThan(needs.memoryBytes);
    expect(away.openFiles).toBe(needs.openFiles);
  });
});
