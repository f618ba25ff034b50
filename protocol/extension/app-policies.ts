// The app policies of the management extension, as GetSelectedApp and RequestApplication bring them: base64 of the uncompressed
// length (u32, little-endian) and a gzip of a JSON array (flow.md 10.4). The members are those of policies that the extension
// logs and people publish ("Get policies = ..."), JSON in strings included. The members of a FlatDependencies entry are ours.
import { gunzipSync, gzipSync } from 'node:zlib';
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { isObject, Members, readJsonArray, readJsonObject } from '../encoding/json.ts';
import type { JsonObject } from '../encoding/json.ts';

/** What an exit code means (ReturnCodes; the numbers are those of Microsoft Graph's win32LobAppReturnCodeType). */
export const RETURN_CODE_TYPES = { failed: 0, success: 1, 'soft-restart': 2, 'hard-restart': 3, retry: 4 } as const;
export type ReturnCodeType = keyof typeof RETURN_CODE_TYPES;

/** What the device does about restarts (InstallEx; the numbers are those of Microsoft Graph's win32LobAppRestartBehavior). */
export const RESTART_BEHAVIOURS = { 'by-exit-code': 0, allow: 1, suppress: 2, force: 3 } as const;
export type PolicyRestart = keyof typeof RESTART_BEHAVIOURS;

/** The exit codes that every app has unless its administrator says otherwise. */
export const USUAL_RETURN_CODES: ReadonlyMap<number, ReturnCodeType> = new Map([
  [0, 'success'],
  [1707, 'success'],
  [3010, 'soft-restart'],
  [1641, 'hard-restart'],
  [1618, 'retry'],
]);

/** Intent of an app that must be installed. */
const REQUIRED = 3;
const RUN_AS_SYSTEM = 1;
const INSTALL_DEPENDENCY = 10;
/** Names come from strangers and are shown as labels; longer ones are cut. */
const NAME_CHARACTERS_MAX = 100;

export interface AppPolicy {
  /** GUID. */
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** Whom it is assigned to. */
  readonly target: 'device' | 'user';
  /** Assigned itself, and not only wanted by another app. */
  readonly targeted: boolean;
  /** Ids of apps that must be installed first. */
  readonly dependencies: readonly string[];
  readonly returnCodes: ReadonlyMap<number, ReturnCodeType>;
  readonly attemptsMax: number;
  readonly retryMinutes: number;
  readonly runMinutesMax: number;
  readonly restart: PolicyRestart;
}

/** ResponsePayload of GetSelectedApp and RequestApplication. */
export function writeAppPolicies(policies: readonly AppPolicy[]): string {
  const json = Buffer.from(JSON.stringify(policies.map(policyJson)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return toBase64(Buffer.concat([length, gzipSync(json)]));
}

export function parseAppPolicies(payload: string): Result<readonly AppPolicy[]> {
  const text = inflate(payload);
  if (!text.ok) return text;
  const list = readJsonArray(text.value);
  if (!list.ok) return list;
  if (list.value.length > LIMITS.appPoliciesMax) return malformed(0, `more than ${LIMITS.appPoliciesMax} app policies`);
  const policies: AppPolicy[] = [];
  for (const entry of list.value) {
    if (!isObject(entry)) return malformed(0, 'an app policy is not an object');
    const policy = readPolicy(entry);
    if (!policy.ok) return policy;
    policies.push(policy.value);
  }
  return ok(policies);
}

function inflate(payload: string): Result<string> {
  const bytes = fromBase64(payload);
  if (bytes === undefined) return malformed(0, 'the payload is not base64');
  if (bytes.length < 4) return malformed(0, 'the payload has no length');
  const length = Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE();
  if (length > LIMITS.jsonBytesMax) return malformed(0, 'the app policies are too long');
  let text: Buffer;
  try {
    text = gunzipSync(bytes.subarray(4), { maxOutputLength: Math.max(1, length) });
  } catch {
    return malformed(4, 'the payload is not gzip, or longer than it says');
  }
  return text.length === length ? ok(text.toString('utf8')) : malformed(0, 'the payload is shorter than it says');
}

function policyJson(policy: AppPolicy): JsonObject {
  const user = policy.target === 'user';
  const fileRule = {
    Path: `%ProgramFiles%\\${policy.name}`,
    FileOrFolderName: 'installed',
    Check32BitOn64System: false,
    DetectionType: 1,
    Operator: 0,
    DetectionValue: null,
  };
  const install = {
    RunAs: RUN_AS_SYSTEM,
    RequiresLogon: user,
    InstallProgramVisibility: 3,
    MaxRetries: policy.attemptsMax,
    RetryIntervalInMinutes: policy.retryMinutes,
    MaxRunTimeInMinutes: policy.runMinutesMax,
    DeviceRestartBehavior: RESTART_BEHAVIOURS[policy.restart],
  };
  const returnCodes = [...policy.returnCodes].map(([code, type]) => ({
    ReturnCode: code,
    Type: RETURN_CODE_TYPES[type],
  }));
  const dependencies = policy.dependencies.map((child) => ({
    AppId: policy.id,
    ChildId: child,
    Action: INSTALL_DEPENDENCY,
    Type: 0,
  }));
  return {
    Id: policy.id,
    Name: policy.name,
    Version: policy.version,
    Intent: REQUIRED,
    TargetType: user ? 1 : 2,
    AssignmentFilterIds: null,
    DetectionRule: JSON.stringify([{ DetectionType: 2, DetectionText: JSON.stringify(fileRule) }]),
    InstallCommandLine: 'setup.exe /quiet',
    UninstallCommandLine: 'setup.exe /uninstall',
    RequirementRules: JSON.stringify({ RequiredOSArchitecture: 34, MinimumWindows10BuildNumer: null }),
    ExtendedRequirementRules: '[]',
    InstallEx: JSON.stringify(install),
    ReturnCodes: JSON.stringify(returnCodes),
    AvailableAppEnforcement: 0,
    SetUpFilePath: 'setup.exe',
    ToastState: 0,
    Targeted: policy.targeted ? 1 : 0,
    FlatDependencies: dependencies.length === 0 ? null : dependencies,
    MetadataVersion: 1,
    RelationVersion: 0,
    RebootEx: { GracePeriod: -1, Countdown: -1, Snooze: -1 },
    InstallBehavior: 0,
    RemoveUserData: false,
    DOPriority: 1,
    newFlatDependencies: true,
    ContentCacheDuration: null,
    ESPConfiguration: null,
    ReevaluationInterval: 480,
    InstallContext: user ? 1 : 2,
    InstallerData: null,
  };
}

function readPolicy(entry: JsonObject): Result<AppPolicy> {
  const members = new Members(entry);
  const id = members.string('Id');
  const install = membersOf(members, 'InstallEx');
  const restart = install.optionalInteger('DeviceRestartBehavior') ?? RESTART_BEHAVIOURS['by-exit-code'];
  const policy: AppPolicy = {
    id,
    name: members.string('Name').slice(0, NAME_CHARACTERS_MAX),
    version: members.optionalInteger('Version') ?? 1,
    target: members.optionalInteger('TargetType') === 1 ? 'user' : 'device',
    targeted: (members.optionalInteger('Targeted') ?? 1) !== 0,
    dependencies: dependenciesOf(entry['FlatDependencies'], id),
    returnCodes: returnCodesOf(members),
    attemptsMax: within(install.optionalInteger('MaxRetries') ?? 3, 1, 10),
    retryMinutes: within(install.optionalInteger('RetryIntervalInMinutes') ?? 5, 0, 1440),
    runMinutesMax: within(install.optionalInteger('MaxRunTimeInMinutes') ?? 60, 1, 1440),
    restart: nameOf(RESTART_BEHAVIOURS, restart) ?? 'by-exit-code',
  };
  if (!/^[0-9A-Za-z-]{1,64}$/.test(policy.id)) members.refuse('Id', 'is no id of an app');
  return members.result(policy, install);
}

/** A member that is JSON in a string. */
function membersOf(members: Members, name: string): Members {
  const json = readJsonObject(members.optionalString(name) ?? '{}');
  if (!json.ok) members.refuse(name, 'is not JSON in a string');
  return new Members(json.ok ? json.value : {}, { path: `${name}.` });
}

function returnCodesOf(members: Members): ReadonlyMap<number, ReturnCodeType> {
  const text = members.optionalString('ReturnCodes');
  if (text === undefined) return USUAL_RETURN_CODES;
  const list = readJsonArray(text);
  if (!list.ok) {
    members.refuse('ReturnCodes', 'is not a list in a string');
    return USUAL_RETURN_CODES;
  }
  const codes = new Map<number, ReturnCodeType>();
  for (const entry of list.value.filter(isObject)) {
    const type = nameOf(RETURN_CODE_TYPES, entry['Type']);
    if (typeof entry['ReturnCode'] === 'number' && type !== undefined) codes.set(entry['ReturnCode'], type);
  }
  return codes;
}

/** What `id` itself waits for: an entry may also be about an app further down. */
function dependenciesOf(list: unknown, id: string): string[] {
  if (!Array.isArray(list)) return [];
  const children = list
    .filter(isObject)
    .filter((entry) => entry['AppId'] === undefined || entry['AppId'] === id)
    .map((entry) => entry['ChildId'])
    .filter((child) => typeof child === 'string');
  return [...new Set(children)];
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, value: unknown): Name | undefined {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === value);
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
