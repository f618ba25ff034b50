// What the management extension reports of one app (request `Win32AppResult`). Request type, state messages and the numbers of
// their states are public (the extension keeps the same messages in the registry); that a report is one JSON object with these
// members is ours, since the real payload is not public.
import type { Result } from '../../kernel/result.ts';
import { Members, readJsonObject } from '../encoding/json.ts';

/** EnforcementState: what came of it. */
export const ENFORCEMENT_STATES = {
  success: 1000,
  'restart-pending': 2008,
  error: 5000,
  'error-downloading': 5003,
  'dependency-failed': 6001,
} as const;
export type EnforcementState = keyof typeof ENFORCEMENT_STATES;

export interface AppReport {
  readonly appId: string;
  readonly version: number;
  readonly state: EnforcementState;
  /** HRESULT as a signed number; null where nothing failed. */
  readonly errorCode: number | null;
}

const PRESENT = 2;
const COMPLIANT = 1;
const NOT_COMPLIANT = 2;

export function writeAppReport({ appId, version, state, errorCode }: AppReport): string {
  const installed = state === 'success' || state === 'restart-pending';
  return JSON.stringify({
    AppId: appId,
    AppVersion: version,
    ComplianceStateMessage: {
      Applicability: 0,
      ComplianceState: installed ? COMPLIANT : NOT_COMPLIANT,
      DesiredState: PRESENT,
      ErrorCode: null,
      TargetingMethod: 0,
    },
    EnforcementStateMessage: {
      EnforcementState: ENFORCEMENT_STATES[state],
      ErrorCode: errorCode,
      TargetingMethod: 0,
    },
  });
}

export function parseAppReport(text: string): Result<AppReport> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const message = new Members(members.object('EnforcementStateMessage'), { path: 'EnforcementStateMessage.' });
  const number = message.integer('EnforcementState');
  const states = Object.keys(ENFORCEMENT_STATES) as EnforcementState[];
  const state = states.find((name) => ENFORCEMENT_STATES[name] === number);
  if (state === undefined) message.refuse('EnforcementState', 'is no state of an app');
  return members.result(
    {
      appId: members.string('AppId'),
      version: members.optionalInteger('AppVersion') ?? 1,
      state: state ?? 'error',
      errorCode: message.optionalInteger('ErrorCode') ?? null,
    },
    message,
  );
}
