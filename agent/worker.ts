// The entry of a worker thread: Piscina calls `runShard` once, and one call is one shard for its whole life.
import { ShardSession } from './shard-session.ts';
import type { ShardTask } from './thread-messages.ts';

/** Runs a shard to its end. Rejects when the hub is lost: nobody is left to report to. */
export function runShard(task: ShardTask): Promise<void> {
  // Operating errors are values here; collecting stacks for those that the runtime throws costs a tenth of the CPU.
  Error.stackTraceLimit = 0;
  return new ShardSession(task).ended;
}
