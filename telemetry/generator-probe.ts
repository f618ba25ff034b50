// How the generator itself fares, measured in the thread that runs it: CPU, garbage collection, and how late timers fire.
// A load test whose generator lags measures itself; the verdict reads these figures. Each thread starts one probe.
import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { NodeGCPerformanceDetail } from 'node:perf_hooks';
import type { Clock } from '../kernel/clock.ts';
import type { ShardRecorder } from './recorder.ts';

/** A timer this often: short against the delays that matter (tens of milliseconds), and a few microseconds of work. */
const EVERY_MS = 20;
/** CPU is read in every nth turn: four times a second. */
const CPU_TURNS = 13;

/** Starts measuring into `recorder`; `thread` is the shard's number or `orchestrator`. Returns how to end it. */
export function startGeneratorProbe(recorder: ShardRecorder, thread: string, clock: Clock): () => void {
  const labels = [thread];
  let before = process.threadCpuUsage();
  let lastMs = clock.nowMs();
  let turns = 0;
  const readCpu = (): void => {
    const used = process.threadCpuUsage();
    const microseconds = used.user + used.system - before.user - before.system;
    before = used;
    recorder.count('flotilla_generator_cpu_seconds_total', labels, Math.max(0, microseconds) / 1e6);
  };
  const cancel = clock.every(EVERY_MS, () => {
    const nowMs = clock.nowMs();
    recorder.observe(
      'flotilla_generator_event_loop_delay_seconds',
      labels,
      Math.max(0, nowMs - lastMs - EVERY_MS) / 1000,
    );
    lastMs = nowMs;
    turns = (turns + 1) % CPU_TURNS;
    if (turns === 0) readCpu();
  });
  const collections = new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      // Concurrent marking and weak callbacks do not stop the thread.
      const { kind } = (entry as unknown as { detail: NodeGCPerformanceDetail }).detail;
      if (kind === constants.NODE_PERFORMANCE_GC_WEAKCB) continue;
      recorder.count('flotilla_generator_gc_seconds_total', labels, entry.duration / 1000);
    }
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    cancel();
    readCpu();
    collections.disconnect();
  };
}
