// The worker threads: one Piscina pool, as many threads as shards, each given one task that lasts as long as its shard. A
// thread that dies is reported with its reason and not replaced by another run of the same shard.
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { ShardTask } from '../agent/thread-messages.ts';
import { LIMITS } from '../kernel/limits.ts';
import { messageOf } from '../kernel/result.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { needsEmbedded } from './targets.ts';

/** Worker threads for a plan: a core each, one less where the embedded backend needs one, never more than devices. */
export function defaultThreads(plan: Plan): number {
  const cores = availableParallelism();
  return Math.min(Math.max(1, needsEmbedded(plan) ? cores - 1 : cores), plan.devices, LIMITS.threadsMax);
}

export interface PoolOptions {
  /** Module with `runShard`. */
  readonly entry: string;
  readonly threads: number;
  /** A shard's task has ended: without a message it ran to its end. */
  readonly onEnd: (shard: number, error: string | null) => void;
  /** A thread died before it had a task: its code could not be loaded. */
  readonly onBroken: (error: string) => void;
}

export class WorkerPool {
  readonly #piscina: Piscina;
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#piscina = new Piscina({
      filename: options.entry,
      name: 'runShard',
      minThreads: options.threads,
      maxThreads: options.threads,
      concurrentTasksPerWorker: 1,
      // A thread has sockets to serve while its task waits.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.workerHeapMib },
    });
    this.#piscina.on('error', (error) => options.onBroken(messageOf(error)));
  }

  start(hubUrl: string, token: string): void {
    const { onEnd, threads } = this.#options;
    for (let shard = 0; shard < threads; shard++) {
      const task: ShardTask = { hubUrl, token, shard, of: threads };
      this.#piscina.run(task).then(
        () => onEnd(shard, null),
        (thrown: unknown) => onEnd(shard, messageOf(thrown)),
      );
    }
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await this.#piscina.destroy();
  }
}
