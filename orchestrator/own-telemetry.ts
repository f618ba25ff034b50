// What the orchestrator reports on itself and on the embedded backend, as the shard after the last: it goes the same way as
// every other frame. Its own CPU is counted from the start barrier on, the backend's from its beginning.
import type { BackendUsage } from '../catalog/backend-messages.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Frame } from '../telemetry/frames.ts';
import { startGeneratorProbe } from '../telemetry/generator-probe.ts';
import { ShardRecorder } from '../telemetry/recorder.ts';
import { ORCHESTRATOR_THREAD } from './generator-summary.ts';

export class OwnTelemetry {
  readonly #recorder: ShardRecorder;
  readonly #clock: Clock;
  #processCpuSeconds: number | null = null;
  #backendCpuSeconds = 0;
  #endProbe: () => void = () => {};

  constructor(shard: number, clock: Clock) {
    this.#recorder = new ShardRecorder(shard, clock);
    this.#clock = clock;
  }

  /** The barrier opened: what was used before is not the run's. */
  start(): void {
    this.#processCpuSeconds = processCpuSeconds();
    this.#endProbe = startGeneratorProbe(this.#recorder, ORCHESTRATOR_THREAD, this.#clock);
  }

  backendUses(usage: BackendUsage): void {
    this.#recorder.setGauge('flotilla_generator_backend_resident_memory_bytes', [], usage.rssBytes);
    const used = Math.max(0, usage.cpuSeconds - this.#backendCpuSeconds);
    this.#backendCpuSeconds = usage.cpuSeconds;
    this.#recorder.count('flotilla_generator_backend_cpu_seconds_total', [], used);
  }

  takeFrame(): Frame {
    this.#recorder.setGauge('flotilla_generator_resident_memory_bytes', [], process.memoryUsage.rss());
    if (this.#processCpuSeconds !== null) {
      const used = processCpuSeconds();
      this.#recorder.count('flotilla_generator_process_cpu_seconds_total', [], used - this.#processCpuSeconds);
      this.#processCpuSeconds = used;
    }
    return this.#recorder.takeFrame();
  }

  stop(): void {
    this.#endProbe();
  }
}

function processCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
