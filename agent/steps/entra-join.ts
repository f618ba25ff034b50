// The Entra join: terms of use first if the MDM has any (they come after the sign-in and before the device exists), then
// discovery and registration with the device's own keys; a device name from the profile takes effect afterwards.
import { assert } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import { keepString } from '../management/string-pool.ts';
import type { TermsAnswer } from '../services/terms-of-use.ts';
import { deviceNameFrom } from './device-name.ts';
import { ABANDONED, DONE, failed, type StepResult } from './result.ts';

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
    const answered = await services.answerTermsOfUse(network, mdmTermsOfUseUrl, {
      accessToken: token.value,
      clientRequestId,
      answer: termsAnswer(device),
    });
    if (!answered.ok) return answered;
    state.termsOfUseBlob = answered.value;
  }

  if (signIn.claims.tid === '') return failed('0x801c0013', 'the claim tid is empty');
  if (signIn.claims.sid === '') return failed('0x801c0014', 'the claim sid is empty');

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
  // A copy: the certificate is a view of the whole reply.
  state.deviceCertificate = new Uint8Array(joined.value.certificate);
  state.keyService = keepString(service.value.keyEndpoint);
  state.deviceToken = null;
  state.signIn = { ...signIn, accessToken: '' };
  const template = profile?.CloudAssignedDeviceName ?? '';
  if (template !== '') device.rename(deviceNameFrom(template, device.identity(), device.stream('device-name')));
  return DONE;
}

/** What the person does with the terms of use. */
function termsAnswer(device: DeviceContext): TermsAnswer {
  const { declinedTerms, closedTerms } = device.cohort.mistakes;
  const drawn = device.stream('terms-of-use-answer').unit();
  if (drawn < declinedTerms) return 'decline';
  return drawn < declinedTerms + closedTerms ? 'close' : 'accept';
}
