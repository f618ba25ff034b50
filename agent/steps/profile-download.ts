// A ticket for the device, then its Autopilot profile. OOBE waits 36 seconds for both and goes on without; a device without a
// profile is not managed, so here that is its failure, with the verdict of the service. A blank profile is cached until the device
// restarts, so a person who notices may restart it and have it ask again (flow.md 2).
import { stepFailure, type FailureCode, type StepFailure } from '../../catalog/failures.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import type { ProfileFacts } from '../device-state.ts';
import { checkWindows } from './os-support.ts';
import { ABANDONED, DONE, RESTARTED, type StepResult } from './result.ts';

/** What OOBE waits for a profile each time it asks (flow.md 2: 36,000 ms). */
export const PROFILE_WAIT_MS = 36 * SECOND_MS;

/** What another start may answer otherwise; a device that is not registered, or other hardware, stays so. */
const MAY_PASS: readonly FailureCode[] = ['815', 'profile-timeout'];

export async function profileDownload(device: DeviceContext): Promise<StepResult> {
  const windows = checkWindows(device.identity());
  if (!windows.ok) return windows;
  const found =
    (await device.within(PROFILE_WAIT_MS, download(device))) ??
    stepFailure('profile-timeout', `no profile in ${PROFILE_WAIT_MS} ms`);
  device.network.close('profile');
  if (!found.ok) return withoutProfile(device, found.error);
  device.state.deviceToken = found.value.deviceToken;
  device.state.profile = found.value.profile;
  return DONE;
}

async function withoutProfile(device: DeviceContext, failure: StepFailure): Promise<StepResult> {
  const { cohort, state } = device;
  if (!MAY_PASS.includes(failure.code) || state.restartsWithoutProfile >= cohort.restartsWithoutProfile) {
    return { ok: false, error: failure };
  }
  state.restartsWithoutProfile++;
  device.noteSoftFailure(failure);
  if ((await device.prompt('restart-device')) === 'stopped') return ABANDONED;
  return (await device.restart('no-profile')) === 'elapsed' ? RESTARTED : ABANDONED;
}

interface Found {
  readonly deviceToken: string;
  readonly profile: ProfileFacts;
}

async function download(device: DeviceContext): Promise<Result<Found, StepFailure>> {
  const { network, services } = device;
  const identity = device.identity();
  const token = await services.getDeviceToken(network, identity);
  if (!token.ok) return token;
  const shown = { serialNumber: identity.serialNumber, productKeyId: identity.productKeyId };
  const profile = await services.downloadProfile(network, token.value, shown);
  if (!profile.ok) return profile;
  if (profile.value === null) return stepFailure('815', 'the service answered with a blank profile');
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
