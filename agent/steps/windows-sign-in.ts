// The first sign-in to Windows. The credentials of OOBE are kept for it; a restart in the device phase throws them away, and
// then the person types them again. From here on the user's part of the management tree exists.
import type { DeviceContext } from '../device-context.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function windowsSignIn(device: DeviceContext): Promise<StepResult> {
  const { state } = device;
  if (!state.credentialsKept && (await device.prompt('windows-sign-in')) === 'stopped') return ABANDONED;
  state.credentialsKept = false;
  return DONE;
}
