// Orders of packages over OMA-DM: MSI and modern apps of the tenant, and the MSIs of the two agents that then install without OMA-DM.
// Sources: EnterpriseDesktopAppManagement and EnterpriseModernAppManagement CSPs.
import type { AppContent } from '../../catalog/content.ts';
import { writeMsiJob } from '../../protocol/management/msi-job.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { escapeXml } from '../../protocol/encoding/xml.ts';
import { addEmpty, execute, PREFIX, sequence } from './commands.ts';
import type { Scope } from './commands.ts';
import type { AppFile } from './content-source.ts';

export interface AppOrder {
  /** LocURI that the page waits for, for its entry in the list of apps. */
  readonly node: string;
  readonly command: RequestCommand;
}

/** Values of MSI/{ProductID}/Status after which nothing comes: download failed, enforcement failed, enforced. */
export const MSI_FINAL: ReadonlySet<string> = new Set(['30', '60', '70']);

export function msiOrder(
  file: AppFile,
  scope: Scope,
  options: { readonly productId?: string; readonly commandLine?: string } = {},
): AppOrder {
  const productId = options.productId ?? `{${file.id.toUpperCase()}}`;
  const node = `${PREFIX[scope]}/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/${encodeURIComponent(productId)}`;
  const job = writeMsiJob({
    id: productId,
    version: '1.0.0',
    contentUrls: [file.url],
    fileHash: file.sha256.toUpperCase(),
    commandLine: options.commandLine ?? '/quiet',
    timeoutMinutes: 10,
    retryCount: 1,
    retryIntervalMinutes: 5,
  });
  const install = `${node}/DownloadInstall`;
  return { node: `${node}/Status`, command: sequence([addEmpty(install), execute(install, 'xml', job)]) };
}

export function modernAppOrder(app: AppContent, file: AppFile, scope: Scope): AppOrder {
  const family = `Flotilla.${app.name.replaceAll(/[^A-Za-z0-9]/g, '')}_flotillasim00`;
  const node = `${PREFIX[scope]}/Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation/${family}`;
  const install = `${node}/HostedInstall`;
  const data = `<Application PackageUri="${escapeXml(file.url)}" DeploymentOptions="0"/>`;
  return { node, command: sequence([addEmpty(install), execute(install, 'xml', data)]) };
}
