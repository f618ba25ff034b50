// The device registration service: discovery and the JSON join ([MS-DVRD], [MS-DVRJ], and what public clients exchange with
// the cloud service). Members keep the wire's own names; readers take them in any case, as the service does.
import { LIMITS } from '../../kernel/limits.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { Members, isObject, readJsonObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';

/** `GET /{domain}/Discover?api-version=1.9`: the members that a join needs, others are ignored. */
export interface RegistrationDiscovery {
  readonly DeviceRegistrationService?: RegistrationService | undefined;
  readonly AuthenticationService: {
    readonly OAuth2: { readonly AuthCodeEndpoint: string; readonly TokenEndpoint: string };
  };
  readonly IdentityProviderService?: { readonly Federated: boolean; readonly PassiveAuthEndpoint: string } | undefined;
  readonly DeviceJoinService: {
    readonly JoinEndpoint: string;
    readonly JoinResourceId: string;
    readonly ServiceVersion: string;
  };
  readonly KeyProvisioningService?:
    | {
        readonly KeyProvisionEndpoint: string;
        readonly KeyProvisionResourceId: string;
        readonly ServiceVersion: string;
      }
    | undefined;
  readonly TenantInfo?:
    { readonly TenantId: string; readonly TenantName: string; readonly DisplayName: string } | undefined;
  readonly NonceService?:
    { readonly Endpoint: string; readonly ResourceId: string; readonly ServiceVersion: string } | undefined;
}

interface RegistrationService {
  readonly RegistrationEndpoint: string;
  readonly RegistrationResourceId: string;
  readonly ServiceVersion: string;
}

export function writeRegistrationDiscovery(discovery: RegistrationDiscovery): string {
  return JSON.stringify(discovery);
}

export function parseRegistrationDiscovery(text: string): Result<RegistrationDiscovery> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const read: Members[] = [];
  const inside = (object: JsonObject, path: string): Members => {
    const members = new Members(object, { path, anyCase: true });
    read.push(members);
    return members;
  };
  const root = inside(json.value, '');
  const optional = <T>(name: string, shape: (members: Members) => T): T | undefined => {
    const object = root.optionalObject(name);
    return object && shape(inside(object, `${name}.`));
  };
  const oauth = inside(
    inside(root.object('AuthenticationService'), 'AuthenticationService.').object('OAuth2'),
    'OAuth2.',
  );
  const join = inside(root.object('DeviceJoinService'), 'DeviceJoinService.');
  return root.result(
    {
      DeviceRegistrationService: optional('DeviceRegistrationService', (members) => ({
        RegistrationEndpoint: members.string('RegistrationEndpoint'),
        RegistrationResourceId: members.string('RegistrationResourceId'),
        ServiceVersion: members.string('ServiceVersion'),
      })),
      AuthenticationService: {
        OAuth2: {
          AuthCodeEndpoint: oauth.string('AuthCodeEndpoint'),
          TokenEndpoint: oauth.string('TokenEndpoint'),
        },
      },
      IdentityProviderService: optional('IdentityProviderService', (members) => ({
        Federated: members.optionalBoolean('Federated') ?? false,
        PassiveAuthEndpoint: members.optionalString('PassiveAuthEndpoint') ?? '',
      })),
      DeviceJoinService: {
        JoinEndpoint: join.string('JoinEndpoint'),
        JoinResourceId: join.string('JoinResourceId'),
        ServiceVersion: join.optionalString('ServiceVersion') ?? '',
      },
      KeyProvisioningService: optional('KeyProvisioningService', (members) => ({
        KeyProvisionEndpoint: members.string('KeyProvisionEndpoint'),
        KeyProvisionResourceId: members.string('KeyProvisionResourceId'),
        ServiceVersion: members.string('ServiceVersion'),
      })),
      TenantInfo: optional('TenantInfo', (members) => ({
        TenantId: members.string('TenantId'),
        TenantName: members.optionalString('TenantName') ?? '',
        DisplayName: members.optionalString('DisplayName') ?? '',
      })),
      NonceService: optional('NonceService', (members) => ({
        Endpoint: members.string('Endpoint'),
        ResourceId: members.string('ResourceId'),
        ServiceVersion: members.string('ServiceVersion'),
      })),
    },
    ...read,
  );
}

/** JoinType of a join request. */
export const JOIN_TYPES = { join: 0, register: 4, hybrid: 6 } as const;

/** `POST /EnrollmentServer/device/?api-version=2.0`. */
export interface JoinRequest {
  /** DER of the PKCS#10 request. */
  readonly certificateRequest: Uint8Array;
  /** BCRYPT_RSAPUBLIC_BLOB of the transport key. */
  readonly transportKey: Uint8Array;
  readonly targetDomain: string;
  readonly deviceType: string;
  readonly osVersion: string;
  readonly deviceDisplayName: string;
  readonly joinType: number;
  /** Such as ReuseDevice, ReturnClientSid and, from an Autopilot device, MSA-DDID: its device ticket in base64. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function writeJoinRequest(request: JoinRequest): string {
  return JSON.stringify({
    CertificateRequest: { Type: 'pkcs10', Data: toBase64(request.certificateRequest) },
    TransportKey: toBase64(request.transportKey),
    TargetDomain: request.targetDomain,
    DeviceType: request.deviceType,
    OSVersion: request.osVersion,
    DeviceDisplayName: request.deviceDisplayName,
    JoinType: request.joinType,
    attributes: request.attributes,
  });
}

export function parseJoinRequest(text: string): Result<JoinRequest> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  const path = 'CertificateRequest.';
  const certificate = new Members(members.object('CertificateRequest'), { path, anyCase: true });
  const type = certificate.string('Type');
  if (type.toLowerCase() !== 'pkcs10') certificate.refuse('Type', `is not "pkcs10": ${type}`);
  const attributes = Object.entries(members.optionalObject('attributes') ?? {});
  if (attributes.length > LIMITS.joinAttributesMax) members.refuse('attributes', 'has too many members');
  const texts: [string, string][] = [];
  for (const [name, value] of attributes) if (typeof value === 'string') texts.push([name, value]);
  return members.result(
    {
      certificateRequest: base64(certificate, 'Data'),
      transportKey: base64(members, 'TransportKey'),
      targetDomain: members.optionalString('TargetDomain') ?? '',
      deviceType: members.optionalString('DeviceType') ?? '',
      osVersion: members.optionalString('OSVersion') ?? '',
      deviceDisplayName: members.optionalString('DeviceDisplayName') ?? '',
      joinType: members.integer('JoinType'),
      attributes: Object.fromEntries(texts),
    },
    certificate,
  );
}

/** One attribute of a join request, its name in any case. */
export function joinAttribute(request: JoinRequest, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(request.attributes).find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

export interface JoinResponse {
  /** DER of the device certificate. */
  readonly certificate: Uint8Array;
  /** Its SHA-1 in hex. */
  readonly thumbprint: string;
  readonly upn: string;
  /** Local groups (by SID) with the SIDs to add to them. */
  readonly membershipChanges: readonly { readonly localSid: string; readonly addSids: readonly string[] }[];
}

export function writeJoinResponse(response: JoinResponse): string {
  return JSON.stringify({
    Certificate: { Thumbprint: response.thumbprint, RawBody: toBase64(response.certificate) },
    User: { Upn: response.upn },
    MembershipChanges: response.membershipChanges.map((change) => ({
      LocalSID: change.localSid,
      AddSIDs: change.addSids,
    })),
  });
}

/** MembershipChanges as a single object ([MS-DVRJ], to be ignored there) reads as no changes. */
export function parseJoinResponse(text: string): Result<JoinResponse> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  const certificate = new Members(members.object('Certificate'), { path: 'Certificate.', anyCase: true });
  const user = new Members(members.optionalObject('User') ?? {}, { path: 'User.', anyCase: true });
  const changes = Object.entries(json.value).find(([name]) => name.toLowerCase() === 'membershipchanges')?.[1];
  const readChanges = (Array.isArray(changes) ? changes.filter(isObject) : []).map(
    (change) => new Members(change, { path: 'MembershipChanges.', anyCase: true }),
  );
  return members.result(
    {
      certificate: base64(certificate, 'RawBody'),
      thumbprint: certificate.optionalString('Thumbprint') ?? '',
      upn: user.optionalString('Upn') ?? '',
      membershipChanges: readChanges.map((change) => ({
        localSid: change.string('LocalSID'),
        addSids: change.strings('AddSIDs'),
      })),
    },
    certificate,
    user,
    ...readChanges,
  );
}

/** [MS-DVRJ] ErrorDetails, with HTTP 400 and others. */
export interface JoinError {
  /** `AuthenticationError`, `AuthorizationError`, `DirectoryError`, `DeviceCapReached`, ... */
  readonly errorType: string;
  /** What newer clients log as the join error subcode, such as `error_missing_device`; not in [MS-DVRJ]. */
  readonly subcode?: string | undefined;
  readonly message: string;
  readonly traceId: string;
  /** ISO 8601. */
  readonly time: string;
}

export function writeJoinError(error: JoinError): string {
  return JSON.stringify({
    ErrorType: error.errorType,
    Subcode: error.subcode,
    Message: error.message,
    TraceId: error.traceId,
    Time: error.time,
  });
}

export function parseJoinError(text: string): Result<JoinError> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  return members.result({
    errorType: members.string('ErrorType'),
    subcode: members.optionalString('Subcode'),
    message: members.optionalString('Message') ?? '',
    traceId: members.optionalString('TraceId') ?? '',
    time: members.optionalString('Time') ?? '',
  });
}

/** `GET /EnrollmentServer/nonce/{tenantId}/?api-version=1.0`. */
export function writeNonce(value: string): string {
  return JSON.stringify({ Value: value });
}

export function parseNonce(text: string): Result<string> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  return members.result(members.string('Value'));
}

function base64(members: Members, name: string): Uint8Array {
  const bytes = fromBase64(members.string(name));
  if (bytes === undefined) members.refuse(name, 'is not base64');
  return bytes ?? new Uint8Array();
}
