// What the orchestrator reports on itself and on the embedded backend, as the shard after the last: it goes the same way as
// every other frame. CPU is counted from the start barrier on.
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
  #backendCpuSeconds: number | null = null;
  #latestUsage: BackendUsage | null = null;
  #endProbe: () => void = () => {};

  constructor(shard: number, clock: Clock) {
    this.#recorder = new ShardRecorder(shard, clock);
    this.#clock = clock;
  }

  /** The barrier opened: what was used before is not the run's. */
  start(): void {
    this.#processCpuSeconds = processCpuSeconds();
    this.#backendCpuSeconds = this.#latestUsage?.cpuSeconds ?? null;
    this.#endProbe = startGeneratorProbe(this.#recorder, ORCHESTRATOR_THREAD, this.#clock);
  }

  backendUses(usage: BackendUsage): void {
    this.#latestUsage = usage;
    this.#recorder.setGauge('flotilla_generator_backend_resident_memory_bytes', [], usage.rssBytes);
    if (this.#processCpuSeconds === null) return;
    const since = usage.cpuSeconds - (this.#backendCpuSeconds ?? usage.cpuSeconds);
    this.#backendCpuSeconds = usage.cpuSeconds;
    this.#recorder.count('flotilla_generator_backend_cpu_seconds_total', [], Math.max(0, since));
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
