// The management extension's sessions with its gateway: where the gateway is, and the envelope of a request and its reply, whose
// payloads are JSON or base64 within strings (flow.md 10.2, 10.3). The names are those that public clients of the real gateway
// send; what a payload says is its own file's.
import { ok, malformed } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonArray, readJsonObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';

export const SERVICE_ADDRESSES_PATH =
  '/RestUserAuthLocationService/RestUserAuthLocationService/Certificate/ServiceAddresses';
const GATEWAY_SERVICE = 'SideCarGatewayService';
const API_VERSION = '1.5';

/** `GetSelectedApp`: what the status page waits for; `RequestApplication`: everything that is required; `Win32AppResult`: a report. */
export const SESSION_REQUESTS = ['GetSelectedApp', 'RequestApplication', 'GetContentInfo', 'Win32AppResult'] as const;
export type SessionRequestType = (typeof SESSION_REQUESTS)[number];

/** Why the extension asks (public clients list these among others). */
export type CheckinReason = 'ESP' | 'AgentRestart' | 'UserLogOn';

/** Where the device is, by the names that the extension logs. */
export const ESP_PHASES = ['DeviceSetup', 'AccountSetup', 'NotInEsp'] as const;
export type EspPhase = (typeof ESP_PHASES)[number];

/** What the extension says of its device; `ClientInfo`, JSON in a string. */
export interface ClientInfo {
  readonly deviceName: string;
  readonly operatingSystemVersion: string;
  readonly agentVersion: string;
}

export interface SessionRequest {
  /** GUID, in the URL and as Key and SessionId. */
  readonly sessionId: string;
  readonly type: SessionRequestType;
  /** JSON text; `[]` where there is nothing to say. */
  readonly payload: string;
  readonly clientInfo: ClientInfo;
  readonly reason: CheckinReason;
  /** In CheckinReasonPayload, whose form is ours: the real one is not public. Undefined where a client does not say. */
  readonly espPhase: EspPhase | undefined;
}

export function writeServiceAddresses(gatewayUrl: string): string {
  return JSON.stringify([{ Services: [{ ServiceName: GATEWAY_SERVICE, Url: gatewayUrl }] }]);
}

/** The gateway's URL, without a slash at its end. */
export function parseServiceAddresses(text: string): Result<string> {
  const list = readJsonArray(text);
  if (!list.ok) return list;
  for (const entry of list.value.filter(isObject)) {
    const services = entry['Services'];
    for (const service of Array.isArray(services) ? services.filter(isObject) : []) {
      const url = service['Url'];
      if (service['ServiceName'] === GATEWAY_SERVICE && typeof url === 'string') return ok(url.replace(/\/+$/, ''));
    }
  }
  return malformed(0, `no service is called ${GATEWAY_SERVICE}`);
}

/** The address of one session below the gateway's URL. */
export function sessionUrl(gatewayUrl: string, sessionId: string): string {
  return `${gatewayUrl}/SideCarGatewaySessions('${sessionId}')?api-version=${API_VERSION}`;
}

export function writeSessionRequest(request: SessionRequest): string {
  const { sessionId, type, payload, clientInfo, reason, espPhase } = request;
  const client = {
    DeviceName: clientInfo.deviceName,
    OperatingSystemVersion: clientInfo.operatingSystemVersion,
    SideCarAgentVersion: clientInfo.agentVersion,
    Win10SMode: false,
    ChannelUriInformation: null,
    AgentCrashSeen: false,
    ExtendedInventoryMap: {},
  };
  return JSON.stringify({
    Key: sessionId,
    SessionId: sessionId,
    RequestContentType: type,
    RequestPayload: payload,
    ResponseContentType: null,
    ClientInfo: JSON.stringify(client),
    ResponsePayload: null,
    EnabledFlights: null,
    CheckinIntervalMinutes: null,
    GenericWorkloadRequests: null,
    GenericWorkloadResponse: null,
    CheckinReason: reason,
    CheckinReasonPayload: espPhase === undefined ? null : JSON.stringify({ EspPhase: espPhase }),
  });
}

/** What a gateway must know of a request. */
export type ReceivedRequest = Pick<SessionRequest, 'sessionId' | 'type' | 'payload' | 'espPhase'>;

export function parseSessionRequest(text: string): Result<ReceivedRequest> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const type = members.string('RequestContentType');
  const known = SESSION_REQUESTS.find((name) => name === type);
  if (known === undefined) members.refuse('RequestContentType', 'is no request of this gateway');
  return members.result({
    sessionId: members.string('SessionId'),
    type: known ?? 'GetSelectedApp',
    payload: members.optionalString('RequestPayload') ?? '[]',
    espPhase: phaseOf(members.optionalString('CheckinReasonPayload')),
  });
}

/** The reply repeats the request's envelope, with the payload in its place. */
export function writeSessionReply(request: ReceivedRequest, payload: string): string {
  return JSON.stringify({
    Key: request.sessionId,
    SessionId: request.sessionId,
    RequestContentType: request.type,
    RequestPayload: '',
    ResponseContentType: null,
    ResponsePayload: payload,
    EnabledFlights: null,
    CheckinIntervalMinutes: 60,
  });
}

/** The payload of a reply. */
export function parseSessionReply(text: string): Result<string> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result(members.string('ResponsePayload'));
}

function phaseOf(payload: string | undefined): EspPhase | undefined {
  const json: Result<JsonObject> = readJsonObject(payload ?? '{}');
  return json.ok ? ESP_PHASES.find((phase) => phase === json.value['EspPhase']) : undefined;
}
