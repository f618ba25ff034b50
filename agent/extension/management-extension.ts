// The management extension of a device, as a source of work: it checks in with its gateway, lists the apps that the status page waits
// for, and installs them one after the other, what others depend on first. What an app comes to is told to the page, the gateway and
// the metrics. It is made anew for each phase and after each restart; what must outlive that is in the tree and in ExtensionMemory.
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { assert, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import type { EnforcementState } from '../../protocol/extension/app-report.ts';
import type { EspPhase } from '../../protocol/extension/management-extension.ts';
import type { AppResult } from '../../telemetry/labels.ts';
import type { DeviceContext } from '../device-context.ts';
import type { InstallJob } from '../management/jobs.ts';
import type { ManagedDevice } from '../management/managed-device.ts';
import type { Work, WorkEnd, WorkSource } from '../work.ts';
import { AppTracking, INSTALLATION, isExtensionInstalled, RESTART_REQUIRED } from './app-tracking.ts';
import { ExtensionMemory } from './extension-memory.ts';
import type { AppMemory } from './extension-memory.ts';
import { GatewayLink } from './gateway-link.ts';
import { restartAfter, runInstaller } from './installer-run.ts';
import type { FailedRun, RunEnd } from './installer-run.ts';
import { pooledPolicies } from './policy-pool.ts';

export { extensionInstalled } from './app-tracking.ts';

/** Where the apps are installed: what the status page waits for, and after the desktop the rest. */
export type ExtensionPhase = 'device-esp' | 'user-esp' | 'desktop';

const ESP_PHASE: Readonly<Record<ExtensionPhase, EspPhase>> = {
  'device-esp': 'DeviceSetup',
  'user-esp': 'AccountSetup',
  desktop: 'NotInEsp',
};
const INSTALLER = '/IntuneWindowsAgent.msi';
/** A gateway that cannot be asked is asked again after this device time; ours. */
const CHECK_IN_RETRY_MS = 3 * MINUTE_MS;

/** The extension of a device in a phase. */
export function managementExtension(device: DeviceContext, phase: ExtensionPhase): WorkSource {
  return new ManagementExtension(device, phase);
}

/** Whether an order over OMA-DM is that of the extension's own package. */
export function isManagementExtension(job: Pick<InstallJob, 'contentUrl'>): boolean {
  return job.contentUrl?.endsWith(INSTALLER) === true;
}

class ManagementExtension implements WorkSource {
  readonly #device: DeviceContext;
  readonly #phase: ExtensionPhase;
  readonly #managed: ManagedDevice;
  readonly #memory: ExtensionMemory;
  /** None after the desktop: nothing waits for the apps there. */
  readonly #tracking: AppTracking | undefined;
  readonly #gateway: GatewayLink;
  /** What the gateway has sent; shared with the other devices of the group. */
  #policies: readonly AppPolicy[] | undefined;
  #checkIns = 0;
  #checkInDueMs = 0;
  #running = false;
  #released = false;

  constructor(device: DeviceContext, phase: ExtensionPhase) {
    const { state } = device;
    assert(state.managed !== null, 'a device is managed before it has the extension');
    this.#device = device;
    this.#phase = phase;
    this.#managed = state.managed;
    this.#memory = state.extension ??= new ExtensionMemory();
    this.#tracking =
      phase === 'desktop' ? undefined : new AppTracking(state.managed, phase === 'user-esp' ? 'user' : 'device');
    const restarted = this.#memory.phase === phase;
    const reason = restarted ? 'AgentRestart' : phase === 'desktop' ? 'UserLogOn' : 'ESP';
    this.#gateway = new GatewayLink(device, this.#memory, ESP_PHASE[phase], reason);
  }

  hasWork(): boolean {
    if (this.#running || this.#released || !isExtensionInstalled(this.#managed)) return false;
    if (this.#policies !== undefined) return this.#next() !== undefined;
    return this.#checkIns < LIMITS.checkInAttemptsMax && this.#isDue(this.#checkInDueMs);
  }

  dueMs(): number | undefined {
    if (this.#running || this.#released || !isExtensionInstalled(this.#managed)) return undefined;
    if (this.#policies === undefined) {
      const waits = this.#checkIns < LIMITS.checkInAttemptsMax && !this.#isDue(this.#checkInDueMs);
      return waits ? this.#checkInDueMs : undefined;
    }
    const waiting = this.#open().map((app) => this.#memory.of(app.id)?.dueMs ?? 0);
    const due = waiting.filter((dueMs) => !this.#isDue(dueMs));
    return due.length === 0 ? undefined : Math.min(...due);
  }

  async begin(): Promise<Result<Work | undefined, StepFailure>> {
    if (this.#policies === undefined) return this.#checkIn();
    const app = this.#next();
    if (app === undefined) return ok(undefined);
    this.#running = true;
    const missing = this.#missingFor(app);
    return missing === undefined ? this.#install(app) : this.#skip(app, missing);
  }

  failure(): StepFailure | undefined {
    for (const app of this.#policies ?? []) {
      const code = this.#memory.of(app.id)?.failure;
      if (app.targeted && code !== undefined && code !== null) return stepFailure(code, app.name).error;
    }
    return undefined;
  }

  release(failedToo: boolean): void {
    this.#released = true;
    this.#gateway.rest();
    if (!failedToo) return;
    for (const { id } of this.#policies ?? []) {
      const end = this.#memory.of(id)?.end;
      if (end === 'failed' || end === 'skipped') this.#memory.forget(id);
    }
  }

  /** A gateway that fails is asked again; only the page's time-out ends that. */
  async #checkIn(): Promise<Result<undefined, StepFailure>> {
    this.#checkIns++;
    this.#running = true;
    const payload = await this.#gateway.checkIn();
    if (this.#released) return ok(undefined);
    this.#running = false;
    if (payload.ok) {
      const policies = pooledPolicies(payload.value);
      if (policies.ok) {
        this.#policies = policies.value;
        this.#memory.phase = this.#phase;
        this.#tracking?.list(policies.value.filter(({ targeted }) => targeted));
        this.#restIfDone();
        return ok(undefined);
      }
    } else if (payload.error.code === 'abandoned') return payload;
    this.#checkInDueMs = this.#device.ledger.deviceMs + CHECK_IN_RETRY_MS;
    return ok(undefined);
  }

  async #install(app: AppPolicy): Promise<Result<Work | undefined, StepFailure>> {
    const { cohort, shard, ledger } = this.#device;
    const memory = this.#memory.begun(app.id, ledger.deviceMs);
    if (app.targeted) this.#tracking?.reached(app, INSTALLATION.inProgress);
    const content = await this.#gateway.fetch(app);
    if (this.#released) return ok(undefined);
    if (!content.ok) {
      const { code, detail } = content.error;
      if (code === 'abandoned') return content;
      await this.#attemptFailed(app, memory, { kind: 'failed', code, detail: `${app.name}: ${detail}`, again: false });
      return ok(undefined);
    }
    shard.recorder.count('flotilla_content_bytes_total', [cohort.site], content.value.bytes);
    const { deviceMs, end } = runInstaller(this.#device, app, memory);
    // A wait that closes the connections (DeviceContext.wait) ends the burst of requests, too.
    if (deviceMs / shard.clock.speed > LIMITS.idleConnectionMs) this.#gateway.rest();
    const blocking = app.targeted && this.#tracking !== undefined;
    return ok({ deviceMs, blocking, finish: () => this.#finish(app, memory, end) });
  }

  async #finish(app: AppPolicy, memory: AppMemory, end: RunEnd): Promise<WorkEnd> {
    if (end.kind === 'failed') {
      await this.#attemptFailed(app, memory, end);
      return 'done';
    }
    memory.attempts++;
    memory.end = 'installed';
    const restart = restartAfter(app, end.type);
    if (app.targeted) {
      this.#tracking?.reached(app, INSTALLATION.completed);
      this.#tracking?.asks(app, RESTART_REQUIRED[restart]);
    }
    this.#count(app, memory, 'installed');
    await this.#ended(app, restart === 'none' ? 'success' : 'restart-pending');
    // Restarts are permitted in the device phase only (flow.md 9.3); later ones are noted in the tree.
    if (this.#phase !== 'device-esp' || restart === 'none') return 'done';
    return restart === 'hard' ? 'restart-now' : 'restart-later';
  }

  /** The app is tried again some time later, as its policy says, or has failed. */
  async #attemptFailed(app: AppPolicy, memory: AppMemory, { code, detail, again }: FailedRun): Promise<void> {
    memory.attempts++;
    if (again) memory.reruns++;
    if (memory.attempts < app.attemptsMax) {
      memory.dueMs = this.#device.ledger.deviceMs + app.retryMinutes * MINUTE_MS;
      this.#gateway.rest();
      this.#running = false;
      return;
    }
    memory.end = 'failed';
    this.#count(app, memory, 'failed');
    const state = code === '0x87d30068' ? 'error-downloading' : 'error';
    await this.#failed(app, memory, stepFailure(code, detail).error, state);
  }

  /** It is not attempted: what it depends on has failed. */
  async #skip(app: AppPolicy, cause: FailureCode): Promise<Result<undefined, StepFailure>> {
    const memory = this.#memory.begun(app.id, this.#device.ledger.deviceMs);
    memory.end = 'skipped';
    this.#count(app, memory, 'skipped');
    const failure = stepFailure(cause, `${app.name}: an app that it depends on has failed`).error;
    await this.#failed(app, memory, failure, 'dependency-failed');
    return ok(undefined);
  }

  async #failed(app: AppPolicy, memory: AppMemory, failure: StepFailure, state: EnforcementState): Promise<void> {
    memory.failure = failure.code;
    if (app.targeted && this.#tracking !== undefined) this.#tracking.reached(app, INSTALLATION.failed);
    else this.#device.noteSoftFailure(failure);
    await this.#ended(app, state, failure);
  }

  /** An app is done with. */
  async #ended(app: AppPolicy, state: EnforcementState, failure?: StepFailure): Promise<void> {
    await this.#gateway.report(app, state, failure);
    this.#running = false;
    this.#restIfDone();
  }

  #count(app: AppPolicy, { startedMs }: AppMemory, result: AppResult): void {
    const { recorder } = this.#device.shard;
    recorder.count('flotilla_app_installs_total', [app.name, result]);
    if (result === 'skipped') return;
    const tookMs = this.#device.ledger.deviceMs - startedMs;
    recorder.observe('flotilla_app_duration_seconds', [app.name], tookMs / SECOND_MS);
  }

  /** Apps that have not come to an end. */
  #open(): readonly AppPolicy[] {
    return (this.#policies ?? []).filter(({ id }) => (this.#memory.of(id)?.end ?? null) === null);
  }

  /** The next app to begin: the first, as listed, whose time has come and whose dependencies have come to an end. */
  #next(): AppPolicy | undefined {
    const open = this.#open();
    const pending = new Set(open.map(({ id }) => id));
    return open.find(
      ({ id, dependencies }) =>
        this.#isDue(this.#memory.of(id)?.dueMs ?? 0) && !dependencies.some((needed) => pending.has(needed)),
    );
  }

  /** Why an app that is needed first is not there. */
  #missingFor({ dependencies }: AppPolicy): FailureCode | undefined {
    for (const id of dependencies) {
      const failure = this.#memory.of(id)?.failure;
      if (failure !== undefined && failure !== null) return failure;
    }
    return undefined;
  }

  /** The next phase asks the gateway again, over the same connection unless a wait closes it; after the desktop there is none. */
  #restIfDone(): void {
    if (this.#open().length > 0) return;
    this.#gateway.rest();
    if (this.#phase === 'desktop') this.#gateway.close();
  }

  #isDue(dueMs: number): boolean {
    return dueMs <= this.#device.ledger.deviceMs;
  }
}
