// A fleet and the embedded backend in one process, over real sockets: what became of each cohort's devices, what the first one said to
// its services, what was counted on both sides.
import { ShardFleet } from '../../agent/shard-fleet.ts';
import { startBackend } from '../../backend/backend.ts';
import type { RunningBackend } from '../../backend/backend.ts';
import { RealClock } from '../../kernel/clock.ts';
import { Stop } from '../../kernel/stop.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import type { Frame } from '../../telemetry/frames.ts';
import type { TraceEntry } from '../../telemetry/messages.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';

export interface ManagedFleet {
  /** In the order in which devices ended. */
  readonly records: readonly DeviceRecord[];
  /** Exchanges of device 0. */
  readonly exchanges: readonly TraceEntry[];
  /** What `/healthz` of the backend counts at the end. */
  readonly counts: Readonly<Record<string, number>>;
  readonly frame: Frame;
}

export interface FleetOptions {
  /** The scenario's tenant, in YAML's flow style. */
  readonly tenant?: string;
  /** The scenario's faults, likewise. */
  readonly faults?: string;
  /** What happens once the devices are registered and before they are switched on. */
  readonly afterRegistration?: (backend: RunningBackend) => Promise<void>;
}

/** Runs the cohorts of a scenario, written as YAML list items, to their end. */
export async function managedFleet(cohorts: string, options: FleetOptions = {}): Promise<ManagedFleet> {
  const text = `
name: managed
seed: managed
speed: 600
arrivals: { kind: at-once }
people: 1 s
installs: { app: 20 s, update: 10 s, qualityUpdate: 30 s }
faults: ${options.faults ?? '[]'}
tenant: ${options.tenant ?? '{}'}
cohorts:
${cohorts}`;
  const compiled = compileScenario({ path: 'managed.yaml', text });
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
    const clock = new RealClock(plan.speed);
    const recorder = new ShardRecorder(0, clock);
    const exchanges: TraceEntry[] = [];
    const fleet = new ShardFleet(
      {
        kind: 'orders',
        plan,
        shard: 0,
        of: 1,
        endpoints: backend.endpoints,
        trust: { ca: backend.caPem },
        traceDevice: 0,
        registrationToken: backend.admin.token,
      },
      clock,
      recorder,
      new Stop(),
      { trace: (_device, entry) => exchanges.push(entry), error: (message) => errors.push(message) },
    );
    const registered = await fleet.register();
    if (typeof registered === 'string') throw new Error(registered);
    await options.afterRegistration?.(backend);
    backend.begin();
    const runner = fleet.runner();
    runner.start(clock.wallMs());
    await runner.done;
    if (errors.length > 0) throw new Error(errors.join('\n'));
    const health = await fetch(`${backend.endpoints.apps.replace('localhost', '127.0.0.1')}/healthz`);
    const { counts } = (await health.json()) as { counts: Record<string, number> };
    const frame = recorder.takeFrame();
    return { records: frame.finished.map(({ record }) => record), exchanges, counts, frame };
  } finally {
    await backend.stop();
  }
}

/** Values of a counter by its labels, joined by blanks. */
export function counted(frame: Frame, metric: string): Record<string, number> {
  const series = frame.counters.filter((counter) => counter.metric === metric);
  return Object.fromEntries(series.map(({ labels, value }) => [labels.join(' '), value]));
}

/** SyncML that device 0 and its server exchanged, in order. */
export function managementMessages(exchanges: readonly TraceEntry[]): readonly string[] {
  return exchanges.flatMap(({ service, requestBody, replyBody }) =>
    service === 'management' ? [requestBody, replyBody] : [],
  );
}
