// EnterpriseDesktopAppManagement: MSI packages. The server adds a product and executes DownloadInstall; the device answers 202, goes
// on outside the session, and keeps its progress in Status. Source: EnterpriseDesktopAppManagement CSP.
import { STATUS } from '../../../protocol/syncml.ts';
import { parseMsiJob } from '../../../protocol/msi-job.ts';
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

/** An order of this product needs no second one. */
const AT_WORK: ReadonlySet<string> = new Set([
  MSI_STATUS.downloading,
  MSI_STATUS.pendingDownloadRetry,
  MSI_STATUS.downloaded,
  MSI_STATUS.pendingUserSession,
  MSI_STATUS.enforcing,
  MSI_STATUS.pendingEnforcementRetry,
  MSI_STATUS.enforced,
]);

/** Source and type of the Alert 1226 that reports the end. */
export const MSI_ALERT = {
  node: 'DownloadInstall',
  type: 'Reversed-Domain-Name:com.microsoft.mdm.win32csp_install',
} as const;

function downloadInstall(data: string, context: NodeContext): number {
  const job = parseMsiJob(data);
  if (!job.ok) return STATUS.badRequest;
  const node = context.key.slice(0, context.key.lastIndexOf('/'));
  // A server that lost our answer orders again what is already at work, or done.
  if (AT_WORK.has(context.tree.read(`${node}/Status`) ?? '')) return STATUS.accepted;
  const ordered = context.tree.order({
    kind: 'msi',
    scope: context.scope,
    id: context.names[0]!,
    contentUrl: job.value.contentUrls[0],
    fileHash: job.value.fileHash === '' ? undefined : job.value.fileHash,
    node,
  });
  if (!ordered) return STATUS.deviceFull;
  context.tree.write(`${node}/Status`, MSI_STATUS.downloading);
  context.tree.write(`${node}/Version`, job.value.version);
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
