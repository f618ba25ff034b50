// Windows Hello for Business: the public key of a user at a device goes to the key service ([MS-KPP]; entra-join.md 4.5).
import { stepFailure } from '../../catalog/failures.ts';
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { encodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { parseKeyError, parseKeyResponse, writeKeyRequest } from '../../protocol/sign-in/windows-hello.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';

const PUBLIC_EXPONENT = Buffer.from('010001', 'hex');

export interface KeyRegistration {
  readonly endpoint: string;
  /** For device registration, with the device's id and a second factor. */
  readonly accessToken: string;
  readonly osVersion: string;
  readonly helloKey: DeviceKey;
}

/** The id that the service gave the key. */
export async function registerHelloKey(
  network: DeviceNetwork,
  { endpoint, accessToken, osVersion, helloKey }: KeyRegistration,
): Promise<Result<string, StepFailure>> {
  const blob = encodeRsaPublicBlob({ modulus: helloKey.modulus(), exponent: PUBLIC_EXPONENT });
  const reply = await network.exchange('join', 'key', {
    method: 'POST',
    target: `${endpoint}${endpoint.includes('?') ? '&' : '?'}api-version=1.0`,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'User-Agent': `Dsreg/10.0 (Windows ${osVersion})`,
      Authorization: `Bearer ${accessToken}`,
    },
    body: writeKeyRequest(blob),
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return keyFailure(reply.value);
  const response = parseKeyResponse(reply.value.text());
  return response.ok ? ok(response.value.keyId) : stepFailure('0x801c03e9', response.error.reason);
}

/** What Windows Hello shows for a code of the key service, whose words are only partly public: `missing_device_id` is ours. */
const CODES: Readonly<Record<string, FailureCode>> = {
  authentication_error: '0x801c03ea',
  authorization_error: '0x801c03ea',
  missing_device_id: '0x801c044d',
  invalid_request: '0x801c03ed',
  internal_server_error: '0x801c03ec',
};

function keyFailure(reply: Reply): ReturnType<typeof stepFailure> {
  const error = parseKeyError(reply.text());
  const { code, message } = error.ok ? error.value : { code: '', message: '' };
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  const byStatus = reply.status === 401 || reply.status === 403 ? '0x801c03ea' : '0x801c03eb';
  return stepFailure(known ?? byStatus, `status ${reply.status} ${code}: ${message}`);
}
