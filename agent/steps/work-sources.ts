// Where the work of a phase comes from, by precedence: packages that the server ordered first, for they bring the agents on whose
// behalf the others work. Made anew for each phase and after each restart.
import { configManagerClient } from '../co-management/config-manager-client.ts';
import type { DeviceContext } from '../device-context.ts';
import { managementExtension } from '../extension/management-extension.ts';
import type { WorkSource } from '../work.ts';
import { Installer } from './installer.ts';
import { OrderedWork, type WorkPhase } from './ordered-work.ts';

export function installerFor(device: DeviceContext, phase: WorkPhase): Installer {
  return new Installer(device, workSources(device, phase));
}

function workSources(device: DeviceContext, phase: WorkPhase): WorkSource[] {
  return [new OrderedWork(device, phase), configManagerClient(device, phase), managementExtension(device, phase)];
}
