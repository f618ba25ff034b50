// A device as its management server sees it: the tree, the work that the server ordered, the alerts that wait for the next
// session, and the count of sessions. It keeps no message, no identity and no connection.
import { LIMITS } from '../../kernel/limits.ts';
import type { GenericAlert } from './client-alert.ts';
import type { DeviceFacts } from './device-facts.ts';
import { endAlert, JOB_REPORTS } from './job-reports.ts';
import type { InstallJob, JobOutcome } from './jobs.ts';
import { encodeSegment } from './loc-uri.ts';
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

  jobStarted(job: InstallJob): void {
    this.tree.write(`${job.node}/Status`, JOB_REPORTS[job.kind].started);
  }

  /** Notes how a job ended; the next session alerts the server of it. */
  finishJob(job: InstallJob, outcome: JobOutcome): void {
    this.tree.write(`${job.node}/Status`, JOB_REPORTS[job.kind].ended[outcome]);
    const address = `./${job.scope === 'user' ? 'User' : 'Device'}/${job.node.slice(2).split('/').map(encodeSegment).join('/')}`;
    const alert = endAlert(job, address, outcome);
    if (alert !== undefined && this.#alerts.length < LIMITS.installJobsMax) this.#alerts.push(alert);
  }

  /** The alerts for the session that begins. */
  takeAlerts(): GenericAlert[] {
    const alerts = this.#alerts;
    this.#alerts = [];
    return alerts;
  }
}
