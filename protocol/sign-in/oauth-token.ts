// The token endpoint (RFC 6749, 3.2): what it is asked for by each grant, what it answers, and the id_token that OOBE reads.
// Members keep the wire's own names.
import { malformed } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { Members, readJsonObject } from '../encoding/json.ts';
import { readForm, writeForm } from './oauth-form.ts';
import { readToken } from './token.ts';
import type { TokenClaims } from './token.ts';

/** RFC 7522 has the SAML 2.0 of it; this is what AD FS's assertions are sent with. */
export const SAML_GRANT = 'urn:ietf:params:oauth:grant-type:saml1_1-bearer';

/** The form of the token endpoint, by grant. */
export type TokenRequest = {
  readonly client_id: string;
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
  /** As at the authorization endpoint. */
  readonly amr_values?: string | undefined;
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
  /** `assertion`: base64url of the signed SAML 1.1 assertion. */
  | { readonly grant_type: typeof SAML_GRANT; readonly assertion: string }
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
    amr_values: members.optionalString('amr_values'),
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
    case SAML_GRANT:
      return members.result({ ...common, grant_type: grant, assertion: members.string('assertion') });
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
