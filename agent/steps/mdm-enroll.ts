// MDM enrollment with the MDM that the sign-in named, whichever it is: discovery, policy, certificate request, and the
// provisioning document that tells the device where its management server is and how it proves itself there. Where the profile makes
// it mandatory, a device that cannot enroll leaves the directory again.
import { assert } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import { hardwareHash } from '../identity/device-identity.ts';
import { ManagedDevice } from '../management/managed-device.ts';
import { keepString } from '../management/string-pool.ts';
import { faultSubcode } from './enrollment-faults.ts';
import { DONE, failed, type StepResult } from './result.ts';

/** CloudAssignedForcedEnrollment: no join without enrollment. */
const MANDATORY = 1;

export async function mdmEnroll(device: DeviceContext): Promise<StepResult> {
  const enrolled = await enroll(device);
  if (enrolled.ok || device.stopped) return enrolled;
  if (device.state.profile?.CloudAssignedForcedEnrollment === MANDATORY) await undoJoin(device);
  return enrolled;
}

async function enroll(device: DeviceContext): Promise<StepResult> {
  const { network, services, state, shard, cohort } = device;
  const { signIn, deviceId } = state;
  assert(signIn !== null && deviceId !== null, 'a device enrolls after the join');
  state.enrollmentStartedMs = device.ledger.deviceMs;

  const discoveryUrl = signIn.claims.mdmEnrollmentUrl;
  if (discoveryUrl === undefined) return failed('0x8018002b', 'the id_token has no mdm_enrollment_url');
  // How a sign-in names several is not public: addresses with a space between them are our form of it.
  if (/\S\s+\S/.test(discoveryUrl)) return failed('0xc1036501', 'the id_token names several MDMs');
  const token = await services.refreshAccessToken(network, signIn.session, 'mdm');
  if (!token.ok) return token;

  const mdmKey = device.key('mdm');
  const document = await services.enrollDevice(network, {
    discoveryUrl,
    upn: signIn.claims.upn,
    accessToken: token.value,
    identity: device.identity(),
    deviceId,
    mdmKey,
    ztdRegistrationId: state.profile?.ZtdRegistrationId ?? '',
    ...(state.termsOfUseBlob === null ? {} : { termsOfUseBlob: state.termsOfUseBlob }),
    stream: device.stream('mdm-enroll'),
  });
  if (!document.ok) {
    const subcode = faultSubcode(document.error.code);
    if (subcode !== undefined) shard.recorder.count('flotilla_soap_faults_total', [subcode]);
    return document;
  }
  network.close('enrollment');
  shard.recorder.count('flotilla_mdm_enrollments_total', [cohort.name, cohort.site, cohort.variant]);

  const management = await services.openManagement(network, document.value, mdmKey);
  if (!management.ok) return management;
  // Copies: a part of the document would keep the whole document in memory for as long as the device lives.
  const { address, providerId } = management.value;
  state.management = { address: keepString(address), providerId: keepString(providerId) };
  state.pollSchedule = document.value.dmClient.poll ?? null;
  state.managed = new ManagedDevice({
    deviceId,
    entraDeviceId: deviceId,
    providerId: state.management.providerId,
    upn: signIn.claims.upn,
    identity: () => device.identity(),
    hardwareHash: () => hardwareHash(device.identity()),
  });
  state.termsOfUseBlob = null;
  return DONE;
}

/** What fails here is noted: the device has failed already, with what made it leave. */
async function undoJoin(device: DeviceContext): Promise<void> {
  const { network, services, state } = device;
  const { deviceId, deviceCertificate: certificate } = state;
  if (deviceId === null || certificate === null) return;
  const left = await services.unregisterDevice(network, { deviceId, certificate, deviceKey: device.key('device') });
  if (!left.ok) {
    if (left.error.code !== 'abandoned') device.noteSoftFailure(left.error);
    return;
  }
  state.deviceId = null;
  state.deviceCertificate = null;
}
