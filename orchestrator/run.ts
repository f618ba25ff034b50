// One run of a plan, from the first process to the last file. It takes only a plan: what a scenario is, it does not know.
// Everything that can happen during a run comes together here; what each part does stands in its own file.
import { availableParallelism } from 'node:os';
import type { BackendReady } from '../catalog/backend-messages.ts';
import { LIMITS } from '../kernel/limits.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { randomToken } from '../kernel/secrets.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import type { TraceEntry } from '../telemetry/messages.ts';
import { derivedSeries } from './derived-series.ts';
import { EmbeddedBackend } from './embedded-backend.ts';
import { entryPoints, packageVersion } from './entry-points.ts';
import { EXIT } from './exit-codes.ts';
import { Hub } from './hub.ts';
import { JournalWriter } from './journal.ts';
import { JOURNAL_VERSION, withoutSecrets } from './journal-entries.ts';
import type { JournalHeader } from './journal-entries.ts';
import { OwnTelemetry } from './own-telemetry.ts';
import { WorkerPool } from './pool.ts';
import { progressView } from './progress.ts';
import type { ProgressView } from './progress.ts';
import { metricsRegistry, serveMetrics } from './prometheus.ts';
import type { MetricsEndpoint } from './prometheus.ts';
import { appendTrace, journalPath, tracePath } from './run-directory.ts';
import type { Refusal, RunOptions, RunOutcome } from './run-options.ts';
import { RunRecord } from './run-record.ts';
import { ShardBoard } from './shard-board.ts';
import { summarize } from './summary.ts';
import { endpointsOf, needsEmbedded, probeTargets, refusedHosts } from './targets.ts';
import { exitCodeOf } from './verdict.ts';

/** How often progress is shown, and how often the orchestrator reports on itself. */
const PROGRESS_EVERY_MS = 250;
const OWN_FRAME_EVERY_MS = 1_000;
/** The barrier opens this long after the order is sent, so that it reaches every shard before. */
const START_LEAD_MS = 25;

export async function runPlan(plan: Plan, options: RunOptions): Promise<RunOutcome> {
  const refused = refusedHosts(plan);
  if (refused.length > 0) {
    const message = `Never a target: ${refused.join(', ')}.`;
    return { kind: 'refused', exitCode: EXIT.targetRefused, message };
  }
  const journal = JournalWriter.create(journalPath(options.directory.path));
  if (!journal.ok) {
    return { kind: 'refused', exitCode: EXIT.usage, message: `The journal cannot be written: ${journal.error}.` };
  }
  const run = new LiveRun(plan, options, journal.value);
  try {
    return await run.execute();
  } finally {
    await run.dispose();
  }
}

class LiveRun {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #record: RunRecord;
  readonly #board: ShardBoard;
  readonly #own: OwnTelemetry;
  readonly #hub: Hub;
  readonly #token = randomToken();
  /** Comes when the run must not go on as planned: it cannot start, or has been waited for long enough. */
  readonly #giveUp = Promise.withResolvers<Refusal | null>();
  readonly #disposals: (() => void | Promise<void>)[] = [];
  #backend: EmbeddedBackend | null = null;
  #startAtMs: number | null = null;
  #over = false;
  #interrupts = 0;

  constructor(plan: Plan, options: RunOptions, journal: JournalWriter) {
    this.#plan = plan;
    this.#options = options;
    const header: JournalHeader = {
      kind: 'header',
      journalVersion: JOURNAL_VERSION,
      run: options.directory.run,
      version: packageVersion(),
      createdAtMs: options.clock.wallMs(),
      shards: options.threads,
      cores: availableParallelism(),
      plan: withoutSecrets(plan),
    };
    this.#record = new RunRecord(header, journal, (reason) =>
      this.#giveUp.resolve({ exitCode: EXIT.error, message: `The journal cannot be written: ${reason}.` }),
    );
    this.#board = new ShardBoard(options.threads);
    this.#own = new OwnTelemetry(this.#record.ledger.orchestratorShard, options.clock);
    this.#hub = new Hub({
      token: this.#token,
      shards: options.threads,
      clock: options.clock,
      keepFrame: (shard, bytes) =>
        this.#board.isOver(shard) ? fail('the shard is over') : this.#record.keepFrame(shard, bytes),
      lastSequence: (shard) => this.#record.ledger.totals.lastSequence(shard),
      onReady: (shard) => this.#board.move(shard, 'ready'),
      onFailed: (shard, message) => this.#shardFailed(shard, message),
      onTrace: (device, entries) => this.#trace(device, entries),
      onBye: (shard) => this.#board.move(shard, 'left'),
    });
  }

  async execute(): Promise<RunOutcome> {
    this.#disposals.push(this.#options.onInterrupt(() => this.#interrupt()));
    const ready = await this.#prepare();
    if (!ready.ok) return { kind: 'refused', ...ready.error };
    this.#start();
    const giveUp = await Promise.race([this.#board.allEnded.then(() => null), this.#giveUp.promise]);
    if (giveUp !== null) return { kind: 'refused', ...giveUp };
    return this.#finish();
  }

  /** Ends everything that was started, in the opposite order. */
  async dispose(): Promise<void> {
    this.#over = true;
    for (const disposal of this.#disposals.toReversed()) await disposal();
    this.#record.close();
  }

  /** Brings up endpoint, hub, workers and backend side by side, and waits at the barrier. */
  async #prepare(): Promise<Result<null, Refusal>> {
    const { clock, metricsPort, reporter, threads } = this.#options;
    if (needsEmbedded(this.#plan)) this.#backend = this.#startBackend();
    const endpoint = await this.#serveMetrics();
    if (!endpoint.ok) {
      const message = `Metrics cannot be served on port ${metricsPort ?? ''}: ${endpoint.error}.`;
      return fail({ exitCode: EXIT.usage, message });
    }
    const hubUrl = await this.#hub.listen();
    this.#disposals.push(() => this.#hub.close());
    const pool = new WorkerPool({
      entry: entryPoints().worker,
      threads,
      onEnd: (shard, error) => this.#taskEnded(shard, error),
      onBroken: (error) =>
        this.#giveUp.resolve({ exitCode: EXIT.invalid, message: `A worker thread cannot be started: ${error}.` }),
    });
    this.#disposals.push(() => pool.destroy());
    pool.start(hubUrl, this.#token);

    const [configured, unreachable] = await Promise.all([
      this.#backend === null ? ok(null) : this.#backend.configure(this.#plan.tenant),
      probeTargets(this.#plan, clock),
    ]);
    if (!configured.ok) return fail({ exitCode: EXIT.invalid, message: `${configured.error}.` });
    if (unreachable.length > 0) {
      const message = ['The target cannot be used.', ...unreachable].join('\n');
      return fail({ exitCode: EXIT.targetRefused, message });
    }
    reporter.phase(`Metrics at ${endpoint.value.url}${endpoint.value.moved ? ' (the usual port is taken)' : ''}`);
    reporter.phase(`Registering ${this.#plan.devices} devices`);
    this.#order(configured.value);
    const gaveUp = await Promise.race([this.#board.allReady.then(() => null), this.#giveUp.promise]);
    return gaveUp === null ? ok(null) : fail(gaveUp);
  }

  #startBackend(): EmbeddedBackend {
    const backend = new EmbeddedBackend({
      entry: entryPoints().backend,
      clock: this.#options.clock,
      onLine: (line) => this.#options.reporter.notice(line),
      onUsage: (usage) => this.#own.backendUses(usage),
      onDeath: (message) => {
        if (this.#over) return;
        this.#options.reporter.notice(`The embedded backend died (${message}); devices go on and will fail.`);
        this.#record.add({ kind: 'backend-died', atMs: this.#options.clock.wallMs(), message });
      },
    });
    this.#disposals.push(() => backend.stop());
    return backend;
  }

  async #serveMetrics(): Promise<Result<MetricsEndpoint, string>> {
    const { clock, metricsPort } = this.#options;
    const registry = metricsRegistry(
      () => this.#record.ledger.totals,
      (metric) => {
        const elapsedMs = this.#startAtMs === null ? null : clock.wallMs() - this.#startAtMs;
        return derivedSeries(metric, this.#record.ledger.totals, this.#plan, elapsedMs);
      },
    );
    const endpoint = await serveMetrics(registry, metricsPort);
    if (endpoint.ok) this.#disposals.push(() => endpoint.value.close());
    return endpoint;
  }

  #order(backend: BackendReady | null): void {
    const { threads, traceDevice } = this.#options;
    const roots = [backend?.caPem, this.#plan.targetCa].filter((pem) => typeof pem === 'string');
    const embeddedRegistration = backend !== null && this.#plan.target.registration === 'embedded';
    this.#hub.order((shard) => ({
      kind: 'orders',
      plan: this.#plan,
      shard,
      of: threads,
      endpoints: endpointsOf(this.#plan, backend?.endpoints ?? null),
      trust: { ca: roots.length === 0 ? null : roots.join('\n') },
      ...(embeddedRegistration && { registrationToken: backend.admin.token }),
      ...(traceDevice !== undefined && { traceDevice }),
    }));
  }

  #start(): void {
    const { clock, reporter } = this.#options;
    this.#own.start();
    const atMs = clock.wallMs() + START_LEAD_MS;
    this.#startAtMs = atMs;
    this.#record.add({ kind: 'start', atMs });
    this.#hub.tell({ kind: 'start', atWallMs: atMs });
    this.#backend?.begin();
    this.#disposals.push(
      clock.every(OWN_FRAME_EVERY_MS, () => this.#record.keepOwnFrame(this.#own.takeFrame())),
      clock.every(PROGRESS_EVERY_MS, () => {
        if (!this.#over) reporter.progress(this.#view());
      }),
    );
  }

  #view(): ProgressView {
    const elapsedMs = this.#startAtMs === null ? 0 : Math.max(0, this.#options.clock.wallMs() - this.#startAtMs);
    return progressView(this.#record.ledger.totals, elapsedMs, this.#interrupts > 0);
  }

  async #finish(): Promise<RunOutcome> {
    const { clock, reporter } = this.#options;
    // The backend's last second belongs to the run; a person who pressed Ctrl-C does not wait for it.
    if (this.#interrupts === 0) await this.#backend?.nextUsage();
    this.#own.stop();
    this.#record.keepOwnFrame(this.#own.takeFrame());
    this.#record.end(clock.wallMs());
    this.#over = true;
    const summary = summarize(this.#record.ledger);
    await reporter.ended(summary);
    return { kind: 'ended', exitCode: exitCodeOf(summary.verdict), summary };
  }

  #trace(device: number, entries: readonly TraceEntry[]): void {
    const { directory, reporter } = this.#options;
    const written = appendTrace(directory.path, device, entries);
    if (!written.ok) reporter.notice(`${tracePath(directory.path, device)} cannot be written: ${written.error}`);
  }

  #shardFailed(shard: number, message: string): void {
    const { clock, reporter } = this.#options;
    if (this.#startAtMs === null) {
      this.#giveUp.resolve({ exitCode: EXIT.targetRefused, message: `The devices cannot be registered: ${message}.` });
      return;
    }
    reporter.notice(`Worker ${shard} reports: ${message}`);
    this.#record.add({ kind: 'reported', atMs: clock.wallMs(), shard, message });
  }

  #taskEnded(shard: number, error: string | null): void {
    if (this.#over) return;
    if (error !== null) {
      this.#shardDied(shard, error);
      return;
    }
    // Its goodbye may still be on its way through the socket.
    const cancel = this.#options.clock.after(LIMITS.byeWithinMs, () =>
      this.#shardDied(shard, 'it left without a word'),
    );
    this.#disposals.push(cancel);
  }

  #shardDied(shard: number, message: string): void {
    if (this.#over || this.#board.isOver(shard)) return;
    const { clock, reporter } = this.#options;
    if (this.#startAtMs === null) {
      this.#giveUp.resolve({ exitCode: EXIT.invalid, message: `Worker ${shard} died before the start: ${message}.` });
      return;
    }
    reporter.notice(`Worker ${shard} died (${message}); its devices are settled by the plan.`);
    this.#hub.dismiss(shard);
    this.#board.move(shard, 'dead');
    this.#record.add({ kind: 'shard-died', atMs: clock.wallMs(), shard, message });
  }

  /** Once: no more arrivals, devices in flight finish within a bound. Twice: whatever is known is written now. */
  #interrupt(): void {
    const { clock } = this.#options;
    this.#interrupts++;
    if (this.#startAtMs === null) {
      this.#giveUp.resolve({ exitCode: EXIT.interrupted, message: 'Interrupted before the start.' });
    } else if (this.#interrupts === 1) {
      this.#record.add({ kind: 'interrupted', atMs: clock.wallMs() });
      this.#hub.tell({ kind: 'stop-arrivals' });
      this.#hub.tell({ kind: 'finish', withinMs: LIMITS.drainMs });
      const graceMs = LIMITS.drainMs + LIMITS.abandonMs + LIMITS.byeWithinMs;
      this.#disposals.push(clock.after(graceMs, () => this.#giveUp.resolve(null)));
    } else {
      this.#giveUp.resolve(null);
    }
  }
}
