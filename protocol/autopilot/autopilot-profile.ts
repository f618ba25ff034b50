// The Autopilot profile and how it is fetched. Field names are those of the published profile files. The request and reply are
// ours: Microsoft's wire format of the profile service is not public, so it stands behind a driver of the profile service.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { Members, readJsonObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';

/** As written to AutopilotDDSZTDFile.json. All but the registration and the tenant may be missing. */
export interface AutopilotProfile {
  /** The registration record; becomes the ContextItem ZeroTouchProvisioning at MDM enrollment. */
  readonly ZtdRegistrationId: string;
  readonly CloudAssignedTenantId: string;
  readonly CloudAssignedTenantDomain: string;
  readonly AutopilotServiceCorrelationId?: string | undefined;
  /** The device object that registration made in Entra. */
  readonly AadDeviceId?: string | undefined;
  readonly CloudAssignedMdmId?: string | undefined;
  /** 0: Entra join; 1: hybrid join. */
  readonly CloudAssignedDomainJoinMethod?: number | undefined;
  /** Bits: see OOBE_CONFIG_BITS. */
  readonly CloudAssignedOobeConfig?: number | undefined;
  /** 1: no way out to a local account. */
  readonly CloudAssignedForcedEnrollment?: number | undefined;
  /** Empty: no rename. */
  readonly CloudAssignedDeviceName?: string | undefined;
  readonly CloudAssignedAutopilotUpdateDisabled?: number | undefined;
  /** Milliseconds. */
  readonly CloudAssignedAutopilotUpdateTimeout?: number | undefined;
  readonly CloudAssignedPrivacyDiagnostics?: number | undefined;
  /** `os-default` or a tag; heeded on a wired network only. */
  readonly CloudAssignedLanguage?: string | undefined;
  readonly CloudAssignedRegion?: string | undefined;
  readonly CloudAssignedTelemetryLevel?: number | undefined;
  /** The assigned user; may be empty. */
  readonly CloudAssignedTenantUpn?: string | undefined;
  /** 1: hybrid join over VPN. */
  readonly HybridJoinSkipDCConnectivityCheck?: number | undefined;
  readonly DeploymentProfileName?: string | undefined;
  readonly IsExplicitProfileAssignment?: boolean | undefined;
  /** 0: user-driven; 1: self-deploying; 2: pre-provisioning. */
  readonly AutopilotMode?: number | undefined;
  readonly AutopilotCreationDate?: string | undefined;
  /** Written by the client. */
  readonly PolicyDownloadDate?: string | undefined;
  /** JSON as a string, handed to the sign-in page: see writeAadServerData. */
  readonly CloudAssignedAadServerData?: string | undefined;
}

export function writeAutopilotProfile(profile: AutopilotProfile): string {
  return JSON.stringify(profile);
}

export function parseAutopilotProfile(text: string): Result<AutopilotProfile> {
  const json = readJsonObject(text);
  return json.ok ? readProfile(json.value) : json;
}

function readProfile(json: JsonObject): Result<AutopilotProfile> {
  const members = new Members(json);
  return members.result({
    ZtdRegistrationId: members.string('ZtdRegistrationId'),
    CloudAssignedTenantId: members.string('CloudAssignedTenantId'),
    CloudAssignedTenantDomain: members.string('CloudAssignedTenantDomain'),
    AutopilotServiceCorrelationId: members.optionalString('AutopilotServiceCorrelationId'),
    AadDeviceId: members.optionalString('AadDeviceId'),
    CloudAssignedMdmId: members.optionalString('CloudAssignedMdmId'),
    CloudAssignedDomainJoinMethod: members.optionalInteger('CloudAssignedDomainJoinMethod'),
    CloudAssignedOobeConfig: members.optionalInteger('CloudAssignedOobeConfig'),
    CloudAssignedForcedEnrollment: members.optionalInteger('CloudAssignedForcedEnrollment'),
    CloudAssignedDeviceName: members.optionalString('CloudAssignedDeviceName'),
    CloudAssignedAutopilotUpdateDisabled: members.optionalInteger('CloudAssignedAutopilotUpdateDisabled'),
    CloudAssignedAutopilotUpdateTimeout: members.optionalInteger('CloudAssignedAutopilotUpdateTimeout'),
    CloudAssignedPrivacyDiagnostics: members.optionalInteger('CloudAssignedPrivacyDiagnostics'),
    CloudAssignedLanguage: members.optionalString('CloudAssignedLanguage'),
    CloudAssignedRegion: members.optionalString('CloudAssignedRegion'),
    CloudAssignedTelemetryLevel: members.optionalInteger('CloudAssignedTelemetryLevel'),
    CloudAssignedTenantUpn: members.optionalString('CloudAssignedTenantUpn'),
    HybridJoinSkipDCConnectivityCheck: members.optionalInteger('HybridJoinSkipDCConnectivityCheck'),
    DeploymentProfileName: members.optionalString('DeploymentProfileName'),
    IsExplicitProfileAssignment: members.optionalBoolean('IsExplicitProfileAssignment'),
    AutopilotMode: members.optionalInteger('AutopilotMode'),
    AutopilotCreationDate: members.optionalString('AutopilotCreationDate'),
    PolicyDownloadDate: members.optionalString('PolicyDownloadDate'),
    CloudAssignedAadServerData: members.optionalString('CloudAssignedAadServerData'),
  });
}

/** CloudAssignedOobeConfig: the page or duty that each bit stands for. */
export const OOBE_CONFIG_BITS = {
  skipCortanaOptIn: 1,
  userNotLocalAdmin: 2,
  skipExpressSettings: 4,
  skipOemRegistration: 8,
  skipEula: 16,
  tpmAttestation: 32,
  entraDeviceAuthentication: 64,
  tpmRequired: 128,
  skipWindowsUpgrade: 256,
  enablePatchDownload: 512,
  skipKeyboard: 1024,
} as const;

export type OobeConfigFlag = keyof typeof OOBE_CONFIG_BITS;
export type OobeConfig = Readonly<Record<OobeConfigFlag, boolean>>;

export function encodeOobeConfig(flags: Partial<OobeConfig>): number {
  let bits = 0;
  for (const [name, bit] of Object.entries(OOBE_CONFIG_BITS)) if (flags[name as OobeConfigFlag]) bits |= bit;
  return bits;
}

/** Bits that have no name are left out. */
export function decodeOobeConfig(bits: number): OobeConfig {
  const flags = Object.entries(OOBE_CONFIG_BITS).map(([name, bit]) => [name, (bits & bit) !== 0]);
  return Object.fromEntries(flags) as OobeConfig;
}

/** The content of CloudAssignedAadServerData. */
export interface ZeroTouchConfig {
  readonly CloudAssignedTenantUpn: string;
  readonly ForcedEnrollment: number;
  readonly CloudAssignedTenantDomain: string;
}

export function writeAadServerData(config: ZeroTouchConfig): string {
  return JSON.stringify({ ZeroTouchConfig: config });
}

export function parseAadServerData(text: string): Result<ZeroTouchConfig> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const root = new Members(json.value);
  const config = new Members(root.object('ZeroTouchConfig'), { path: 'ZeroTouchConfig.' });
  return root.result(
    {
      CloudAssignedTenantUpn: config.optionalString('CloudAssignedTenantUpn') ?? '',
      ForcedEnrollment: config.optionalInteger('ForcedEnrollment') ?? 0,
      CloudAssignedTenantDomain: config.optionalString('CloudAssignedTenantDomain') ?? '',
    },
    config,
  );
}

/** Where the neutral driver sends the request, and the header with the device ticket. */
export const PROFILE_PATH = '/ztd/v1/profile';
export const DEVICE_TOKEN_HEADER = 'x-device-token';

/** The body of a profile request (ours). The token names the device; the hash lets the service see changed hardware. */
export interface ProfileRequest {
  readonly hardwareHash?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly productKeyId?: string | undefined;
}

export function writeProfileRequest(request: ProfileRequest): string {
  return JSON.stringify(request);
}

export function parseProfileRequest(text: string): Result<ProfileRequest> {
  if (text.trim() === '') return ok({});
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result({
    hardwareHash: members.optionalString('hardwareHash'),
    serialNumber: members.optionalString('serialNumber'),
    productKeyId: members.optionalString('productKeyId'),
  });
}

/** Why the service has no profile: the names and numbers that Windows logs as events of the same id. */
export const PROFILE_REFUSALS = {
  807: 'ZtdDeviceIsNotRegistered',
  809: 'ZtdDeviceHasNoAssignedProfile',
  815: 'ZtdDeviceHasNoAssignedProfile',
  908: 'SerialNumberMismatch',
} as const;

export interface ProfileRefusal {
  readonly code: number;
  readonly name: string;
  readonly detail: string;
}

/** With HTTP 404. */
export function writeProfileRefusal(refusal: ProfileRefusal): string {
  return JSON.stringify(refusal);
}

export function parseProfileRefusal(text: string): Result<ProfileRefusal> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result({
    code: members.integer('code'),
    name: members.optionalString('name') ?? '',
    detail: members.optionalString('detail') ?? '',
  });
}

/** What a profile request came to. An empty profile (`{}`) means: registered, and nothing assigned yet. */
export type ProfileReply =
  | { readonly kind: 'profile'; readonly profile: AutopilotProfile }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly refusal: ProfileRefusal };

/** Reads a reply by its HTTP status (200 or 404); the caller handles throttling and server errors. */
export function parseProfileReply(status: number, text: string): Result<ProfileReply> {
  if (status === 404) {
    const refusal = parseProfileRefusal(text);
    return refusal.ok ? ok({ kind: 'refused', refusal: refusal.value }) : refusal;
  }
  if (status !== 200) return malformed(0, `HTTP status ${status} has no meaning here`);
  const json = readJsonObject(text);
  if (!json.ok) return json;
  if (Object.keys(json.value).length === 0) return ok({ kind: 'empty' });
  const profile = readProfile(json.value);
  return profile.ok ? ok({ kind: 'profile', profile: profile.value }) : profile;
}
