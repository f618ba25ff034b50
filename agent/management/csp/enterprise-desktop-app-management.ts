// EnterpriseDesktopAppManagement: MSI packages. The server adds a product and executes DownloadInstall; the device answers 202, goes
// on outside the session, and keeps its progress in Status. Source: EnterpriseDesktopAppManagement CSP.
import { MINUTE_MS } from '../../../kernel/units.ts';
import { STATUS } from '../../../protocol/management/syncml.ts';
import { parseMsiJob } from '../../../protocol/management/msi-job.ts';
import { ADD, DELETE, EXEC, GET, instances, reads } from '../node-rule.ts';
import type { Csp, NodeContext, NodeRule } from '../node-rule.ts';

/** Values of MSI/{ProductID}/Status. */
export const MSI_STATUS = {
  initialized: '10',
  downloading: '20',
  pendingDownloadRetry: '25',
  downloadFailed: '30',
  downloaded: '40',
  pendingUserSession: '48',
  enforcing: '50',
  pendingEnforcementRetry: '55',
  enforcementFailed: '60',
  enforced: '70',
} as const;

/** Source and type of the Alert 1226 that reports the end. */
export const MSI_ALERT = {
  node: 'DownloadInstall',
  type: 'Reversed-Domain-Name:com.microsoft.mdm.win32csp_install',
} as const;

function downloadInstall(data: string, context: NodeContext): number {
  const job = parseMsiJob(data);
  if (!job.ok) return STATUS.badRequest;
  const node = context.key.slice(0, context.key.lastIndexOf('/'));
  const { tree } = context;
  // A server that lost our answer orders again what is already at work, or done.
  const status = tree.read(`${node}/Status`) ?? '';
  const failed = status === MSI_STATUS.downloadFailed || status === MSI_STATUS.enforcementFailed;
  if (tree.read(`${node}/Version`) === job.value.version && !failed) return STATUS.accepted;
  const ordered = tree.order({
    kind: 'msi',
    scope: context.scope,
    id: context.names[0]!,
    contentUrl: job.value.contentUrls[0],
    fileHash: job.value.fileHash === '' ? undefined : job.value.fileHash,
    timeoutMs: job.value.timeoutMinutes * MINUTE_MS,
    retryCount: job.value.retryCount,
    retryIntervalMs: job.value.retryIntervalMinutes * MINUTE_MS,
    node,
  });
  if (!ordered) return STATUS.deviceFull;
  tree.write(`${node}/Status`, MSI_STATUS.initialized);
  tree.write(`${node}/Version`, job.value.version);
  return STATUS.accepted;
}

const RULES: Readonly<Record<string, NodeRule>> = {
  'MSI/*': instances(),
  'MSI/*/DownloadInstall': { access: GET | ADD | DELETE | EXEC, format: 'xml', execute: downloadInstall },
  'MSI/*/Version': { access: GET, format: 'chr' },
  'MSI/*/Name': { access: GET, format: 'chr' },
  'MSI/*/InstallDate': { access: GET, format: 'chr' },
  'MSI/*/Status': reads('int', MSI_STATUS.initialized),
  'MSI/*/LastError': reads('chr', '0'),
  'MSI/*/LastErrorDesc': reads('chr', ''),
};

export const enterpriseDesktopAppManagement: Csp = {
  root: 'Vendor/MSFT/EnterpriseDesktopAppManagement',
  device: RULES,
  user: RULES,
};
