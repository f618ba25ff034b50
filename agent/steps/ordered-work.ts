// Work that the management server ordered over OMA-DM: MSI packages, modern apps, certificates. Each is fetched, installed and tried
// again as its order says, and shows where it stands in its Status. Source: EnterpriseDesktopAppManagement CSP (MsiInstallJob: TimeOut,
// RetryCount and RetryInterval of download and installation).
import type { StepFailure } from '../../catalog/failures.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { configManagerInstalled, isConfigManagerClient } from '../co-management/config-manager-client.ts';
import type { DeviceContext } from '../device-context.ts';
import { extensionInstalled, isManagementExtension } from '../extension/management-extension.ts';
import { runCertificateJob } from '../management/certificate-jobs.ts';
import { isExpected } from '../management/esp-tracking.ts';
import { JOB_ERRORS } from '../management/job-reports.ts';
import type { InstallJob } from '../management/jobs.ts';
import { managedOf } from './manage.ts';
import type { Work, WorkEnd, WorkSource } from '../work.ts';

interface Order {
  readonly job: InstallJob;
  /** How often it was begun. */
  attempts: number;
  /** Device time before which it is not begun again. */
  dueMs: number;
}

/** Where the work is done: what the page waits for blocks it, and after the desktop nothing does. */
export type WorkPhase = 'device-esp' | 'user-esp' | 'desktop';

export class OrderedWork implements WorkSource {
  readonly #device: DeviceContext;
  readonly #phase: WorkPhase;
  #orders: Order[] = [];
  #running: Order | undefined;
  #failed: InstallJob[] = [];
  #failure: StepFailure | undefined;
  #released = false;

  constructor(device: DeviceContext, phase: WorkPhase) {
    this.#device = device;
    this.#phase = phase;
  }

  hasWork(): boolean {
    this.#take();
    return this.#orders.some(({ dueMs }) => this.#isDue(dueMs));
  }

  dueMs(): number | undefined {
    const waiting = this.#orders.filter(({ dueMs }) => !this.#isDue(dueMs));
    return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueMs }) => dueMs));
  }

  failure(): StepFailure | undefined {
    return this.#failure;
  }

  release(failedToo: boolean): void {
    this.#take();
    this.#released = true;
    const open = this.#running === undefined ? this.#orders : [this.#running, ...this.#orders];
    managedOf(this.#device).returnJobs([...(failedToo ? this.#failed : []), ...open.map(({ job }) => job)]);
    this.#orders = [];
    this.#running = undefined;
    this.#failed = [];
  }

  async begin(): Promise<Result<Work | undefined, StepFailure>> {
    this.#take();
    const at = this.#orders.findIndex(({ dueMs }) => this.#isDue(dueMs));
    const [order] = at < 0 ? [] : this.#orders.splice(at, 1);
    if (order === undefined) return ok(undefined);
    this.#running = order;
    order.attempts++;
    const { job } = order;
    const managed = managedOf(this.#device);
    managed.jobReached(job, 'downloading');
    if (job.kind === 'scep') return this.#certificate(job);
    if (job.contentUrl !== undefined) {
      const fetched = await this.#fetch(job, job.contentUrl);
      if (this.#released) return ok(undefined);
      if (!fetched.ok) return fetched.error.code === 'abandoned' ? fetched : this.#downloadFailed(order, fetched.error);
      managed.jobReached(job, 'downloaded');
    }
    managed.jobReached(job, 'installing');
    return ok(this.#installation(order));
  }

  /** A certificate is issued, not installed; why it was not is noted by who asked for it. */
  async #certificate(job: InstallJob): Promise<Result<undefined, StepFailure>> {
    const managed = managedOf(this.#device);
    const outcome = await runCertificateJob(this.#device, managed, job);
    if (this.#released) return ok(undefined);
    if (!outcome.ok) return outcome;
    this.#running = undefined;
    managed.finishJob(job, outcome.value);
    if (outcome.value === 'failed') this.#failed.push(job);
    return ok(undefined);
  }

  #take(): void {
    for (const job of managedOf(this.#device).takeJobs()) this.#orders.push({ job, attempts: 0, dueMs: 0 });
  }

  #isDue(dueMs: number): boolean {
    return dueMs <= this.#device.ledger.deviceMs;
  }

  async #fetch(job: InstallJob, url: string): Promise<Result<null, StepFailure>> {
    const { cohort, network, services, shard } = this.#device;
    const expected = job.fileHash === undefined ? undefined : { sha256Hex: job.fileHash };
    const content = await services.downloadContent(network, url, expected);
    if (!content.ok) return content;
    shard.recorder.count('flotilla_content_bytes_total', [cohort.site], content.value.bytes);
    return ok(null);
  }

  /** Content that cannot be had, or is not what was announced, fails the job and not the device. */
  #downloadFailed(order: Order, failure: StepFailure): { readonly ok: true; readonly value: undefined } {
    const managed = managedOf(this.#device);
    if (this.#again(order)) managed.jobReached(order.job, 'download-retry');
    else {
      managed.downloadFailed(order.job);
      this.#fail(order.job, failure);
    }
    return ok(undefined);
  }

  #installation(order: Order): Work {
    const { job, attempts } = order;
    const { cohort } = this.#device;
    const blocking = this.#phase !== 'desktop' && isExpected(managedOf(this.#device), job);
    const installMs = this.#device.draw(cohort.installs.app, `install:${job.scope}:${job.id}:${attempts}`);
    const timeoutMs = job.timeoutMs ?? Infinity;
    const inTime = installMs <= timeoutMs;
    const finish = (): WorkEnd => (inTime ? this.#succeeded(order) : this.#timedOut(order));
    return { deviceMs: Math.min(installMs, timeoutMs), blocking, finish };
  }

  #succeeded({ job }: Order): WorkEnd {
    const managed = managedOf(this.#device);
    this.#running = undefined;
    managed.finishJob(job, 'succeeded');
    // Packages that bring an agent: from here on it has work of its own.
    if (isManagementExtension(job)) extensionInstalled(managed);
    if (isConfigManagerClient(job)) configManagerInstalled(managed);
    return 'done';
  }

  /** The installer ran longer than its order allows. */
  #timedOut(order: Order): WorkEnd {
    const managed = managedOf(this.#device);
    if (this.#again(order)) managed.jobReached(order.job, 'install-retry');
    else {
      managed.finishJob(order.job, 'failed', JOB_ERRORS.timedOut);
      this.#fail(order.job, stepFailure('0x87d1041c', `${order.job.id}: the installer took too long`).error);
    }
    return 'done';
  }

  /** Whether the job is tried again, after its interval. */
  #again(order: Order): boolean {
    this.#running = undefined;
    const { retryCount = 0, retryIntervalMs = 0 } = order.job;
    if (order.attempts > retryCount) return false;
    order.dueMs = this.#device.ledger.deviceMs + retryIntervalMs;
    this.#orders.push(order);
    return true;
  }

  #fail(job: InstallJob, failure: StepFailure): void {
    this.#failed.push(job);
    if (isExpected(managedOf(this.#device), job)) this.#failure ??= failure;
    else this.#device.noteSoftFailure(failure);
  }
}
