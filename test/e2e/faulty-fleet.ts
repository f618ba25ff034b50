// A fleet and the embedded backend in one process, over real sockets: a scenario with one device a cohort, so that each can meet a
// fault of its own, and what each ended with. Agents may live faster than the backend: a minute's time-out is then a second's.
import { ShardFleet } from '../../agent/shard-fleet.ts';
import { startBackend, type RunningBackend } from '../../backend/backend.ts';
import { RealClock } from '../../kernel/clock.ts';
import { Stop } from '../../kernel/stop.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';

/** A clock of its own kind of hurry: so many milliseconds pass in one of the machine's. */
class HastyClock extends RealClock {
  readonly #haste: number;

  constructor(speed: number, haste: number) {
    super(speed);
    this.#haste = haste;
  }

  override nowMs(): number {
    return super.nowMs() * this.#haste;
  }

  override after(realMs: number, fire: () => void): () => void {
    return super.after(realMs / this.#haste, fire);
  }

  override every(realMs: number, fire: () => void): () => void {
    return super.every(realMs / this.#haste, fire);
  }
}

export interface FleetEnd {
  /** By cohort, each of which has one device. */
  readonly records: ReadonlyMap<string, DeviceRecord>;
  /** How often each fault hit. */
  readonly hits: Readonly<Record<string, number>>;
  /** What devices noted and went on after: step and code. */
  readonly softFailures: readonly (readonly string[])[];
}

/** Runs a scenario to its end; `haste`: how much faster than the backend its agents live. */
export async function runFleet(scenario: string, haste = 1): Promise<FleetEnd> {
  const compiled = compileScenario({ path: 'faults.yaml', text: scenario });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 1));
  const { plan } = compiled;
  const errors: string[] = [];
  const started = await startBackend({
    tenant: plan.tenant,
    clock: new RealClock(plan.speed),
    reportError: (error) => errors.push(String(error)),
  });
  if (!started.ok) throw new Error(started.error.message);
  const backend = started.value;
  try {
    const clock = new HastyClock(plan.speed, haste);
    const recorder = new ShardRecorder(0, clock);
    const fleet = new ShardFleet(
      {
        kind: 'orders',
        plan,
        shard: 0,
        of: 1,
        endpoints: backend.endpoints,
        trust: { ca: backend.caPem },
        registrationToken: backend.admin.token,
      },
      clock,
      recorder,
      new Stop(),
      { trace: () => {}, error: (message) => errors.push(message) },
    );
    const registered = await fleet.register();
    if (typeof registered === 'string') throw new Error(registered);
    backend.begin();
    const runner = fleet.runner();
    runner.start(clock.wallMs());
    await runner.done;
    if (errors.length > 0) throw new Error(errors.join('\n'));
    const { finished, counters } = recorder.takeFrame();
    const softFailures = counters
      .filter(({ metric }) => metric === 'flotilla_step_soft_failures_total')
      .map(({ labels }) => labels);
    const records = finished.map(({ record }) => [plan.cohorts[record.cohort]!.name, record] as const);
    return { records: new Map(records), hits: await hitsOf(backend), softFailures };
  } finally {
    await backend.stop();
  }
}

/** As /healthz tells them: of a service that is never faulty here. */
async function hitsOf(backend: RunningBackend): Promise<Record<string, number>> {
  const reply = await fetch(`${backend.endpoints.apps.replace('localhost', '127.0.0.1')}/healthz`);
  return ((await reply.json()) as { faults: Record<string, number> }).faults;
}
