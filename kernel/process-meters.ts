// What this thread and process cost: CPU, garbage collection, memory. A load generator that does not measure itself cannot
// say whether its figures are the target's. Nothing here decides anything that a run's outcome depends on.
import { PerformanceObserver } from 'node:perf_hooks';

/** CPU seconds (user and system) that the calling thread has used since it began. */
export function threadCpuSeconds(): number {
  const usage = process.threadCpuUsage();
  return (usage.user + usage.system) / 1e6;
}

/** CPU seconds (user and system) of all threads of this process since it began. */
export function processCpuSeconds(): number {
  const usage = process.cpuUsage();
  return (usage.user + usage.system) / 1e6;
}

/** Resident memory of the whole process, in bytes. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}

/** Heap in use by the calling thread, in bytes. */
export function heapUsedBytes(): number {
  return process.memoryUsage().heapUsed;
}

/** Calls `pause` with the length of each garbage collection of the calling thread, in seconds, until the returned function is called. */
export function watchGarbageCollection(pause: (seconds: number) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) pause(entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
