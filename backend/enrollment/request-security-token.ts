// RequestSecurityToken: the exchange that puts a device under management (MS-MDE2, 3.3). Whatever is wrong is answered with
// the fault that Windows has an HRESULT for.
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { contextItem, parseRequestSecurityToken } from '../../protocol/enrollment/enrollment-token.ts';
import type { ContextItems } from '../../protocol/enrollment/enrollment-token.ts';
import type { SoapMessage } from '../../protocol/enrollment/soap.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { checkCertificateRequest } from '../certificate-requests.ts';
import type { Tenant } from '../tenant.ts';
import { authenticate } from './authentication.ts';
import type { Enroller } from './authentication.ts';
import { issueMdmCertificate, provisioningDocument } from './mdm-certificate.ts';
import { platformFault } from './platform-restriction.ts';
import { isTermsBlob } from './terms-of-use.ts';

/** The provisioning document of a device that may enroll. */
export function enroll(tenant: Tenant, message: SoapMessage): Result<string, SoapFault> {
  const asked = parseRequestSecurityToken(message.body);
  if (!asked.ok)
    return fail({ subcode: 'MessageFormat', reason: `The request cannot be read: ${asked.error.reason}.` });
  const enroller = authenticate(tenant, message.security);
  if (!enroller.ok) return enroller;
  const { contextItems } = asked.value;
  const problem = checkContext(tenant, contextItems, enroller.value);
  if (problem !== undefined) return fail(problem);
  const request = checkCertificateRequest(asked.value.certificateRequest);
  if (!request.ok) return fail({ subcode: 'CertificateRequest', reason: request.error });
  const { user, device } = enroller.value;
  const managedDeviceId = tenant.identifiers.guid('managed-device', device.deviceId);
  const certificate = issueMdmCertificate(tenant, {
    managedDeviceId,
    publicKeyInfo: request.value.publicKeyInfo,
  });
  const deviceName = contextItem(contextItems, 'DeviceName') ?? device.displayName;
  const added = tenant.enrollments.add({
    managedDeviceId,
    entraDeviceId: device.deviceId,
    thumbprint: sha1Thumbprint(certificate),
    upn: user.upn,
    userIndex: user.index,
    deviceName,
  });
  if (!added) {
    return fail({
      subcode: 'EnrollmentServer',
      errorType: 'InMaintenance',
      reason: 'The tenant has no room for another device.',
      message: 'The tenant has no room for another device.',
    });
  }
  // Whatever was known of the device before belongs to an enrollment that is over.
  tenant.management.forget(managedDeviceId);
  return ok(provisioningDocument(tenant, { managedDeviceId, certificate, upn: user.upn, deviceName }));
}

const HARDWARE_DEVICE_ID = /^[0-9a-f]{64}$/i;

/** What the device says of itself, against what is known of it; unknown items are ignored. */
function checkContext(tenant: Tenant, items: ContextItems, enroller: Enroller): SoapFault | undefined {
  const { device, user } = enroller;
  const platform = platformFault(tenant, items);
  if (platform !== undefined) return platform;
  const deviceType = contextItem(items, 'DeviceType');
  if (deviceType !== 'CIMClient_Windows') {
    return refusal('DeviceNotSupported', `DeviceType "${deviceType ?? ''}" is not managed here.`);
  }
  const enrollmentType = contextItem(items, 'EnrollmentType');
  if (enrollmentType !== 'Device') {
    return messageFault(`EnrollmentType "${enrollmentType ?? ''}" is not Device, as it is for a joined device.`);
  }
  const hardwareDeviceId = contextItem(items, 'HWDevID');
  if (hardwareDeviceId === undefined || !HARDWARE_DEVICE_ID.test(hardwareDeviceId)) {
    return messageFault('HWDevID is not 64 hexadecimal digits.');
  }
  const deviceId = contextItem(items, 'DeviceID');
  if (deviceId !== undefined && !sameGuid(deviceId, device.deviceId)) {
    return authorizationFault('DeviceID is not the device of the token.');
  }
  const registration = contextItem(items, 'ZeroTouchProvisioning');
  if (registration === undefined && device.registrationId !== undefined) {
    return authorizationFault('ZeroTouchProvisioning is missing, though the device is registered with Autopilot.');
  }
  if (registration !== undefined && !sameGuid(registration, device.registrationId ?? '')) {
    return authorizationFault('ZeroTouchProvisioning is not the registration of the device.');
  }
  if (tenant.config.termsOfUse && !isTermsBlob(tenant, contextItem(items, 'EnrollmentData') ?? '', user)) {
    return refusal('InvalidEnrollmentData', 'EnrollmentData is not what accepting the terms of use gave this user.');
  }
  return undefined;
}

/** GUIDs with or without dashes and braces, in any case. */
function sameGuid(a: string, b: string): boolean {
  const digits = (text: string): string => text.replace(/[-{}]/g, '').toLowerCase();
  return digits(a) === digits(b);
}

function messageFault(reason: string): SoapFault {
  return { subcode: 'MessageFormat', reason };
}

function authorizationFault(reason: string): SoapFault {
  return { subcode: 'Authorization', reason };
}

function refusal(errorType: NonNullable<SoapFault['errorType']>, reason: string): SoapFault {
  return { subcode: 'Authorization', errorType, reason, message: reason };
}
