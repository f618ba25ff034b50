// Co-management as the MDM sets it up in the device phase: the setting with the workloads that it is to get, the Configuration Manager
// client's MSI, and what the client's task sequence installs. The client's site is not simulated, so the MDM speaks for it.
import type { CoManagementConfig } from '../../catalog/content.ts';
import {
  coManagementAddress,
  coManagementFlags,
  CONFIG_MANAGER_PRODUCT,
  writeTaskSequence,
  writeWorkloadOrder,
} from '../../protocol/management/co-management.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { msiOrder } from './app-orders.ts';
import type { AppOrder } from './app-orders.ts';
import { get, replace } from './commands.ts';
import type { ContentSource } from './content-source.ts';

/** The node that says which authorities the MDM has by now; read in follow-up sessions and polls. */
export const FLAGS_ADDRESS = coManagementAddress('flags');

/** The flags when every workload of the setting has passed. */
export function finalFlags({ workloads }: CoManagementConfig): string {
  return String(coManagementFlags(workloads));
}

export function coManagementSetting(config: CoManagementConfig, source: ContentSource): RequestCommand[] {
  const apps = config.taskSequenceApps.map((app) => {
    const { url, sha256 } = source.app(app);
    return { name: app.name, contentUrl: url, sha256 };
  });
  return [
    get(coManagementAddress('workloads')),
    replace(coManagementAddress('workloads'), 'chr', writeWorkloadOrder(config.workloads)),
    ...(apps.length === 0 ? [] : [replace(coManagementAddress('taskSequence'), 'chr', writeTaskSequence(apps))]),
  ];
}

export function clientOrder(config: CoManagementConfig, source: ContentSource): AppOrder {
  const sequence = config.taskSequenceApps.length === 0 ? '' : ' PROVISIONTS=SIM00001';
  return msiOrder(source.configManagerInstaller(config), 'device', {
    productId: CONFIG_MANAGER_PRODUCT,
    commandLine: `/quiet CCMSETUPCMD="SMSSITECODE=SIM${sequence}"`,
  });
}
