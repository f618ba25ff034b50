// The profile service with the device sign-in before it: a device credential, a ticket, the Autopilot profile. The wire format
// of the real one is not public; ours is that of protocol/autopilot/device-token.ts and protocol/autopilot/autopilot-profile.ts.
import {
  DEVICE_TOKEN_HEADER,
  parseProfileRequest,
  PROFILE_PATH,
  writeAutopilotProfile,
  writeProfileRefusal,
} from '../../protocol/autopilot/autopilot-profile.ts';
import type { AutopilotProfile } from '../../protocol/autopilot/autopilot-profile.ts';
import {
  DEVICE_ADD_PATH,
  DEVICE_TICKET_PATH,
  parseDeviceAddRequest,
  parseDeviceTicketRequest,
  writeDeviceAddResponse,
  writeDeviceTicketResponse,
} from '../../protocol/autopilot/device-token.ts';
import { readSoap, SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import { writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { assignedProfile } from '../assignment.ts';
import { factsOfDevice, factsOfHash } from '../hardware-facts.ts';
import { errorReply, headerOf, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import { ztdProblem } from '../stores/registrations.ts';
import type { HardwareFacts, ZtdProblem } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { otherTenantsProfile, profileFor } from './autopilot-profile.ts';
import { accountOfTicket, issueTicket } from './device-tickets.ts';

const BODY_BYTES_MAX = 64 * 1024;
const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' };
const SOAP_HEADERS = { 'content-type': SOAP_CONTENT_TYPE, 'cache-control': 'no-store' };

export function profileService(tenant: Tenant): BackendService {
  return {
    name: 'profile',
    bodyBytesMax: BODY_BYTES_MAX,
    routes: [
      {
        method: 'POST',
        path: DEVICE_ADD_PATH,
        operation: 'device-add',
        handle: (request) => addDevice(tenant, request),
      },
      {
        method: 'POST',
        path: DEVICE_TICKET_PATH,
        operation: 'device-token',
        handle: (request) => giveTicket(tenant, request),
      },
      { method: 'POST', path: PROFILE_PATH, operation: 'download', handle: (request) => giveProfile(tenant, request) },
    ],
  };
}

/** Any hardware gets a credential, registered or not; only a request that contradicts itself is refused. */
function addDevice(tenant: Tenant, request: BackendRequest): Reply {
  const parsed = parseDeviceAddRequest(request.body.toString('utf8'));
  if (!parsed.ok) return refuseDevice(400, parsed.error.reason);
  const facts = factsOfDevice(parsed.value);
  if (!facts.ok) return refuseDevice(400, facts.error);
  const { memberName, password } = parsed.value;
  const account = tenant.deviceAccounts.add(memberName, password, facts.value);
  if (account === undefined) return refuseDevice(503, 'the member name is taken, or there is no room');
  const body = writeDeviceAddResponse({ success: true, puid: account.puid, hardwareDeviceId: facts.value.smbiosUuid });
  return { status: 200, headers: XML_HEADERS, body };
}

function refuseDevice(status: number, reason: string): Reply {
  const headers = status === 503 ? { ...XML_HEADERS, 'retry-after': '30' } : XML_HEADERS;
  return { status, headers, body: writeDeviceAddResponse({ success: false, error: reason }) };
}

function giveTicket(tenant: Tenant, request: BackendRequest): Reply {
  const message = readSoap(request.body.toString('utf8'));
  if (!message.ok) return fault('MessageFormat', message.error.reason);
  const { security, body, messageId } = message.value;
  const asked = parseDeviceTicketRequest(body);
  if (!asked.ok) return fault('MessageFormat', asked.error.reason, messageId);
  if (security?.kind !== 'username') return fault('InvalidSecurity', 'The request has no UsernameToken.', messageId);
  const account = tenant.deviceAccounts.ofMember(security.username);
  if (account === undefined || account.password !== security.password) {
    return fault('Authentication', 'The device credential is not known.', messageId);
  }
  const ticket = issueTicket(tenant, account);
  return {
    status: 200,
    headers: SOAP_HEADERS,
    body: writeDeviceTicketResponse(
      { ticket: ticket.text, created: isoTime(ticket.createdMs), expires: isoTime(ticket.expiresMs) },
      { relatesTo: messageId },
    ),
  };
}

function fault(
  subcode: 'MessageFormat' | 'InvalidSecurity' | 'Authentication',
  reason: string,
  relatesTo?: string,
): Reply {
  return { status: 500, headers: SOAP_HEADERS, body: writeSoapFault({ subcode, reason }, { relatesTo }) };
}

function giveProfile(tenant: Tenant, request: BackendRequest): Reply {
  const account = accountOfTicket(tenant, headerOf(request, DEVICE_TOKEN_HEADER) ?? '');
  if (account === undefined)
    return errorReply(401, 'DeviceTokenInvalid', 'The device token is missing, wrong or expired.');
  const asked = parseProfileRequest(request.body.toString('utf8'));
  if (!asked.ok) return errorReply(400, 'BadRequest', asked.error.reason);
  const { hardwareHash, serialNumber, productKeyId } = asked.value;
  let facts: HardwareFacts = account.facts;
  if (hardwareHash !== undefined) {
    const ofHash = factsOfHash(hardwareHash);
    if (!ofHash.ok) return errorReply(400, 'BadRequest', ofHash.error);
    facts = ofHash.value;
  }
  const shown = {
    ...facts,
    serialNumber: serialNumber ?? facts.serialNumber,
    productId: productKeyId ?? facts.productId,
  };
  const match = tenant.registrations.match(shown);
  if (!match.ok) return refuseProfile(match.error);
  tenant.deviceAccounts.learn(account.puid, shown);
  const registration = match.value;
  if (registration.foreign) return profileReply(otherTenantsProfile(tenant, registration));
  const assigned = assignedProfile(tenant, registration);
  if ('group' in assigned) return profileReply(profileFor(tenant, registration, assigned.group));
  return 'blank' in assigned
    ? jsonTextReply(BLANK_PROFILE)
    : refuseProfile(ztdProblem(assigned.verdict, VERDICTS[assigned.verdict]));
}

/** Registered, and a profile is being assigned. */
const BLANK_PROFILE = '{}';
const VERDICTS = {
  809: 'The profile that is assigned to the device does not exist.',
  815: 'No profile is assigned to the device, and the tenant has no default profile.',
} as const;

function profileReply(profile: AutopilotProfile): Reply {
  return jsonTextReply(writeAutopilotProfile(profile));
}

function refuseProfile(problem: ZtdProblem): Reply {
  return { ...jsonTextReply(writeProfileRefusal(problem)), status: 404 };
}
