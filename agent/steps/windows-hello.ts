// Windows Hello for Business, after the user phase and before the desktop, if policy asks for it: a PIN, one token with a second
// factor, and one key that is registered for the user at this device. What fails here is noted and no more: the person can skip it,
// and is asked again at a later sign-in. Without the policy it costs nothing.
import type { StepFailure } from '../../catalog/failures.ts';
import type { Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import { espSettings } from '../management/esp-tracking.ts';
import { isHelloDue } from './hello-policy.ts';
import { managedOf } from './manage.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { takeHelloToken } from './user-token.ts';

export async function windowsHello(device: DeviceContext): Promise<StepResult> {
  const { network, state } = device;
  if (!isHelloDue(device)) return DONE;
  if ((await device.prompt('windows-hello')) === 'stopped') return ABANDONED;
  const registered = await registerKey(device, state.keyService ?? '');
  for (const service of ['login', 'join'] as const) network.close(service);
  state.keyService = null;
  // Where the page took the user's token before, this was the last use of the session.
  if (espSettings(managedOf(device)).userShown && !state.leftStatusPage) state.signIn = null;
  if (registered.ok) return DONE;
  if (registered.error.code === 'abandoned') return registered;
  device.noteSoftFailure(registered.error);
  return DONE;
}

async function registerKey(device: DeviceContext, endpoint: string): Promise<Result<string, StepFailure>> {
  const token = await takeHelloToken(device);
  if (!token.ok) return token;
  return device.services.registerHelloKey(device.network, {
    endpoint,
    accessToken: token.value,
    osVersion: device.identity().osVersion,
    helloKey: device.key('hello'),
  });
}
