// OAuth 2.0 and OpenID Connect as OOBE and the join speak them to the sign-in service: discovery document, authorization code
// with PKCE (RFC 7636), token requests and replies, id_token. Members keep the wire's own names.
import { LIMITS } from '../kernel/limits.ts';
import { malformed, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { toBase64Url } from './base64.ts';
import { sha256 } from './digest.ts';
import { Members, readJsonObject } from './json.ts';
import { readToken } from './token.ts';
import type { TokenClaims } from './token.ts';

/** The broker application in whose name OOBE and Settings sign in. */
export const JOIN_CLIENT_ID = '29d9ed98-a469-4536-ade2-f981bc1d605e';
export const JOIN_REDIRECT_URI = 'ms-aadj-redir://auth/drs';
export const MDM_REDIRECT_URI = 'ms-aadj-redir://auth/mdm';
/** Audience of the token for device registration. */
export const DEVICE_REGISTRATION_RESOURCE = 'urn:ms-drs:enterpriseregistration.windows.net';
export const FORM_CONTENT_TYPE = 'application/x-www-form-urlencoded';

/** OpenID Connect Discovery 1.0, 3: the members that OOBE or a verifier of tokens reads. */
export interface OpenIdConfiguration {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly device_authorization_endpoint?: string | undefined;
  readonly end_session_endpoint?: string | undefined;
}

export function writeOpenIdConfiguration(configuration: OpenIdConfiguration): string {
  return JSON.stringify({
    ...configuration,
    response_types_supported: ['code', 'id_token', 'code id_token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  });
}

export function parseOpenIdConfiguration(text: string): Result<OpenIdConfiguration> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result({
    issuer: members.string('issuer'),
    authorization_endpoint: members.string('authorization_endpoint'),
    token_endpoint: members.string('token_endpoint'),
    jwks_uri: members.string('jwks_uri'),
    device_authorization_endpoint: members.optionalString('device_authorization_endpoint'),
    end_session_endpoint: members.optionalString('end_session_endpoint'),
  });
}

/** The query of the authorization endpoint. */
export interface AuthorizeRequest {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly response_type: string;
  readonly response_mode?: string | undefined;
  readonly scope?: string | undefined;
  /** Version 1 endpoints name the audience so. */
  readonly resource?: string | undefined;
  readonly state?: string | undefined;
  readonly nonce?: string | undefined;
  readonly code_challenge?: string | undefined;
  readonly code_challenge_method?: string | undefined;
  readonly login_hint?: string | undefined;
  /** The profile's CloudAssignedTenantDomain: whose branding the page shows. */
  readonly ztd_tenant?: string | undefined;
  readonly 'client-request-id'?: string | undefined;
}

export function writeAuthorizeRequest(request: AuthorizeRequest): string {
  return writeForm(request);
}

export function parseAuthorizeRequest(query: string): Result<AuthorizeRequest> {
  const form = readForm(query);
  if (!form.ok) return form;
  const members = new Members(form.value);
  return members.result({
    client_id: members.string('client_id'),
    redirect_uri: members.string('redirect_uri'),
    response_type: members.string('response_type'),
    response_mode: members.optionalString('response_mode'),
    scope: members.optionalString('scope'),
    resource: members.optionalString('resource'),
    state: members.optionalString('state'),
    nonce: members.optionalString('nonce'),
    code_challenge: members.optionalString('code_challenge'),
    code_challenge_method: members.optionalString('code_challenge_method'),
    login_hint: members.optionalString('login_hint'),
    ztd_tenant: members.optionalString('ztd_tenant'),
    'client-request-id': members.optionalString('client-request-id'),
  });
}

/** What the authorization endpoint redirects with (RFC 6749, 4.1.2). */
export type AuthorizeReply =
  | { readonly code: string; readonly state?: string | undefined }
  | { readonly error: string; readonly error_description?: string | undefined; readonly state?: string | undefined };

/** The Location header: the redirect URI with the reply in its query. */
export function writeAuthorizeRedirect(redirectUri: string, reply: AuthorizeReply): string {
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${writeForm(reply)}`;
}

/** Reads the reply from a Location header; a fragment serves as well as a query. */
export function parseAuthorizeRedirect(location: string): Result<AuthorizeReply> {
  const start = location.search(/[?#]/);
  if (start < 0) return malformed(0, 'the redirect carries no reply');
  const form = readForm(location.slice(start + 1));
  if (!form.ok) return form;
  const members = new Members(form.value);
  const state = members.optionalString('state');
  const error = members.optionalString('error');
  if (error !== undefined) {
    return members.result({ error, error_description: members.optionalString('error_description'), state });
  }
  return members.result({ code: members.string('code'), state });
}

/** The form of the token endpoint, by grant. */
export type TokenRequest = {
  readonly client_id: string;
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
} & (
  | {
      readonly grant_type: 'authorization_code';
      readonly code: string;
      readonly redirect_uri: string;
      readonly code_verifier?: string | undefined;
    }
  | { readonly grant_type: 'refresh_token'; readonly refresh_token: string }
  | { readonly grant_type: 'client_credentials'; readonly client_secret: string }
  | { readonly grant_type: 'password'; readonly username: string; readonly password: string }
);

export function writeTokenRequest(request: TokenRequest): string {
  return writeForm(request);
}

/** An unknown grant is malformed here: the service answers it with `unsupported_grant_type`. */
export function parseTokenRequest(form: string): Result<TokenRequest> {
  const fields = readForm(form);
  if (!fields.ok) return fields;
  const members = new Members(fields.value);
  const common = {
    client_id: members.string('client_id'),
    resource: members.optionalString('resource'),
    scope: members.optionalString('scope'),
  };
  const grant = members.string('grant_type');
  switch (grant) {
    case 'authorization_code':
      return members.result({
        ...common,
        grant_type: grant,
        code: members.string('code'),
        redirect_uri: members.string('redirect_uri'),
        code_verifier: members.optionalString('code_verifier'),
      });
    case 'refresh_token':
      return members.result({ ...common, grant_type: grant, refresh_token: members.string('refresh_token') });
    case 'client_credentials':
      return members.result({ ...common, grant_type: grant, client_secret: members.string('client_secret') });
    case 'password': {
      const username = members.string('username');
      return members.result({ ...common, grant_type: grant, username, password: members.string('password') });
    }
    default:
      return malformed(0, `"grant_type" is not one that is known here: ${grant}`);
  }
}

export interface TokenResponse {
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
}

export function writeTokenResponse(response: TokenResponse): string {
  return JSON.stringify(response);
}

export function parseTokenResponse(text: string): Result<TokenResponse> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  return members.result({
    token_type: members.string('token_type'),
    expires_in: members.integer('expires_in'),
    access_token: members.string('access_token'),
    refresh_token: members.optionalString('refresh_token'),
    id_token: members.optionalString('id_token'),
    scope: members.optionalString('scope'),
    resource: members.optionalString('resource'),
  });
}

/** RFC 6749, 5.2, with the numbers that Entra adds (AADSTS...). */
export interface TokenError {
  readonly error: string;
  readonly error_description?: string | undefined;
  readonly error_codes?: readonly number[] | undefined;
  readonly timestamp?: string | undefined;
  readonly trace_id?: string | undefined;
  readonly correlation_id?: string | undefined;
}

export function writeTokenError(error: TokenError): string {
  return JSON.stringify(error);
}

export function parseTokenError(text: string): Result<TokenError> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const codes = json.value['error_codes'];
  return members.result({
    error: members.string('error'),
    error_description: members.optionalString('error_description'),
    error_codes: Array.isArray(codes) ? codes.filter((code) => Number.isSafeInteger(code)) : undefined,
    timestamp: members.optionalString('timestamp'),
    trace_id: members.optionalString('trace_id'),
    correlation_id: members.optionalString('correlation_id'),
  });
}

/** The S256 challenge of a PKCE verifier (RFC 7636, 4.2). */
export function pkceChallenge(verifier: string): string {
  return toBase64Url(sha256(Buffer.from(verifier, 'latin1')));
}

/** Whether a text may serve as verifier: 43 to 128 unreserved characters (RFC 7636, 4.1). */
export function isPkceVerifier(text: string): boolean {
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(text);
}

/** What OOBE takes from the id_token: the first four are mandatory, the URLs are absent where the MDM scope is none. */
export interface IdTokenClaims {
  readonly upn: string;
  readonly sid: string;
  readonly tid: string;
  readonly tenant_display_name: string;
  readonly mdm_enrollment_url?: string | undefined;
  readonly mdm_terms_of_use_url?: string | undefined;
  readonly mdm_compliance_url?: string | undefined;
  readonly user_setting_sync_url?: string | undefined;
}

/** Reads an id_token without verifying it, as OOBE does. */
export function parseIdToken(text: string): Result<IdTokenClaims & { readonly claims: TokenClaims }> {
  const token = readToken(text);
  if (!token.ok) return token;
  const members = new Members(token.value.claims);
  return members.result({
    upn: members.string('upn'),
    sid: members.string('sid'),
    tid: members.string('tid'),
    tenant_display_name: members.string('tenant_display_name'),
    mdm_enrollment_url: members.optionalString('mdm_enrollment_url'),
    mdm_terms_of_use_url: members.optionalString('mdm_terms_of_use_url'),
    mdm_compliance_url: members.optionalString('mdm_compliance_url'),
    user_setting_sync_url: members.optionalString('user_setting_sync_url'),
    claims: token.value.claims,
  });
}

function writeForm(fields: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, String(value));
  return form.toString();
}

/** Fields of a form or query; one that is sent twice is refused (RFC 6749, 3.1). */
function readForm(text: string): Result<Record<string, string>> {
  if (text.length > LIMITS.formCharactersMax) {
    return malformed(LIMITS.formCharactersMax, `the form is longer than ${LIMITS.formCharactersMax} characters`);
  }
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields) return malformed(text.indexOf(name), 'a field of the form is repeated');
    fields[name] = value;
  }
  return ok(fields);
}
