// One shard's conversation with the hub: takes orders, registers its devices, waits at the barrier, runs them, sends frames
// while it does, and leaves when the last frame is acknowledged. What the devices do is not its concern.
import { RealClock, type Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/result.ts';
import { Stop } from '../kernel/stop.ts';
import { SECOND_MS } from '../kernel/units.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { startGeneratorProbe } from '../telemetry/generator-probe.ts';
import type { HubMessage, Orders } from '../telemetry/messages.ts';
import { ShardRecorder } from '../telemetry/recorder.ts';
import { HubClient } from './hub-client.ts';
import { ShardFleet } from './shard-fleet.ts';
import type { ShardRunner } from './shard-runner.ts';
import type { ShardTask } from './thread-messages.ts';

const FRAME_EVERY_MS = SECOND_MS / 4;
/** The hub acknowledges a frame once it is in the journal; later than this and it is not coming. */
const LAST_FRAME_WITHIN_MS = 30 * SECOND_MS;
/** Distinct messages of unexpected errors that one shard reports. */
const ERRORS_MAX = 20;

export class ShardSession {
  readonly #hub: HubClient<Plan>;
  readonly #stop = new Stop();
  readonly #errors = new Set<string>();
  readonly #end = Promise.withResolvers<void>();
  /** The runner, once there were orders; comes to nothing when the shard could not be prepared. */
  #runner: Promise<ShardRunner | undefined> | undefined;
  #endProbe: () => void = () => {};

  constructor(task: ShardTask) {
    this.#hub = new HubClient<Plan>({
      url: task.hubUrl,
      token: task.token,
      shard: task.shard,
      clock: new RealClock(),
      onMessage: (message) => this.#obey(message),
      onLost: (reason) => this.#lost(reason),
    });
  }

  /** Comes when the shard has nothing left to say; rejects when there is nobody to say it to. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  #obey(message: HubMessage<Plan>): void {
    switch (message.kind) {
      case 'orders':
        // Orders come again after a reconnect; they are the same.
        this.#runner ??= this.#prepare(message);
        break;
      case 'start':
        void this.#tell((runner) => runner.start(message.atWallMs));
        break;
      case 'stop-arrivals':
        void this.#tell((runner) => runner.stopArrivals());
        break;
      case 'finish':
        void this.#tell((runner) => runner.finish(message.withinMs));
        break;
      case 'halt':
        // Ends a registration that is under way, too.
        this.#stop.stop();
        void this.#tell((runner) => runner.finish(0));
        break;
      case 'ack':
        break;
    }
  }

  async #tell(order: (runner: ShardRunner) => void): Promise<void> {
    const runner = await this.#runner;
    if (runner !== undefined) order(runner);
  }

  async #prepare(orders: Orders<Plan>): Promise<ShardRunner | undefined> {
    const clock = new RealClock(orders.plan.speed);
    const recorder = new ShardRecorder(orders.shard, clock);
    this.#endProbe = startGeneratorProbe(recorder, String(orders.shard), clock);
    const fleet = new ShardFleet(orders, clock, recorder, this.#stop, {
      trace: (device, entry) => this.#hub.send({ kind: 'trace', device, entries: [entry] }),
      error: (message) => this.#reportError(message),
    });
    const beganMs = clock.nowMs();
    const registered = await fleet.register().catch((thrown: unknown) => messageOf(thrown));
    if (typeof registered === 'string') {
      this.#hub.send({ kind: 'failed', message: registered });
      this.#leave();
      return undefined;
    }
    const runner = fleet.runner();
    void this.#report(runner, recorder, clock);
    const registrationSeconds = (clock.nowMs() - beganMs) / SECOND_MS;
    this.#hub.send({ kind: 'ready', shard: orders.shard, registered, registrationSeconds });
    return runner;
  }

  /** Sends frames until the last device is done, then what is left, and leaves. */
  async #report(runner: ShardRunner, recorder: ShardRecorder, clock: Clock): Promise<void> {
    const cancelFrames = clock.every(FRAME_EVERY_MS, () => this.#sendFrame(recorder));
    await runner.done;
    cancelFrames();
    this.#endProbe();
    if (!this.#hub.hasRoom) await this.#hub.acknowledged(LAST_FRAME_WITHIN_MS);
    this.#sendFrame(recorder);
    if (await this.#hub.acknowledged(LAST_FRAME_WITHIN_MS)) this.#hub.send({ kind: 'bye' });
    this.#leave();
  }

  /** While the hub is away and the bound is reached no frame is taken: the recorder goes on adding up. */
  #sendFrame(recorder: ShardRecorder): void {
    if (this.#hub.hasRoom) this.#hub.sendFrame(recorder.takeFrame());
  }

  /** An error that no device should have thrown: reported once for each distinct message. */
  #reportError(message: string): void {
    if (this.#errors.size >= ERRORS_MAX || this.#errors.has(message)) return;
    this.#errors.add(message);
    this.#hub.send({ kind: 'failed', message });
  }

  #lost(reason: string): void {
    this.#stop.stop();
    this.#endProbe();
    this.#end.reject(new Error(`lost the telemetry hub: ${reason}`));
  }

  #leave(): void {
    this.#endProbe();
    this.#hub.close();
    this.#end.resolve();
  }
}
