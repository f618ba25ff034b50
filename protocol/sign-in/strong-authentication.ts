// The exchanges of the page that asks for a second factor: begin, then poll until it is approved or denied. Names are those that
// the page of Entra ID uses; its protocol is not documented, so what is not seen in public clients is not here.
import type { Result } from '../../kernel/result.ts';
import { Members, readJsonObject } from '../encoding/json.ts';

export interface StrongAuthenticationRequest {
  readonly Method: 'BeginAuth' | 'EndAuth';
  readonly AuthMethodId: string;
  readonly Ctx: string;
  readonly FlowToken: string;
  /** Of the answer to BeginAuth; EndAuth has it. */
  readonly SessionId?: string | undefined;
  /** EndAuth: counts from 1. */
  readonly PollCount?: number | undefined;
}

export function writeStrongAuthenticationRequest(request: StrongAuthenticationRequest): string {
  return JSON.stringify(request);
}

export function parseStrongAuthenticationRequest(text: string): Result<StrongAuthenticationRequest> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const method = members.string('Method');
  if (method !== 'BeginAuth' && method !== 'EndAuth') members.refuse('Method', 'is neither BeginAuth nor EndAuth');
  return members.result({
    Method: method === 'EndAuth' ? 'EndAuth' : 'BeginAuth',
    AuthMethodId: members.string('AuthMethodId'),
    Ctx: members.string('Ctx'),
    FlowToken: members.string('FlowToken'),
    SessionId: members.optionalString('SessionId'),
    PollCount: members.optionalInteger('PollCount'),
  });
}

export interface StrongAuthenticationReply {
  readonly Success: boolean;
  /** `Success`, `AuthenticationPending`, `PhoneAppDenied`, ... */
  readonly ResultValue: string;
  /** Poll again. */
  readonly Retry: boolean;
  /** AADSTS number; 0 for none. */
  readonly ErrCode: number;
  /** Takes the place of the one that was sent. */
  readonly FlowToken: string;
  readonly SessionId: string;
}

export function writeStrongAuthenticationReply(reply: StrongAuthenticationReply): string {
  return JSON.stringify(reply);
}

export function parseStrongAuthenticationReply(text: string): Result<StrongAuthenticationReply> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result({
    Success: members.boolean('Success'),
    ResultValue: members.string('ResultValue'),
    Retry: members.optionalBoolean('Retry') ?? false,
    ErrCode: members.optionalInteger('ErrCode') ?? 0,
    FlowToken: members.optionalString('FlowToken') ?? '',
    SessionId: members.optionalString('SessionId') ?? '',
  });
}
