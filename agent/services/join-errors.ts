// What Windows makes of a reply of device registration that is no success: an HRESULT by what the error body names, else by the
// status. Sources: entra-join.md 4.2, flow.md 5A. Error types are [MS-DVRJ]'s and [MS-DVRE]'s, words with an underscore those of
// newer services; what the service calls an attestation that it does not take is not public, so those names are ours.
import { stepFailure } from '../../catalog/failures.ts';
import type { FailureCode } from '../../catalog/failures.ts';
import { parseJoinError } from '../../protocol/sign-in/device-registration.ts';
import type { Reply } from '../network/reply.ts';

type Codes = Readonly<Record<string, FailureCode>>;

/** A subcode says more than the error type that it stands beside. */
const SUBCODES: Codes = {
  error_missing_device: '0x801c03f3',
  error_device_cap_reached: '0x801c000e',
  error_device_not_authorized: '0x801c03ea',
  error_aik_certificate: '0x801c0010',
  error_transport_key_attestation: '0x801c0011',
  error_attestation: '0x801c03ee',
  error_aik_certificate_expired: '0x801c03ef',
};

const ERROR_TYPES: Codes = {
  authenticationerror: '0x801c0002',
  authorizationerror: '0x801c0003',
  authorization_error: '0x801c0003',
  devicecapreached: '0x801c000e',
  invalidparameter: '0x801c03ed',
  invalid_request: '0x801c03ed',
  directoryerror: '0x801c03f2',
  directoryaccounterror: '0x801c0006',
  sqlerror: '0x801c0006',
  certificateauthorityerror: '0x801c0006',
  unknownerror: '0x801c0006',
  internal_server_error: '0x801c03ec',
  ...SUBCODES,
};

/** What only the message says. */
const MESSAGES: readonly (readonly [RegExp, FailureCode])[] = [
  // A quota comes as an authorization error (MS-DVRE), and so may the tenant's refusal to let the user join.
  [/DeviceCapReached/i, '0x801c000e'],
  [/Administrator policy does not allow/i, '0x801c03ed'],
];

/** The failure behind a reply to a join. */
export function joinFailure(reply: Reply): ReturnType<typeof stepFailure> {
  const error = parseJoinError(reply.text());
  const { errorType, subcode, message } = error.ok ? error.value : { errorType: '', subcode: '', message: '' };
  const detail = `status ${reply.status} ${errorType} ${subcode ?? ''}: ${message}`;
  const named =
    lookUp(SUBCODES, subcode) ??
    MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ??
    lookUp(ERROR_TYPES, errorType);
  return stepFailure(named ?? codeOfStatus(reply.status), detail);
}

function codeOfStatus(status: number): FailureCode {
  if (isRedirect(status)) return '0x801c000b';
  if (status === 401) return '0x801c0002';
  return status === 403 ? '0x801c0003' : '0x801c03eb';
}

/** The device goes nowhere but to the servers that it knows. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function lookUp(codes: Codes, name: string | undefined): FailureCode | undefined {
  const key = name?.toLowerCase() ?? '';
  return Object.hasOwn(codes, key) ? codes[key] : undefined;
}
