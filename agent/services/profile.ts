// Device identity and Autopilot profile: a device credential, a ticket for the profile service, the profile (flow.md 2). Only the
// hosts, the header and the kind of the exchange are known in public; the shapes are protocol/autopilot/device-token.ts and
// protocol/autopilot/autopilot-profile.ts.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import {
  DEVICE_TOKEN_HEADER,
  parseProfileReply,
  PROFILE_PATH,
  writeProfileRequest,
} from '../../protocol/autopilot/autopilot-profile.ts';
import type { AutopilotProfile, ProfileRequest } from '../../protocol/autopilot/autopilot-profile.ts';
import {
  DEVICE_ADD_PATH,
  DEVICE_COMPONENTS,
  DEVICE_TICKET_PATH,
  parseDeviceAddResponse,
  parseDeviceTicketResponse,
  writeDeviceAddRequest,
  writeDeviceTicketRequest,
} from '../../protocol/autopilot/device-token.ts';
import type { DeviceAddRequest } from '../../protocol/autopilot/device-token.ts';
import { sha256, sha256Hex } from '../../protocol/encoding/digest.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { knownCode, readAs, unexpectedReply } from './replies.ts';
import { callSoap } from './soap-call.ts';

const XML_HEADERS = { 'Content-Type': 'application/xml; charset=utf-8' };
const PUBLIC_EXPONENT = Buffer.from('010001', 'hex');
/** What the ticket is for: the profile service, by its public name. */
const APPLIES_TO = 'ztd.dds.microsoft.com';

/** The ticket that proves the hardware to the profile service. */
export async function getDeviceToken(
  network: DeviceNetwork,
  identity: DeviceIdentity,
): Promise<Result<string, StepFailure>> {
  const request = deviceAddRequest(identity);
  const added = await network.exchange('profile', 'device-add', {
    method: 'POST',
    target: DEVICE_ADD_PATH,
    headers: XML_HEADERS,
    body: writeDeviceAddRequest(request),
    // The service keeps one credential for each hardware, the last.
    idempotent: true,
  });
  if (!added.ok) return added;
  const answer = parseDeviceAddResponse(added.value.text());
  if (!answer.ok) {
    return added.value.status === 200 ? readAs(answer, 'device-add') : unexpectedReply(added.value, 'device-add');
  }
  if (!answer.value.success) return stepFailure('device-token-refused', answer.value.error);
  return requestTicket(network, request, identity);
}

async function requestTicket(
  network: DeviceNetwork,
  { memberName, password }: DeviceAddRequest,
  identity: DeviceIdentity,
): Promise<Result<string, StepFailure>> {
  const envelope = writeDeviceTicketRequest(
    { credential: { kind: 'username', username: memberName, password }, appliesTo: APPLIES_TO },
    { messageId: `urn:uuid:${identity.smbiosUuid}`, to: DEVICE_TICKET_PATH },
  );
  const reply = await callSoap(network, 'profile', 'device-token', DEVICE_TICKET_PATH, envelope);
  if (!reply.ok) return reply;
  if (reply.value.kind === 'fault') return stepFailure('device-token-refused', reply.value.fault.reason);
  const ticket = readAs(parseDeviceTicketResponse(reply.value.body), 'device-token');
  return ticket.ok ? ok(ticket.value.ticket) : ticket;
}

/** The device's profile, or null where the service has a blank one: registered, and a profile is still being assigned. */
export async function downloadProfile(
  network: DeviceNetwork,
  deviceToken: string,
  shown: ProfileRequest = {},
): Promise<Result<AutopilotProfile | null, StepFailure>> {
  const reply = await network.exchange('profile', 'download', {
    method: 'POST',
    target: PROFILE_PATH,
    headers: { 'Content-Type': 'application/json', [DEVICE_TOKEN_HEADER]: deviceToken },
    body: writeProfileRequest(shown),
    idempotent: true,
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status === 401 || status === 403) return stepFailure('device-token-refused', `status ${status}`);
  if (status !== 200 && status !== 404) return unexpectedReply(reply.value, 'profile');
  const read = readAs(parseProfileReply(status, reply.value.text()), 'profile');
  if (!read.ok) return read;
  switch (read.value.kind) {
    case 'profile':
      return ok(read.value.profile);
    case 'empty':
      return ok(null);
    case 'refused': {
      const { code, name, detail } = read.value.refusal;
      return stepFailure(knownCode(String(code)) ?? 'reply-unexpected', `${name}: ${detail}`);
    }
    default:
      return never(read.value);
  }
}

/** Member name and password follow from the hardware, so that a device that starts again is the same one to the service. */
function deviceAddRequest(identity: DeviceIdentity): DeviceAddRequest {
  const { tpm, hardwareDeviceId } = identity;
  const modulus = tpm.ekModulus();
  const text = (id: number, value: string): DeviceAddRequest['components'][number] => ({
    id,
    value: Buffer.from(value),
  });
  return {
    memberName: `02${hardwareDeviceId.slice(0, 14)}`,
    password: sha256Hex(`device credential ${hardwareDeviceId}`).slice(0, 32),
    components: [
      text(DEVICE_COMPONENTS.boardManufacturer, identity.manufacturer),
      text(DEVICE_COMPONENTS.model, identity.model),
      text(DEVICE_COMPONENTS.smbiosSerialNumber, identity.serialNumber),
      text(DEVICE_COMPONENTS.smbiosUuid, identity.smbiosUuid),
      text(DEVICE_COMPONENTS.diskSerialNumbers, identity.diskSerial),
      ...identity.macAddresses.map((mac) => text(DEVICE_COMPONENTS.macAddress, mac)),
      { id: DEVICE_COMPONENTS.endorsementKeyHash, value: sha256(modulus) },
    ],
    endorsementKey: { modulus, exponent: PUBLIC_EXPONENT },
  };
}
