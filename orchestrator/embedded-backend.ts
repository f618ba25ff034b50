// The embedded backend as the orchestrator sees it: a child process that is configured once, tells where its services are,
// and reports what it uses. Its death is noticed here; what that means for the run is decided elsewhere.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type {
  BackendReady,
  BackendUsage,
  BeginRun,
  ConfigureBackend,
  FromBackend,
} from '../catalog/backend-messages.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { LIMITS } from '../kernel/limits.ts';

export interface EmbeddedBackendOptions {
  /** Path of the process's module. */
  readonly entry: string;
  readonly clock: Clock;
  /** What the backend says on its standard error, line by line. */
  readonly onLine: (line: string) => void;
  readonly onUsage: (usage: BackendUsage) => void;
  /** It ended although nobody told it to; at most once. */
  readonly onDeath: (message: string) => void;
}

export class EmbeddedBackend {
  readonly #child: ChildProcess;
  readonly #options: EmbeddedBackendOptions;
  readonly #answer = Promise.withResolvers<Result<BackendReady, string>>();
  readonly #exited = Promise.withResolvers<void>();
  #stopping = false;

  /** Starts the process; it loads its code while the caller goes on, and waits to be configured. */
  constructor(options: EmbeddedBackendOptions) {
    this.#options = options;
    // A group of its own, so that Ctrl-C in a terminal reaches the orchestrator alone, which ends the backend last.
    this.#child = fork(options.entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
      execArgv: ['--no-lazy-feedback-allocation'], // as in bin/flotilla.js, for the same reason
    });
    this.#child.on('message', (message) => this.#received(message as FromBackend));
    this.#child.on('error', (error) => this.#ended(error.message));
    this.#child.on('exit', (code, signal) => this.#ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
    this.#forwardLines();
  }

  /** Configures it once; where its services are, or why it cannot start. */
  async configure(tenant: TenantConfig): Promise<Result<BackendReady, string>> {
    const message: ConfigureBackend = { kind: 'configure', tenant };
    if (this.#child.connected) this.#child.send(message);
    const cancel = this.#options.clock.after(LIMITS.startWithinMs, () =>
      this.#answer.resolve(fail('the embedded backend did not get ready in time')),
    );
    const answer = await this.#answer.promise;
    cancel();
    return answer;
  }

  /** The run begins: the windows of the tenant's faults count from now. */
  begin(): void {
    const message: BeginRun = { kind: 'begin' };
    if (this.#child.connected) this.#child.send(message);
  }

  /** Comes with its next report on what it uses (one each second), or when none comes any more. */
  async nextUsage(): Promise<void> {
    if (this.#stopping) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(LIMITS.usageWithinMs, resolve);
    this.#child.once('message', () => resolve());
    await Promise.race([promise, this.#exited.promise]);
    cancel();
  }

  /** Ends the process: politely, then firmly. */
  async stop(): Promise<void> {
    if (this.#stopping || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#stopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const cancel = this.#options.clock.after(LIMITS.stopWithinMs, () => this.#child.kill('SIGKILL'));
    await this.#exited.promise;
    cancel();
  }

  #received(message: FromBackend): void {
    if (message.kind === 'ready') this.#answer.resolve(ok(message));
    else if (message.kind === 'refused') this.#answer.resolve(fail(message.message));
    else this.#options.onUsage(message);
  }

  #ended(how: string): void {
    this.#answer.resolve(fail(`the embedded backend ended (${how})`));
    this.#exited.resolve();
    if (this.#stopping) return;
    this.#stopping = true;
    this.#options.onDeath(how);
  }

  #forwardLines(): void {
    let rest = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, LIMITS.lineCharactersMax);
      for (const line of lines) if (line !== '') this.#options.onLine(line.slice(0, LIMITS.lineCharactersMax));
    });
  }
}
