// The token endpoint as the device uses it, and what a sign-in leaves behind: a session that asks for further tokens.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { sha256 } from '../../protocol/encoding/digest.ts';
import {
  DEVICE_REGISTRATION_RESOURCE,
  FORM_CONTENT_TYPE,
  JOIN_CLIENT_ID,
  parseIdToken,
  parseTokenError,
  parseTokenResponse,
  writeTokenRequest,
} from '../../protocol/sign-in/oauth.ts';
import type { TokenRequest, TokenResponse } from '../../protocol/sign-in/oauth.ts';
import { writeBoundTokenRequest } from '../../protocol/sign-in/primary-refresh-token.ts';
import { decryptWithSessionKey, signWithSessionKey } from '../../protocol/sign-in/session-key.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import { knownCode, readAs, unexpectedReply } from './replies.ts';

/** Audiences that a signed-in session asks tokens for, with what the token has to say of the sign-in. */
const AUDIENCES = {
  mdm: { resource: 'https://enrollment.manage.microsoft.com/' },
  // The MDM's too; this token is the user's, after the desktop session began.
  'management-user': { resource: 'https://enrollment.manage.microsoft.com/' },
  'windows-hello': { resource: DEVICE_REGISTRATION_RESOURCE, amr_values: 'ngcmfa' },
} as const;

export type TokenAudience = keyof typeof AUDIENCES;

/** What outlives the sign-in page: how to get further tokens. The refresh token is replaced whenever the service gives a new one. */
export interface LoginSession {
  readonly tokenEndpoint: string;
  refreshToken: string;
  /** Of a primary refresh token: each request proves that the device has it. */
  readonly sessionKey?: SessionKey;
}

export interface SessionKey {
  readonly bytes: Uint8Array;
  /** How often it was used: no two requests are signed with the same derived key. */
  uses: number;
}

export interface SignIn {
  readonly session: LoginSession;
  /** For the device registration service. */
  readonly accessToken: string;
  readonly claims: {
    readonly upn: string;
    readonly sid: string;
    readonly tid: string;
    readonly tenantDisplayName: string;
    readonly mdmEnrollmentUrl?: string;
    readonly mdmTermsOfUseUrl?: string;
    readonly mdmComplianceUrl?: string;
  };
}

/** An access token for an audience; after the join it names the device. '50076': the second factor is too old for it. */
export async function refreshAccessToken(
  network: DeviceNetwork,
  session: LoginSession,
  audience: TokenAudience,
): Promise<Result<string, StepFailure>> {
  const asked = {
    client_id: JOIN_CLIENT_ID,
    grant_type: 'refresh_token',
    refresh_token: session.refreshToken,
    ...AUDIENCES[audience],
  } as const;
  const { tokenEndpoint, sessionKey } = session;
  const tokens =
    sessionKey === undefined
      ? await requestTokens(network, tokenEndpoint, asked)
      : await requestBound(network, tokenEndpoint, asked, sessionKey);
  if (!tokens.ok) return tokens;
  session.refreshToken = tokens.value.refresh_token ?? session.refreshToken;
  return ok(tokens.value.access_token);
}

export async function requestTokens(
  network: DeviceNetwork,
  endpoint: string,
  request: TokenRequest,
): Promise<Result<TokenResponse, StepFailure>> {
  const reply = await postForm(network, endpoint, writeTokenRequest(request));
  if (!reply.ok) return reply;
  return reply.value.status === 200
    ? readAs(parseTokenResponse(reply.value.text()), 'token reply')
    : tokenFailure(reply.value);
}

/** The same, signed with the session key; the answer is encrypted with one of its keys. */
async function requestBound(
  network: DeviceNetwork,
  endpoint: string,
  request: Parameters<typeof writeTokenRequest>[0],
  key: SessionKey,
): Promise<Result<TokenResponse, StepFailure>> {
  const form = writeBoundTokenRequest(signWithSessionKey({ ...request }, key.bytes, nextContext(key)));
  const reply = await postForm(network, endpoint, form);
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return tokenFailure(reply.value);
  const text = readAs(decryptWithSessionKey(reply.value.text(), key.bytes), 'token reply');
  return text.ok ? readAs(parseTokenResponse(text.value), 'token reply') : text;
}

const CONTEXT_BYTES = 24;

/** 24 bytes for the next derived key: not secret, and never twice the same for one session key. */
export function nextContext(key: SessionKey): Uint8Array {
  key.uses += 1;
  return sha256(Buffer.concat([sha256(key.bytes), Buffer.from(String(key.uses))])).subarray(0, CONTEXT_BYTES);
}

export function postForm(
  network: DeviceNetwork,
  endpoint: string,
  body: string,
  operation: 'token' | 'nonce' = 'token',
): Promise<Result<Reply, StepFailure>> {
  return network.exchange('login', operation, {
    method: 'POST',
    target: endpoint,
    headers: { 'Content-Type': FORM_CONTENT_TYPE },
    body,
  });
}

export function tokenFailure(reply: Reply): ReturnType<typeof stepFailure> {
  const error = parseTokenError(reply.text());
  if (!error.ok) return unexpectedReply(reply, 'token request');
  const { error_codes: numbers = [], error: name, error_description: description = '' } = error.value;
  const known = numbers.map((number) => knownCode(String(number))).find((code) => code !== undefined);
  return stepFailure(known ?? (name === 'invalid_grant' ? '70000' : 'reply-unexpected'), `${name}: ${description}`);
}

/** The sign-in that tokens stand for; the id_token must have what OOBE needs. */
export function signInOf(tokenEndpoint: string, tokens: TokenResponse): Result<SignIn, StepFailure> {
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = tokens;
  if (idToken === undefined || refreshToken === undefined) {
    return stepFailure('0x80004005', 'there is no id_token or no refresh_token');
  }
  const claims = claimsOf(idToken);
  return claims.ok ? ok({ session: { tokenEndpoint, refreshToken }, accessToken, claims: claims.value }) : claims;
}

/** What OOBE and Windows read in an id_token. */
export function claimsOf(idToken: string): Result<SignIn['claims'], StepFailure> {
  const claims = parseIdToken(idToken);
  if (!claims.ok) return stepFailure('0x80004005', claims.error.reason);
  const { upn, sid, tid, tenant_display_name, mdm_enrollment_url, mdm_terms_of_use_url, mdm_compliance_url } =
    claims.value;
  return ok({
    upn,
    sid,
    tid,
    tenantDisplayName: tenant_display_name,
    ...(mdm_enrollment_url !== undefined && { mdmEnrollmentUrl: mdm_enrollment_url }),
    ...(mdm_terms_of_use_url !== undefined && { mdmTermsOfUseUrl: mdm_terms_of_use_url }),
    ...(mdm_compliance_url !== undefined && { mdmComplianceUrl: mdm_compliance_url }),
  });
}
