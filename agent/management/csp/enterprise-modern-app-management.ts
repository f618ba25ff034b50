// EnterpriseModernAppManagement: packaged (modern) apps by package family name, hosted or from the store. Source:
// EnterpriseModernAppManagement CSP, AppInstallation.
import { STATUS } from '../../../protocol/management/syncml.ts';
import { attribute, readXml } from '../../../protocol/encoding/xml.ts';
import { ADD, DELETE, EXEC, GET, instances, reads } from '../node-rule.ts';
import type { Csp, NodeContext, NodeRule } from '../node-rule.ts';

/** Values of AppInstallation/{PackageFamilyName}/Status. */
export const MODERN_APP_STATUS = { notInstalled: '0', installing: '1', failed: '2', installed: '3' } as const;

export const MODERN_APP_ALERT = {
  node: 'HostedInstall',
  type: 'Reversed-Domain-Name:com.microsoft.mdm.EnterpriseHostedAppInstall.result',
} as const;

/** HostedInstall names the package by PackageUri; StoreInstall leaves it to the store. */
function install(data: string, context: NodeContext): number {
  const document = readXml(data);
  if (!document.ok || document.value.name !== 'Application') return STATUS.badRequest;
  const node = context.key.slice(0, context.key.lastIndexOf('/'));
  // A server that lost our answer orders again what is already at work, or done.
  const status = context.tree.read(`${node}/Status`);
  if (status === MODERN_APP_STATUS.installing || status === MODERN_APP_STATUS.installed) return STATUS.accepted;
  const contentUrl = attribute(document.value, 'PackageUri');
  const ordered = context.tree.order({
    kind: 'modern-app',
    scope: context.scope,
    id: context.names[0]!,
    contentUrl,
    node,
  });
  if (!ordered) return STATUS.deviceFull;
  context.tree.write(`${node}/Status`, MODERN_APP_STATUS.installing);
  return STATUS.accepted;
}

const INSTALL: NodeRule = { access: GET | ADD | DELETE | EXEC, format: 'xml', execute: install };

const RULES: Readonly<Record<string, NodeRule>> = {
  'AppInstallation/*': instances(),
  'AppInstallation/*/StoreInstall': INSTALL,
  'AppInstallation/*/HostedInstall': INSTALL,
  'AppInstallation/*/Status': reads('int', MODERN_APP_STATUS.notInstalled),
  'AppInstallation/*/ProgressStatus': reads('int', '0'),
  'AppInstallation/*/LastError': reads('int', '0'),
  'AppInstallation/*/LastErrorDesc': reads('chr', ''),
};

export const enterpriseModernAppManagement: Csp = {
  root: 'Vendor/MSFT/EnterpriseModernAppManagement',
  device: RULES,
  user: RULES,
};
