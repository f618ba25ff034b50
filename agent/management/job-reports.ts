// How the tree shows that ordered work began and ended, by kind of job: its Status node and, for apps, the alert to the server.
import { CLIENT_ALERT } from './client-alert.ts';
import type { GenericAlert } from './client-alert.ts';
import { SCEP_STATUS } from './csp/client-certificate-install.ts';
import { MSI_ALERT, MSI_STATUS } from './csp/enterprise-desktop-app-management.ts';
import { MODERN_APP_ALERT, MODERN_APP_STATUS } from './csp/enterprise-modern-app-management.ts';
import type { InstallJob, JobOutcome } from './jobs.ts';

interface JobReport {
  readonly started: string;
  readonly ended: Record<JobOutcome, string>;
  /** Source node (below the job's node) and type of the Alert 1226 at the end. */
  readonly alert?: { readonly node: string; readonly type: string };
}

export const JOB_REPORTS: Record<InstallJob['kind'], JobReport> = {
  msi: {
    started: MSI_STATUS.enforcing,
    ended: { succeeded: MSI_STATUS.enforced, failed: MSI_STATUS.enforcementFailed },
    alert: MSI_ALERT,
  },
  'modern-app': {
    started: MODERN_APP_STATUS.installing,
    ended: { succeeded: MODERN_APP_STATUS.installed, failed: MODERN_APP_STATUS.failed },
    alert: MODERN_APP_ALERT,
  },
  scep: {
    started: SCEP_STATUS.pending,
    ended: { succeeded: SCEP_STATUS.enrolled, failed: SCEP_STATUS.failed },
  },
};

/** HRESULT of an installer that failed for no better reason (ERROR_INSTALL_FAILURE). */
const INSTALL_FAILURE = '-2147023293';

/** The alert that tells the server how a job ended, if its kind has one. */
export function endAlert(job: InstallJob, address: string, outcome: JobOutcome): GenericAlert | undefined {
  const { alert } = JOB_REPORTS[job.kind];
  if (alert === undefined) return undefined;
  const failed = outcome === 'failed';
  return {
    code: CLIENT_ALERT.generic,
    source: `${address}/${alert.node}`,
    type: alert.type,
    format: 'int',
    mark: failed ? 'error' : 'informational',
    data: failed ? INSTALL_FAILURE : '0',
  };
}
