// Critical updates of OOBE (zero-day patch), where the profile has them downloaded; a restart if one asks for it, after which the
// device connects and asks for its profile again.
import { decodeOobeConfig } from '../../protocol/autopilot/autopilot-profile.ts';
import type { DeviceContext } from '../device-context.ts';
import { installUpdates } from './install-updates.ts';
import { ABANDONED, DONE, RESTARTED, type StepResult } from './result.ts';

export async function oobeUpdates(device: DeviceContext): Promise<StepResult> {
  const { state } = device;
  const oobeConfig = state.profile?.CloudAssignedOobeConfig;
  if (oobeConfig !== undefined && !decodeOobeConfig(oobeConfig).enablePatchDownload) return DONE;
  const installed = await installUpdates(device, 'critical', state.deviceToken ?? '');
  if (!installed.ok) return installed;
  if (!installed.value.restart) return DONE;
  return (await device.restart('oobe')) === 'elapsed' ? RESTARTED : ABANDONED;
}
