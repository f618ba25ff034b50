// Every way a device can fail in operation: the code as an administrator would meet it (an HRESULT, or an event id of the
// profile service, where Windows has one; a name of ours where it has none), what it means and what to do. These codes are
// metric labels, the docs' table and what `flotilla explain` prints; a test holds them equal.

export interface Failure {
  /** Steps at which it can end a device; empty means any. */
  readonly steps: readonly StepName[];
  readonly sentence: string;
  readonly cause: string;
  readonly remedy: string;
  readonly source: string;
}

import type { StepName } from './steps.ts';

export const FAILURES = {
  // Transport: no Windows code of its own reaches an administrator, so the names are ours.
  'name-not-resolved': {
    steps: [],
    sentence: 'The host name of a service could not be resolved.',
    cause: 'DNS has no record for the host, or the device has no network.',
    remedy: 'Check the target URL and the name server.',
    source: 'ours',
  },
  'connect-refused': {
    steps: [],
    sentence: 'A service refused the connection.',
    cause: 'Nothing listens at the address, or its backlog is full.',
    remedy: 'Check that the service runs; under load, look at its accept queue.',
    source: 'ours',
  },
  'connect-timeout': {
    steps: [],
    sentence: 'A service did not accept a connection in time.',
    cause: 'The host is unreachable, or too busy to finish a TLS handshake.',
    remedy: 'Compare TLS handshake times with the rate of arrivals.',
    source: 'ours',
  },
  'connection-reset': {
    steps: [],
    sentence: 'A connection was reset in the middle of an exchange.',
    cause: 'The service or something on the way closed it; or the scenario resets connections.',
    remedy: "Look at the service's log at that time, and at the scenario's network conditions.",
    source: 'ours',
  },
  'tls-untrusted': {
    steps: [],
    sentence: "A service's certificate is not trusted.",
    cause: 'The chain does not end at a root that the device has, or the name does not match.',
    remedy: 'Give the CA with `--ca`, or mend the certificate. Verification is never switched off.',
    source: 'ours',
  },
  'tls-failed': {
    steps: [],
    sentence: 'A TLS handshake failed.',
    cause: 'No common version or cipher, a refused client certificate, or bytes that are not TLS.',
    remedy: "Look at the service's TLS settings and log.",
    source: 'ours',
  },
  'reply-timeout': {
    steps: [],
    sentence: 'A service took a request and did not answer in time.',
    cause: 'The service is overloaded or stuck; or the scenario drops replies.',
    remedy: "Compare with the service's own latency; a queue is the usual cause.",
    source: 'ours',
  },
  'reply-truncated': {
    steps: [],
    sentence: 'A reply ended before its announced length.',
    cause: 'The service or a proxy closed the connection early.',
    remedy: "Look at the service's log at that time.",
    source: 'ours',
  },
  'reply-too-large': {
    steps: [],
    sentence: 'A reply is larger than a device accepts.',
    cause: 'The service sent more than the bound of its kind.',
    remedy: 'Check that the target is the service you mean.',
    source: 'ours',
  },
  'reply-malformed': {
    steps: [],
    sentence: 'A reply could not be read.',
    cause: 'The body is not what the protocol says: bad XML, JSON, certificate or encoding.',
    remedy: 'Run the device again with `--trace`, and `flotilla inspect` the body.',
    source: 'ours',
  },
  'reply-unexpected': {
    steps: [],
    sentence: 'A service answered with a status that the step cannot go on with.',
    cause: 'The service refused the request or failed inside.',
    remedy: 'Run the device again with `--trace` to see the exchange.',
    source: 'ours',
  },
  throttled: {
    steps: [],
    sentence: 'A service asked to slow down more often than a device tries.',
    cause: 'The service answered 429 or 503 to every attempt.',
    remedy: 'Lower the rate of arrivals, or raise the limit of the service.',
    source: 'ours',
  },
  'target-refused': {
    steps: [],
    sentence: 'A service sent the device to a host that the scenario does not name.',
    cause: 'An advertised URL points at a host that is neither loopback nor a target of the scenario.',
    remedy: 'Name the host in the scenario and confirm it with `--target-owned`, or mend the advertised URL.',
    source: 'ours',
  },
  'agent-error': {
    steps: [],
    sentence: 'The simulated device itself failed.',
    cause: 'An error in Flotilla, not in the target.',
    remedy: 'Please report it with the trace of the device.',
    source: 'ours',
  },
  'no-network': {
    steps: ['network-connect'],
    sentence: 'The device has no network.',
    cause: 'The connectivity probe did not get the expected text.',
    remedy: 'Check the connectivity service, or a captive portal on the way.',
    source: 'NCSI: flow.md 1',
  },
  'updates-watchdog': {
    steps: ['oobe-updates'],
    sentence: 'The update made no progress for ten minutes and was cancelled.',
    cause: 'Content arrives too slowly.',
    remedy: 'Look at the bandwidth of the link and of the content service.',
    source: 'OOBE script: watchdog of 600 s',
  },
  // Profile service results (event ids of ModernDeployment-Diagnostics-Provider).
  '807': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceIsNotRegistered: the device is not registered with Autopilot.',
    cause: 'Its hardware hash was never imported, or the hardware changed.',
    remedy: 'Import the hardware hash and wait until the profile status is Assigned.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 807',
  },
  '809': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceHasNoAssignedProfile: the assigned profile does not exist.',
    cause: 'The profile was deleted.',
    remedy: 'Assign another profile to the group of the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 809',
  },
  '815': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceHasNoAssignedProfile: no profile is assigned, and the tenant has no default.',
    cause: 'The device was switched on before a profile was assigned.',
    remedy: 'Assign a profile to the group of the device and restart it.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 815',
  },
  '908': {
    steps: ['profile-download'],
    sentence: 'SerialNumberMismatch or ProductKeyIdMismatch: the hardware differs from the registration.',
    cause: 'A mainboard was changed, or another hash was imported.',
    remedy: 'Remove the registration and import the hash again.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 908',
  },
  'profile-timeout': {
    steps: ['profile-download'],
    sentence: 'No profile arrived in the 36 seconds that OOBE waits.',
    cause: 'The profile service is slow.',
    remedy: 'Compare the latency of the profile service with the rate of arrivals.',
    source: 'OOBE script: 36,000 ms',
  },
  'device-token-refused': {
    steps: ['profile-download'],
    sentence: 'The device got no token for the profile service.',
    cause: 'The device identity was refused.',
    remedy: 'Check the registration of the device.',
    source: 'ztd.md 2.1-2.2',
  },
  'tenant-mismatch': {
    steps: ['sign-in'],
    sentence: 'The user belongs to another tenant than the profile.',
    cause: 'TenantMatched=0: a user of another tenant signed in.',
    remedy: 'Sign in with a user of the tenant that registered the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting',
  },
  // Sign-in.
  '50126': {
    steps: ['sign-in'],
    sentence: 'AADSTS50126: invalid user name or password.',
    cause: 'A mistyped or changed password.',
    remedy: 'Check the password of the user.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '50034': {
    steps: ['sign-in'],
    sentence: 'AADSTS50034: the user account does not exist in the directory.',
    cause: 'A mistyped user name, or a user of another tenant.',
    remedy: 'Check the user name.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '70000': {
    steps: ['sign-in', 'entra-join', 'mdm-enroll'],
    sentence: 'AADSTS70000: the grant is invalid or expired.',
    cause: 'An authorization code or refresh token was used twice, or too late.',
    remedy: 'Sign in again; under load, look at the latency of the token endpoint.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '0x80004005': {
    steps: ['sign-in'],
    sentence: 'The sign-in did not return what the join needs.',
    cause: 'The id_token is not three parts, or a mandatory claim is missing.',
    remedy: 'Check the claims upn, sid, tid and tenant_display_name.',
    source: 'OOBE script: idTokenNotThreeParts',
  },
  // Entra join.
  '0x801c0001': {
    steps: ['entra-join'],
    sentence: 'The response of device registration is not in a valid format.',
    cause: 'The join service answered something else than the protocol says.',
    remedy: 'Run the device again with `--trace`.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c0002': {
    steps: ['entra-join'],
    sentence: 'The server failed to authenticate the user.',
    cause: 'The token is missing, expired, of another audience or tenant, or its signature is wrong.',
    remedy: 'Check issuer, audience and clock of the join service.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c0003': {
    steps: ['entra-join'],
    sentence: 'The user is not authorized to enroll.',
    cause: 'Join scope or quota.',
    remedy: 'Check who may join devices, and how many the user has.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c000c': {
    steps: ['entra-join'],
    sentence: 'Discovery of the device registration service failed.',
    cause: 'The discovery answer is missing or cannot be read.',
    remedy: 'Check the discovery endpoint of the join service.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c000e': {
    steps: ['entra-join'],
    sentence: 'The registration quota of the user is reached.',
    cause: 'The user has as many devices as the tenant allows.',
    remedy: 'Remove devices of the user or raise the quota.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03e9': {
    steps: ['entra-join'],
    sentence: 'The response message of device registration is invalid.',
    cause: 'The issued certificate cannot be read or is not for the key of the device.',
    remedy: 'Run the device again with `--trace` and inspect the certificate.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03ea': {
    steps: ['entra-join'],
    sentence: 'The server failed to authorize the user or device.',
    cause: 'The registered device and the token do not belong together.',
    remedy: 'Check the registration of the device.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03eb': {
    steps: ['entra-join'],
    sentence: 'Device registration answered with an HTTP status that is not valid.',
    cause: 'The join service failed inside.',
    remedy: "Look at the join service's log.",
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03ed': {
    steps: ['entra-join'],
    sentence: 'Administrator policy does not allow the user to join this device.',
    cause: 'Join scope, missing MFA, or an invalid request or token.',
    remedy: 'Check the device settings of the tenant.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03f3': {
    steps: ['entra-join'],
    sentence: 'The device object is missing in the directory.',
    cause: 'The pre-created device object was deleted.',
    remedy: 'Remove the Autopilot registration and register the device again.',
    source: 'Microsoft Learn, join errors',
  },
  // MDM enrollment (MS-MDE2 faults).
  '0x80180001': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server could not read the message.',
    cause: 'Fault MessageFormat.',
    remedy: 'Inspect the request; check the version that the server speaks.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180002': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server failed to authenticate the user.',
    cause: 'Fault Authentication: the token is missing, expired, or not for this server.',
    remedy: 'Check issuer and audience of the MDM server.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180003': {
    steps: ['mdm-enroll'],
    sentence: 'The user is not authorized to enroll.',
    cause: 'Fault Authorization: enrollment restriction, or a device that is not registered.',
    remedy: 'Check enrollment restrictions and scope.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180004': {
    steps: ['mdm-enroll'],
    sentence: 'The certificate request was refused.',
    cause: 'Fault CertificateRequest: its signature or content is wrong.',
    remedy: 'Inspect the certificate request.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180005': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server has a configuration error.',
    cause: 'Fault EnrollmentServer.',
    remedy: "Look at the server's log.",
    source: 'MS-MDE2, fault table',
  },
  '0x80180006': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server failed inside.',
    cause: 'Fault InternalServiceFault.',
    remedy: "Look at the server's log.",
    source: 'MS-MDE2, fault table',
  },
  '0x80180007': {
    steps: ['mdm-enroll'],
    sentence: 'The security header of the request is invalid.',
    cause: 'Fault InvalidSecurity.',
    remedy: 'Inspect the request.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180013': {
    steps: ['mdm-enroll'],
    sentence: 'The user has too many devices.',
    cause: 'Fault DeviceCapReached.',
    remedy: 'Remove devices of the user or raise the limit.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180014': {
    steps: ['mdm-enroll'],
    sentence: 'The platform or device is not supported.',
    cause: 'Fault DeviceNotSupported: enrollment restriction.',
    remedy: 'Check platform restrictions.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180015': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server does not support this enrollment.',
    cause: 'Fault NotSupported.',
    remedy: 'Check which kinds of enrollment the server supports.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180016': {
    steps: ['mdm-enroll'],
    sentence: 'The device is not eligible to renew.',
    cause: 'Fault NotEligibleToRenew.',
    remedy: 'Enroll the device anew.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180017': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server is in maintenance.',
    cause: 'Fault InMaintenance.',
    remedy: 'Try again later.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180018': {
    steps: ['mdm-enroll'],
    sentence: "The user's licence is in a bad state.",
    cause: 'Fault UserLicense: no MDM licence.',
    remedy: 'Assign a licence to the user.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180019': {
    steps: ['mdm-enroll'],
    sentence: 'The enrollment data was rejected.',
    cause: 'Fault InvalidEnrollmentData.',
    remedy: 'Check the terms-of-use blob and the context items.',
    source: 'MS-MDE2, fault table',
  },
  '0x80180032': {
    steps: ['mdm-enroll'],
    sentence: 'The MDM server refused with a message of its own.',
    cause: 'Fault CustomServerError.',
    remedy: "Read the server's reason in the trace of the device.",
    source: 'MS-MDE2, fault table',
  },
  '0x8018002b': {
    steps: ['mdm-enroll'],
    sentence: 'The tenant has no MDM for this user.',
    cause: 'The sign-in returned no enrollment URL: the MDM user scope is None, or the domain is not verified.',
    remedy: 'Set the MDM user scope.',
    source: 'Microsoft Learn, enrollment errors',
  },
  'terms-of-use-failed': {
    steps: ['entra-join', 'mdm-enroll'],
    sentence: 'The terms of use could not be accepted.',
    cause: 'The terms-of-use endpoint returned an error.',
    remedy: 'Check the terms-of-use URL of the MDM.',
    source: 'MS-MDE2 terms of use',
  },
  // Management and ESP.
  'management-refused': {
    steps: ['mdm-enroll', 'device-esp', 'user-esp', 'polling'],
    sentence: 'The management server refused the session.',
    cause: 'The client certificate does not belong to an enrolled device.',
    remedy: 'Check the certificate that the server issued and the one it expects.',
    source: 'MS-MDM',
  },
  'management-protocol': {
    steps: ['device-esp', 'user-esp', 'polling'],
    sentence: 'The management server broke the protocol.',
    cause: 'Messages out of order, without end, or with references to commands that were never sent.',
    remedy: 'Run the device again with `--trace` and inspect the SyncML.',
    source: 'OMA-TS-DM_Protocol-V1_2',
  },
  '0x800705b4': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The Enrollment Status Page timed out.',
    cause: 'Something that it waits for was not delivered or installed in time.',
    remedy: 'Look at what the page still waited for: the time parts of the device, then the content service.',
    source: 'Microsoft Learn, ESP troubleshooting: ERROR_TIMEOUT',
  },
  'provisioning-ended-by-server': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'The management server ended the Enrollment Status Page as failed.',
    cause: 'It set WasDeviceSuccessfullyProvisioned to 0 and IsSyncDone to true.',
    remedy: "Look at the server's log: the decision was its own.",
    source: 'DMClient CSP, FirstSyncStatus',
  },
  '0x87d1041c': {
    steps: ['device-esp', 'user-esp'],
    sentence: 'An app was installed but not detected, or its installation failed.',
    cause: 'The installer failed, or the content did not match its hash.',
    remedy: 'Check the app package and its content.',
    source: 'Microsoft Learn, ESP troubleshooting',
  },
  // How the run ended for a device; not the device's own failure.
  abandoned: {
    steps: [],
    sentence: 'The run ended before the device did.',
    cause: 'The run was interrupted, or its deadline passed.',
    remedy: 'Give the run more time.',
    source: 'ours',
  },
  'shard-died': {
    steps: [],
    sentence: 'The worker that ran the device died.',
    cause: 'A crash or lack of memory of the generator.',
    remedy: 'Look at the reported error; lower the number of devices in flight.',
    source: 'ours',
  },
} as const satisfies Record<string, Failure>;

export type FailureCode = keyof typeof FAILURES;
export const FAILURE_CODES = Object.keys(FAILURES) as FailureCode[];

/** An operating failure on its way from where it was seen to the device's record. `detail` goes to traces only, never to labels. */
export interface StepFailure {
  readonly kind: 'failure';
  readonly code: FailureCode;
  readonly detail: string;
}

export function stepFailure(code: FailureCode, detail: string): { readonly ok: false; readonly error: StepFailure } {
  return { ok: false, error: { kind: 'failure', code, detail } };
}
