// Every fault of the catalogue with what it does: one line each.
import type { FaultName } from '../../catalog/faults.ts';
import { appHashWrong } from './app-hash-wrong.ts';
import { assertionOutdated } from './assertion-outdated.ts';
import { assertionTampered } from './assertion-tampered.ts';
import { attestationCertificateExpired } from './attestation-certificate-expired.ts';
import { attestationCertificateUntrusted } from './attestation-certificate-untrusted.ts';
import { attestationFailed } from './attestation-failed.ts';
import { captivePortal } from './captive-portal.ts';
import { certificateRequestRefused } from './certificate-request-refused.ts';
import { codeExpired } from './code-expired.ts';
import { connectionRefused } from './connection-refused.ts';
import { contentCorrupt } from './content-corrupt.ts';
import { contentInfoMissing } from './content-info-missing.ts';
import { deviceCapReached } from './device-cap-reached.ts';
import { deviceNotRegistered } from './device-not-registered.ts';
import { deviceObjectMissing } from './device-object-missing.ts';
import { devicePhaseEndless } from './device-phase-endless.ts';
import { deviceTokenRefused } from './device-token-refused.ts';
import { deviceUnauthenticated } from './device-unauthenticated.ts';
import { directoryObjectMissing } from './directory-object-missing.ts';
import { endedByServer } from './ended-by-server.ts';
import { enrollmentCertificateInvalid } from './enrollment-certificate-invalid.ts';
import { enrollmentCustomError } from './enrollment-custom-error.ts';
import { enrollmentDataInvalid } from './enrollment-data-invalid.ts';
import { enrollmentFaultUnknown } from './enrollment-fault-unknown.ts';
import { enrollmentForbidden } from './enrollment-forbidden.ts';
import { enrollmentInternalError } from './enrollment-internal-error.ts';
import { enrollmentMaintenance } from './enrollment-maintenance.ts';
import { enrollmentMessageFormat } from './enrollment-message-format.ts';
import { enrollmentMisconfigured } from './enrollment-misconfigured.ts';
import { enrollmentNotSupported } from './enrollment-not-supported.ts';
import { enrollmentSecurityInvalid } from './enrollment-security-invalid.ts';
import { enrollmentUnauthenticated } from './enrollment-unauthenticated.ts';
import { extensionMissing } from './extension-missing.ts';
import { federationDown } from './federation-down.ts';
import { foreignAddress } from './foreign-address.ts';
import { handshakeFailed } from './handshake-failed.ts';
import { handshakeStalled } from './handshake-stalled.ts';
import { hardwareMismatch } from './hardware-mismatch.ts';
import { helloDeviceUnknown } from './hello-device-unknown.ts';
import { helloKeyRefused } from './hello-key-refused.ts';
import { idTokenBroken } from './id-token-broken.ts';
import { idTokenIncomplete } from './id-token-incomplete.ts';
import { idTokenSidEmpty } from './id-token-sid-empty.ts';
import { idTokenTenantEmpty } from './id-token-tenant-empty.ts';
import { joinCertificateInvalid } from './join-certificate-invalid.ts';
import { joinDeviceRefused } from './join-device-refused.ts';
import { joinDiscoveryFailed } from './join-discovery-failed.ts';
import { joinDiscoveryRefused } from './join-discovery-refused.ts';
import { joinForbidden } from './join-forbidden.ts';
import { joinQuota } from './join-quota.ts';
import { joinRedirected } from './join-redirected.ts';
import { joinReplyInvalid } from './join-reply-invalid.ts';
import { joinScope } from './join-scope.ts';
import { joinServiceFailed } from './join-service-failed.ts';
import { joinStatusInvalid } from './join-status-invalid.ts';
import { joinUnauthenticated } from './join-unauthenticated.ts';
import { joinUnhandledException } from './join-unhandled-exception.ts';
import { licenceMissing } from './licence-missing.ts';
import { malformed } from './malformed.ts';
import { managementOutOfOrder } from './management-out-of-order.ts';
import { managementRefused } from './management-refused.ts';
import { managementUnreadable } from './management-unreadable.ts';
import { newPasswordRefused } from './new-password-refused.ts';
import { nonceStale } from './nonce-stale.ts';
import { otherTenant } from './other-tenant.ts';
import { packageCorrupt } from './package-corrupt.ts';
import { packageMissing } from './package-missing.ts';
import { passwordRefused } from './password-refused.ts';
import { platformRestricted } from './platform-restricted.ts';
import { profileBlank } from './profile-blank.ts';
import { profileDeleted } from './profile-deleted.ts';
import { profileLate } from './profile-late.ts';
import { profileMissing } from './profile-missing.ts';
import { providerFailed } from './provider-failed.ts';
import { provisioningIncomplete } from './provisioning-incomplete.ts';
import { renewalNotEligible } from './renewal-not-eligible.ts';
import { reset } from './reset.ts';
import { scepCaWrong } from './scep-ca-wrong.ts';
import { scepChallengeWrong } from './scep-challenge-wrong.ts';
import { scepProfileBroken } from './scep-profile-broken.ts';
import { scepReplyForged } from './scep-reply-forged.ts';
import { scepUndecided } from './scep-undecided.ts';
import { serverError } from './server-error.ts';
import { sessionKeyUnknown } from './session-key-unknown.ts';
import { sessionLost } from './session-lost.ts';
import { severalMdms } from './several-mdms.ts';
import { silent } from './silent.ts';
import { slow } from './slow.ts';
import { termsOfUseError } from './terms-of-use-error.ts';
import { throttled } from './throttled.ts';
import { tooLarge } from './too-large.ts';
import { transportKeyRefused } from './transport-key-refused.ts';
import { truncated } from './truncated.ts';
import { unavailable } from './unavailable.ts';
import { untrustedCertificate } from './untrusted-certificate.ts';
import { updateCorrupt } from './update-corrupt.ts';
import { updateStalls } from './update-stalls.ts';
import { userNotAssigned } from './user-not-assigned.ts';
import { userPhaseEndless } from './user-phase-endless.ts';
import { userUnknown } from './user-unknown.ts';
import type { FaultImplementation } from './fault.ts';

export const FAULT_IMPLEMENTATIONS: Readonly<Record<FaultName, FaultImplementation>> = {
  slow,
  unavailable,
  throttled,
  'server-error': serverError,
  reset,
  silent,
  truncated,
  'too-large': tooLarge,
  malformed,
  'connection-refused': connectionRefused,
  'untrusted-certificate': untrustedCertificate,
  'handshake-failed': handshakeFailed,
  'handshake-stalled': handshakeStalled,
  'captive-portal': captivePortal,
  'device-not-registered': deviceNotRegistered,
  'profile-deleted': profileDeleted,
  'profile-missing': profileMissing,
  'hardware-mismatch': hardwareMismatch,
  'profile-blank': profileBlank,
  'profile-late': profileLate,
  'device-token-refused': deviceTokenRefused,
  'update-stalls': updateStalls,
  'update-corrupt': updateCorrupt,
  'user-unknown': userUnknown,
  'password-refused': passwordRefused,
  'code-expired': codeExpired,
  'session-lost': sessionLost,
  'id-token-broken': idTokenBroken,
  'id-token-incomplete': idTokenIncomplete,
  'other-tenant': otherTenant,
  'id-token-sid-empty': idTokenSidEmpty,
  'several-mdms': severalMdms,
  'federation-down': federationDown,
  'assertion-outdated': assertionOutdated,
  'assertion-tampered': assertionTampered,
  'device-unauthenticated': deviceUnauthenticated,
  'nonce-stale': nonceStale,
  'session-key-unknown': sessionKeyUnknown,
  'new-password-refused': newPasswordRefused,
  'user-not-assigned': userNotAssigned,
  'id-token-tenant-empty': idTokenTenantEmpty,
  'join-discovery-failed': joinDiscoveryFailed,
  'join-reply-invalid': joinReplyInvalid,
  'join-unauthenticated': joinUnauthenticated,
  'join-forbidden': joinForbidden,
  'join-quota': joinQuota,
  'join-certificate-invalid': joinCertificateInvalid,
  'join-scope': joinScope,
  'device-object-missing': deviceObjectMissing,
  'join-discovery-refused': joinDiscoveryRefused,
  'join-redirected': joinRedirected,
  'join-status-invalid': joinStatusInvalid,
  'join-service-failed': joinServiceFailed,
  'join-unhandled-exception': joinUnhandledException,
  'join-device-refused': joinDeviceRefused,
  'directory-object-missing': directoryObjectMissing,
  'attestation-failed': attestationFailed,
  'attestation-certificate-untrusted': attestationCertificateUntrusted,
  'attestation-certificate-expired': attestationCertificateExpired,
  'transport-key-refused': transportKeyRefused,
  'hello-key-refused': helloKeyRefused,
  'hello-device-unknown': helloDeviceUnknown,
  'terms-of-use-error': termsOfUseError,
  'foreign-address': foreignAddress,
  'enrollment-message-format': enrollmentMessageFormat,
  'enrollment-unauthenticated': enrollmentUnauthenticated,
  'enrollment-forbidden': enrollmentForbidden,
  'certificate-request-refused': certificateRequestRefused,
  'enrollment-misconfigured': enrollmentMisconfigured,
  'enrollment-internal-error': enrollmentInternalError,
  'enrollment-security-invalid': enrollmentSecurityInvalid,
  'device-cap-reached': deviceCapReached,
  'platform-restricted': platformRestricted,
  'enrollment-not-supported': enrollmentNotSupported,
  'renewal-not-eligible': renewalNotEligible,
  'enrollment-maintenance': enrollmentMaintenance,
  'licence-missing': licenceMissing,
  'enrollment-data-invalid': enrollmentDataInvalid,
  'enrollment-custom-error': enrollmentCustomError,
  'provisioning-incomplete': provisioningIncomplete,
  'enrollment-certificate-invalid': enrollmentCertificateInvalid,
  'enrollment-fault-unknown': enrollmentFaultUnknown,
  'management-refused': managementRefused,
  'management-out-of-order': managementOutOfOrder,
  'management-unreadable': managementUnreadable,
  'device-phase-endless': devicePhaseEndless,
  'user-phase-endless': userPhaseEndless,
  'ended-by-server': endedByServer,
  'app-hash-wrong': appHashWrong,
  'content-corrupt': contentCorrupt,
  'content-info-missing': contentInfoMissing,
  'package-missing': packageMissing,
  'package-corrupt': packageCorrupt,
  'provider-failed': providerFailed,
  'extension-missing': extensionMissing,
  'scep-profile-broken': scepProfileBroken,
  'scep-ca-wrong': scepCaWrong,
  'scep-challenge-wrong': scepChallengeWrong,
  'scep-reply-forged': scepReplyForged,
  'scep-undecided': scepUndecided,
};
