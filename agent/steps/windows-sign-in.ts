// The first sign-in to Windows. The credentials of OOBE are kept for it; a restart in the device phase throws them away, and
// then the person types them again. From here on the user's part of the management tree exists.
import type { StepFailure } from '../../catalog/failures.ts';
import { assert, ok, type Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import type { SignIn } from '../services/login.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';
import { withPassword } from './sign-in-person.ts';

export async function windowsSignIn(device: DeviceContext): Promise<StepResult> {
  const { state } = device;
  if (state.credentialsKept) {
    state.credentialsKept = false;
    return DONE;
  }
  if (state.signIn !== null) return (await device.prompt('windows-sign-in')) === 'stopped' ? ABANDONED : DONE;
  const signedIn = await signInAgain(device);
  return signedIn.ok ? DONE : signedIn;
}

/** A session of the user at this device, with the password typed again: a primary refresh token. */
export async function signInAgain(device: DeviceContext): Promise<Result<SignIn, StepFailure>> {
  const { network, services, state, shard } = device;
  const { deviceCertificate: certificate } = state;
  assert(state.person !== null && certificate !== null, 'who signs in to Windows has joined the device');
  const person = { ...state.person };
  const stream = device.stream('windows-sign-in');
  const signedIn = await withPassword(device, 'windows-sign-in', person, (password) =>
    services.signInToWindows(network, {
      userName: person.userName,
      password,
      certificate,
      deviceKey: device.key('device'),
      transportKey: device.key('transport'),
      osVersion: device.identity().osVersion,
      stream,
      wallMs: shard.clock.wallMs(),
    }),
  );
  for (const service of ['login', 'federation'] as const) network.close(service);
  if (!signedIn.ok) return signedIn;
  state.person = person;
  state.signIn = signedIn.value;
  return ok(signedIn.value);
}
