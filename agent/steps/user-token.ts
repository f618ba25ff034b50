// The Entra token of the signed-in user for management sessions: the last use of the session that the sign-in opened, which is
// dropped with it.
import type { StepFailure } from '../../catalog/failures.ts';
import { assert, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';

export async function takeUserToken(device: DeviceContext): Promise<Result<string, StepFailure>> {
  const { network, services, state } = device;
  const { signIn } = state;
  assert(signIn !== null, 'the session of the sign-in lasts until the user is managed');
  const token = await services.refreshAccessToken(network, signIn.session, 'management-user');
  network.close('login');
  state.signIn = null;
  return token;
}
