// OAuth 2.0 and OpenID Connect as OOBE and the join speak them to the sign-in service: discovery document and authorization code
// with PKCE (RFC 7636); tokens are oauth-token.ts'. Members keep the wire's own names.
import { malformed } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64Url } from '../encoding/base64.ts';
import { sha256 } from '../encoding/digest.ts';
import { Members, readJsonObject } from '../encoding/json.ts';
import { readForm, writeForm } from './oauth-form.ts';

export * from './oauth-token.ts';

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
  /** Authentication methods that the token has to name: `ngcmfa`, a young second factor, for the keys of Windows Hello. */
  readonly amr_values?: string | undefined;
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
    amr_values: members.optionalString('amr_values'),
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

/** The S256 challenge of a PKCE verifier (RFC 7636, 4.2). */
export function pkceChallenge(verifier: string): string {
  return toBase64Url(sha256(Buffer.from(verifier, 'latin1')));
}

/** Whether a text may serve as verifier: 43 to 128 unreserved characters (RFC 7636, 4.1). */
export function isPkceVerifier(text: string): boolean {
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(text);
}
