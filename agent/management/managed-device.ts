// A device as its management server sees it: the tree, the work that the server ordered, the alerts that wait for the next
// session, and the count of sessions. It keeps no message, no identity and no connection.
import { LIMITS } from '../../kernel/limits.ts';
import type { GenericAlert } from './client-alert.ts';
import type { DeviceFacts } from './device-facts.ts';
import { endAlert, JOB_ERRORS, JOB_REPORTS } from './job-reports.ts';
import type { InstallJob, JobOutcome, JobStage } from './jobs.ts';
import { encodeSegment } from './loc-uri.ts';
import { clearRestartRequests } from './restart-requests.ts';
import { ManagementTree } from './tree.ts';

/** SessionID is at most 0xFFFF ([MS-MDM] 2.2.4.1). */
const SESSION_IDS = 0xffff;

export class ManagedDevice {
  readonly tree: ManagementTree;
  #sessions = 0;
  #alerts: GenericAlert[] = [];

  constructor(facts: DeviceFacts) {
    this.tree = new ManagementTree(facts);
  }

  get facts(): DeviceFacts {
    return this.tree.facts;
  }

  /** The SessionID of a new session, 1 to 65535. */
  nextSessionId(): string {
    return String((this.#sessions++ % SESSION_IDS) + 1);
  }

  /** What the server ordered since the last call. */
  takeJobs(): InstallJob[] {
    return this.tree.jobs.splice(0);
  }

  /** Takes back what was not done: it is ordered as before. */
  returnJobs(jobs: readonly InstallJob[]): void {
    this.tree.jobs.unshift(...jobs);
  }

  jobReached(job: InstallJob, stage: JobStage): void {
    this.tree.write(`${job.node}/Status`, JOB_REPORTS[job.kind].stages[stage]);
  }

  /** Notes how a job ended; the next session alerts the server of it. `error`: the HRESULT of a failure, a signed integer. */
  finishJob(job: InstallJob, outcome: JobOutcome, error: string = JOB_ERRORS.installFailed): void {
    this.#end(job, outcome, JOB_REPORTS[job.kind].ended[outcome], error);
  }

  /** Notes that the content of a job could not be had. */
  downloadFailed(job: InstallJob): void {
    const { downloadFailed, ended } = JOB_REPORTS[job.kind];
    this.#end(job, 'failed', downloadFailed ?? ended.failed, JOB_ERRORS.installFailed);
  }

  #end(job: InstallJob, outcome: JobOutcome, status: string, error: string): void {
    this.tree.write(`${job.node}/Status`, status);
    if (job.kind !== 'scep') this.tree.write(`${job.node}/LastError`, outcome === 'failed' ? error : '0');
    const address = `./${job.scope === 'user' ? 'User' : 'Device'}/${job.node.slice(2).split('/').map(encodeSegment).join('/')}`;
    const alert = endAlert(job, address, outcome, error);
    if (alert !== undefined && this.#alerts.length < LIMITS.installJobsMax) this.#alerts.push(alert);
  }

  /** The device has restarted: nothing asks for a restart any more. The tree and what is ordered are as they were. */
  restarted(): void {
    this.tree.restartPending = false;
    clearRestartRequests(this);
  }

  /** The alerts for the session that begins. */
  takeAlerts(): GenericAlert[] {
    const alerts = this.#alerts;
    this.#alerts = [];
    return alerts;
  }
}
