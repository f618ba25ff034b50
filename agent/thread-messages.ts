// What crosses from the orchestrator to a worker thread when a shard's task is given. Everything after that (orders, frames)
// goes over the WebSocket, so that a local and a remote shard are alike. The only file of agent that orchestrator imports.

export interface ShardTask {
  /** `ws://...` of the telemetry hub. */
  readonly hubUrl: string;
  /** Bearer token that the hub asks for. */
  readonly token: string;
  /** Number of this shard, from 0, and of all shards. */
  readonly shard: number;
  readonly of: number;
}
