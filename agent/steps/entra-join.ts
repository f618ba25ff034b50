// The Entra join: terms of use first if the MDM has any (they come after the sign-in and before the device exists), then
// discovery and registration with the device's own keys; a device name from the profile takes effect afterwards.
import { assert } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import { deviceNameFrom } from './device-name.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function entraJoin(device: DeviceContext): Promise<StepResult> {
  const { network, services, state, shard } = device;
  const { signIn, profile } = state;
  assert(signIn !== null, 'a device joins after the sign-in');

  const { mdmTermsOfUseUrl } = signIn.claims;
  if (mdmTermsOfUseUrl !== undefined) {
    if ((await device.prompt('terms-of-use')) === 'stopped') return ABANDONED;
    const token = await services.refreshAccessToken(network, signIn.session, 'mdm');
    if (!token.ok) return token;
    const clientRequestId = device.stream('terms-of-use').guid();
    const accepted = await services.acceptTermsOfUse(network, mdmTermsOfUseUrl, {
      accessToken: token.value,
      clientRequestId,
    });
    if (!accepted.ok) return accepted;
    state.termsOfUseBlob = accepted.value;
  }

  const domain = profile?.CloudAssignedTenantDomain ?? shard.plan.tenant.domain;
  const service = await services.discoverJoin(network, domain);
  if (!service.ok) return service;
  const joined = await services.registerDevice(network, service.value, {
    accessToken: signIn.accessToken,
    deviceToken: state.deviceToken ?? '',
    identity: device.identity(),
    deviceKey: device.key('device'),
    transportKey: device.key('transport'),
    domain,
  });
  if (!joined.ok) return joined;
  network.close('join');

  state.deviceId = joined.value.deviceId;
  state.deviceToken = null;
  state.signIn = { ...signIn, accessToken: '' };
  const template = profile?.CloudAssignedDeviceName ?? '';
  if (template !== '') device.rename(deviceNameFrom(template, device.identity(), device.stream('device-name')));
  return DONE;
}
