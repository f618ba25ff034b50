// Memory of a device that waits, with and without its connection. The agents run in this process (with --expose-gc) against an
// embedded backend in its own; they are weighed in the pause between two ESP sessions, by what is live in the engine's heap and
// hangs on it. OpenSSL's memory is not there, so a connection is weighed alone, by resident memory. What the allocator keeps of
// the connections that came before is in neither; the fleet's row has it.
import { EmbeddedBackend } from '../../orchestrator/embedded-backend.ts';
import { entryPoints } from '../../orchestrator/entry-points.ts';
import { ShardFleet } from '../../agent/shard-fleet.ts';
import { RealClock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { Stop } from '../../kernel/stop.ts';
import { KIB } from '../../kernel/units.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';
import { withIdleConnections } from './floor.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const WARM_UP = 600;
const DEVICES = 600;
const RATE = 40;

export async function benchMemory(repeat: number): Promise<BenchRow[]> {
  const waiting: number[] = [];
  const connected: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const waitingKilobytes = await kilobytesPerDevice(LIMITS.idleConnectionMs * 20);
    const { before, after } = await withIdleConnections(WARM_UP, DEVICES, weight);
    waiting.push(waitingKilobytes);
    connected.push(waitingKilobytes + (after.resident - before.resident) / DEVICES / KIB);
  }
  return [
    row('memory of a device that waits without a connection', 'KB', waiting, { atMost: 15 }),
    row('memory of a device that waits with its mutual-TLS connection', 'KB', connected, { atMost: 120 }),
  ];
}

/** Brings devices to their first pause of `pauseMs` and weighs them. */
async function kilobytesPerDevice(pauseMs: number): Promise<number> {
  const clock = new RealClock(1);
  const backend = new EmbeddedBackend({
    entry: entryPoints().backend,
    clock,
    onLine: (line) => process.stderr.write(`${line}\n`),
    onUsage: () => {},
    onDeath: (how) => process.stderr.write(`backend: ${how}\n`),
  });
  const weigh = async (devices: number, seed: string): Promise<{ bytes: number; end: () => Promise<void> }> => {
    const compiled = compileScenario(
      {
        path: 'bench',
        text: enrollmentScenario({
          devices,
          arrivals: `{ kind: constant, rate: ${RATE}/s }`,
          waiting: { installs: '2 h', sessionPause: `${Math.round(pauseMs / 1000)} s` },
        }),
      },
      {},
    );
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const { plan } = compiled;
    if (ready === undefined) {
      const answer = await backend.configure({ ...plan.tenant, users: LIMITS.devicesMax });
      if (!answer.ok) throw new Error(answer.error);
      ready = answer.value;
    }
    const stop = new Stop();
    const recorder = new ShardRecorder(0, clock);
    const orders = {
      kind: 'orders',
      plan: { ...plan, seed },
      shard: 0,
      of: 1,
      endpoints: ready.endpoints,
      trust: { ca: ready.caPem },
      registrationToken: ready.admin.token,
    } as const;
    const fleet = new ShardFleet(orders, clock, recorder, stop, {
      trace: () => {},
      error: (message) => process.stderr.write(`${message}\n`),
    });
    const registered = await fleet.register();
    if (registered !== devices) throw new Error(`registered ${registered}`);
    const before = weight();
    const runner = fleet.runner();
    runner.start(clock.wallMs());
    // All have arrived, and the last has had time to come to its pause.
    await clock.waitReal((devices / RATE) * 1000 + 3000);
    recorder.takeFrame();
    const after = weight();
    const bytes = after.live - before.live;
    if (runner.inFlight !== devices) throw new Error(`${runner.inFlight} of ${devices} devices wait`);
    return {
      bytes,
      end: async () => {
        runner.finish(0);
        await runner.done;
      },
    };
  };
  let ready: Awaited<ReturnType<EmbeddedBackend['configure']>> extends infer R
    ? (R extends { ok: true; value: infer V } ? V : never) | undefined
    : never;
  // The first devices pay for code, pools and heap growth that the following share.
  const warm = await weigh(WARM_UP, 'warm-up');
  const measured = await weigh(DEVICES, 'measured');
  await warm.end();
  await measured.end();
  await backend.stop();
  return measured.bytes / DEVICES / KIB;
}

interface Weight {
  /** Of the engine's heap and what hangs on it. */
  readonly live: number;
  readonly resident: number;
}

function weight(): Weight {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('run with --expose-gc');
  for (let i = 0; i < 4; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { live: heapUsed + external, resident: rss };
}
