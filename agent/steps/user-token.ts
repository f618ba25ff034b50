// Tokens of the signed-in user: for management sessions, and for the key of Windows Hello, which wants a young second factor. The
// session is dropped with its last use; where a restart has taken it, the person signs in to Windows again.
import type { StepFailure } from '../../catalog/failures.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import type { SignIn } from '../services/login.ts';
import { HELLO_AMR } from '../services/login-multifactor.ts';
import { isHelloDue } from './hello-policy.ts';
import { answerPages } from './sign-in-person.ts';
import { signInAgain } from './windows-sign-in.ts';

export async function takeUserToken(device: DeviceContext): Promise<Result<string, StepFailure>> {
  const { network, services, state } = device;
  const signIn = await session(device);
  if (!signIn.ok) return signIn;
  const token = await services.refreshAccessToken(network, signIn.value.session, 'management-user');
  network.close('login');
  if (!isHelloDue(device)) state.signIn = null;
  return token;
}

/** The token for the key of Windows Hello. A second factor of the sign-in that is still young is not asked for again. */
export async function takeHelloToken(device: DeviceContext): Promise<Result<string, StepFailure>> {
  const { network, services, state } = device;
  const signIn = await session(device);
  if (!signIn.ok) return signIn;
  const token = await services.refreshAccessToken(network, signIn.value.session, 'windows-hello');
  if (token.ok || token.error.code !== '50076') return token;
  const opened = await services.openMultifactorPage(network, signIn.value.session, {
    tenantDomain: state.profile?.CloudAssignedTenantDomain ?? device.shard.plan.tenant.domain,
    loginHint: signIn.value.claims.upn,
    stream: device.stream('windows-hello'),
  });
  if (!opened.ok) return opened;
  const { authorization, answer } = opened.value;
  const code = await answerPages(device, authorization, answer, undefined);
  if (!code.ok) return code;
  const approved = await services.redeemCode(network, authorization, code.value, HELLO_AMR);
  return approved.ok ? ok(approved.value.accessToken) : approved;
}

async function session(device: DeviceContext): Promise<Result<SignIn, StepFailure>> {
  const { signIn } = device.state;
  return signIn === null ? signInAgain(device) : ok(signIn);
}
