// Quality updates at the end of OOBE, after the status page, where the MDM says so. They may restart the device; then the person
// signs in to Windows again. The device's ticket was dropped with the join, so it asks for another.
import type { DeviceContext } from '../device-context.ts';
import { keyOf } from '../management/loc-uri.ts';
import { installUpdates } from './install-updates.ts';
import { managedOf } from './manage.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { windowsSignIn } from './windows-sign-in.ts';

/** Set by the MDM where the ESP profile installs quality updates. Windows' own way is not public, so the node is ours. */
const POLICY = keyOf('device', ['Vendor', 'MSFT', 'Policy', 'Config', 'Update', 'SimulatedQualityUpdatesAfterOobe']);

export async function qualityUpdates(device: DeviceContext): Promise<StepResult> {
  const { network, services } = device;
  if (managedOf(device).tree.read(POLICY) !== '1') return DONE;
  const ticket = await services.getDeviceToken(network, device.identity());
  network.close('profile');
  if (!ticket.ok) return ticket;
  const installed = await installUpdates(device, 'quality', ticket.value);
  if (!installed.ok) return installed;
  if (!installed.value.restart) return DONE;
  if ((await device.restart('quality-updates')) === 'stopped') return ABANDONED;
  return windowsSignIn(device);
}
