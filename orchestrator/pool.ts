// The worker threads: one Piscina pool, as many threads as shards, each given one task that lasts as long as its shard. A
// thread that dies is reported with its reason and not replaced by another run of the same shard.
import { Piscina } from 'piscina';
import type { ShardTask } from '../agent/thread-messages.ts';
import { LIMITS } from '../kernel/limits.ts';
import { messageOf } from '../kernel/result.ts';

export interface PoolOptions {
  /** Module with `runShard`. */
  readonly entry: string;
  readonly threads: number;
  /** A shard's task has ended: without a message it ran to its end. */
  readonly onEnd: (shard: number, error: string | null) => void;
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
