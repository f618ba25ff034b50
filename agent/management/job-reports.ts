// How the tree shows where ordered work stands, by kind of job: its Status node and, for apps, the alert to the server at the end.
import { CLIENT_ALERT } from './client-alert.ts';
import type { GenericAlert } from './client-alert.ts';
import { SCEP_STATUS } from './csp/client-certificate-install.ts';
import { MSI_ALERT, MSI_STATUS } from './csp/enterprise-desktop-app-management.ts';
import { MODERN_APP_ALERT, MODERN_APP_STATUS } from './csp/enterprise-modern-app-management.ts';
import type { InstallJob, JobOutcome, JobStage } from './jobs.ts';

interface JobReport {
  readonly stages: Record<JobStage, string>;
  readonly ended: Record<JobOutcome, string>;
  /** Status of a job whose content could not be had, where it has one of its own. */
  readonly downloadFailed?: string;
  /** Source node (below the job's node) and type of the Alert 1226 at the end. */
  readonly alert?: { readonly node: string; readonly type: string };
}

/** Kinds that know one Status for all that happens between order and end. */
function always(ordered: string, status: string): Record<JobStage, string> {
  return {
    ordered,
    downloading: status,
    'download-retry': status,
    downloaded: status,
    installing: status,
    'install-retry': status,
  };
}

export const JOB_REPORTS: Record<InstallJob['kind'], JobReport> = {
  msi: {
    stages: {
      ordered: MSI_STATUS.initialized,
      downloading: MSI_STATUS.downloading,
      'download-retry': MSI_STATUS.pendingDownloadRetry,
      downloaded: MSI_STATUS.downloaded,
      installing: MSI_STATUS.enforcing,
      'install-retry': MSI_STATUS.pendingEnforcementRetry,
    },
    ended: { succeeded: MSI_STATUS.enforced, failed: MSI_STATUS.enforcementFailed },
    downloadFailed: MSI_STATUS.downloadFailed,
    alert: MSI_ALERT,
  },
  'modern-app': {
    stages: always(MODERN_APP_STATUS.notInstalled, MODERN_APP_STATUS.installing),
    ended: { succeeded: MODERN_APP_STATUS.installed, failed: MODERN_APP_STATUS.failed },
    alert: MODERN_APP_ALERT,
  },
  scep: {
    stages: always(SCEP_STATUS.pending, SCEP_STATUS.pending),
    ended: { succeeded: SCEP_STATUS.enrolled, failed: SCEP_STATUS.failed },
  },
};

/** HRESULTs, as signed integers, of packages that failed: in their installer (ERROR_INSTALL_FAILURE), by taking too long (ERROR_TIMEOUT). */
export const JOB_ERRORS = { installFailed: '-2147023293', timedOut: '-2147023436' } as const;

/** The alert that tells the server how a job ended, if its kind has one. */
export function endAlert(
  job: InstallJob,
  address: string,
  outcome: JobOutcome,
  error: string,
): GenericAlert | undefined {
  const { alert } = JOB_REPORTS[job.kind];
  if (alert === undefined) return undefined;
  const failed = outcome === 'failed';
  return {
    code: CLIENT_ALERT.generic,
    source: `${address}/${alert.node}`,
    type: alert.type,
    format: 'int',
    mark: failed ? 'error' : 'informational',
    data: failed ? error : '0',
  };
}
