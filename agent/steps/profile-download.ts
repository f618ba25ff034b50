// A ticket for the device, then its Autopilot profile. OOBE waits 36 seconds for both and goes on without; a device without a
// profile is not managed, so here that is its failure, with the verdict of the service.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import type { ProfileFacts } from '../device-state.ts';
import { DONE, failed, type StepResult } from './result.ts';

/** What OOBE waits for a profile (flow.md 2: 36,000 ms). */
export const PROFILE_WAIT_MS = 36 * SECOND_MS;

export async function profileDownload(device: DeviceContext): Promise<StepResult> {
  const found = await device.within(PROFILE_WAIT_MS, download(device));
  device.network.close('profile');
  if (found === undefined) return failed('profile-timeout', `no profile in ${PROFILE_WAIT_MS} ms`);
  if (!found.ok) return found;
  device.state.deviceToken = found.value.deviceToken;
  device.state.profile = found.value.profile;
  return DONE;
}

interface Found {
  readonly deviceToken: string;
  readonly profile: ProfileFacts;
}

async function download(device: DeviceContext): Promise<Result<Found, StepFailure>> {
  const { network, services } = device;
  const token = await services.getDeviceToken(network, device.identity());
  if (!token.ok) return token;
  const profile = await services.downloadProfile(network, token.value);
  if (!profile.ok) return profile;
  if (profile.value === null) return stepFailure('815', 'the service answered with an empty profile');
  const all = profile.value;
  return ok({
    deviceToken: token.value,
    profile: {
      ZtdRegistrationId: all.ZtdRegistrationId,
      CloudAssignedTenantId: all.CloudAssignedTenantId,
      CloudAssignedTenantDomain: all.CloudAssignedTenantDomain,
      CloudAssignedTenantUpn: all.CloudAssignedTenantUpn,
      CloudAssignedOobeConfig: all.CloudAssignedOobeConfig,
      CloudAssignedForcedEnrollment: all.CloudAssignedForcedEnrollment,
      CloudAssignedDeviceName: all.CloudAssignedDeviceName,
      CloudAssignedLanguage: all.CloudAssignedLanguage,
      CloudAssignedRegion: all.CloudAssignedRegion,
    },
  });
}
