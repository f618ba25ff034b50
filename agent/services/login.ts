// The work or school sign-in as OOBE does it (flow.md 4): discovery, the tenant's page, the account's realm, the password, a code by
// redirect, tokens with the claims that the join needs. A person waits between the calls, so each is a function of its own; every
// address after the first is one that the service advertised.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64Url } from '../../protocol/base64.ts';
import {
  DEVICE_REGISTRATION_RESOURCE,
  FORM_CONTENT_TYPE,
  JOIN_CLIENT_ID,
  JOIN_REDIRECT_URI,
  parseAuthorizeRedirect,
  parseIdToken,
  parseOpenIdConfiguration,
  parseTokenError,
  parseTokenResponse,
  pkceChallenge,
  writeAuthorizeRequest,
  writeTokenRequest,
} from '../../protocol/oauth.ts';
import type { TokenRequest, TokenResponse } from '../../protocol/oauth.ts';
import { parseUserRealm } from '../../protocol/realm-discovery.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import { elementById, readHtmlForm, resolveUrl } from './html-form.ts';
import type { HtmlForm } from './html-form.ts';
import { knownCode, readAs, unexpectedReply } from './replies.ts';

/** Audiences that a signed-in session asks tokens for. Both are the MDM's; the second token is the user's, after the desktop session began. */
const RESOURCES = {
  mdm: 'https://enrollment.manage.microsoft.com/',
  'management-user': 'https://enrollment.manage.microsoft.com/',
} as const;

export interface SignInPage {
  readonly tenantName: string;
  /** The text that the tenant shows under its sign-in box. */
  readonly text: string;
  readonly url: string;
  readonly form: HtmlForm;
  readonly tokenEndpoint: string;
  readonly state: string;
  readonly codeVerifier: string;
}

export type AuthorizationCode = string;

/** What outlives the sign-in page: how to get further tokens. The refresh token is replaced whenever the service gives a new one. */
export interface LoginSession {
  readonly tokenEndpoint: string;
  refreshToken: string;
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

/** Discovery, then the authorize page with the tenant's branding, then its logo. */
export async function openSignInPage(
  network: DeviceNetwork,
  { tenantDomain, stream }: { readonly tenantDomain: string; readonly stream: RandomStream },
): Promise<Result<SignInPage, StepFailure>> {
  const correlationId = stream.guid();
  const headers = { 'client-request-id': correlationId, 'cxh-correlationId': correlationId };
  const found = await network.exchange('login', 'openid-configuration', {
    method: 'GET',
    target: `/${encodeURIComponent(tenantDomain)}/.well-known/openid-configuration`,
    headers,
  });
  if (!found.ok) return found;
  if (found.value.status !== 200) return unexpectedReply(found.value, 'OpenID configuration');
  const configuration = readAs(parseOpenIdConfiguration(found.value.text()), 'OpenID configuration');
  if (!configuration.ok) return configuration;

  const codeVerifier = toBase64Url(stream.bytes(32));
  const state = stream.guid();
  const { authorization_endpoint: authorize, token_endpoint: tokenEndpoint } = configuration.value;
  const query = writeAuthorizeRequest({
    client_id: JOIN_CLIENT_ID,
    redirect_uri: JOIN_REDIRECT_URI,
    response_type: 'code',
    scope: 'openid profile offline_access',
    resource: DEVICE_REGISTRATION_RESOURCE,
    state,
    nonce: stream.guid(),
    code_challenge: pkceChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ztd_tenant: tenantDomain,
    'client-request-id': correlationId,
  });
  const url = `${authorize}${authorize.includes('?') ? '&' : '?'}${query}`;
  const page = await network.exchange('login', 'authorize', { method: 'GET', target: url, headers });
  if (!page.ok) return page;
  const html = page.value.text();
  if (page.value.status !== 200) return pageFailure(page.value, html);
  const form = readHtmlForm(html, url);
  if (!form.ok) return pageFailure(page.value, html);
  const logo = elementById(html, 'logo')?.attributes['src'];
  const logoUrl = logo === undefined ? undefined : resolveUrl(logo, url);
  if (logoUrl !== undefined) {
    // A page without its logo is still a page to sign in at.
    const shown = await network.exchange('login', 'logo', { method: 'GET', target: logoUrl });
    if (!shown.ok && shown.error.code === 'abandoned') return shown;
  }
  return ok({
    tenantName: elementById(html, 'tenant-name')?.text ?? '',
    text: elementById(html, 'sign-in-text')?.text ?? '',
    url,
    form: form.value,
    tokenEndpoint,
    state,
    codeVerifier,
  });
}

/** Where an account signs in. One that nobody knows is '50034'. */
export async function discoverRealm(
  network: DeviceNetwork,
  userName: string,
): Promise<Result<'managed' | 'federated', StepFailure>> {
  const reply = await network.exchange('login', 'realm', {
    method: 'GET',
    target: `/common/UserRealm/${encodeURIComponent(userName)}?api-version=1.0`,
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'realm discovery');
  const realm = readAs(parseUserRealm(reply.value.text()), 'realm discovery');
  if (!realm.ok) return realm;
  switch (realm.value.account_type) {
    case 'Managed':
      return ok('managed');
    case 'Federated':
      return ok('federated');
    case 'Unknown':
      return stepFailure('50034', 'the realm of the account is not known');
    default:
      return never(realm.value.account_type);
  }
}

/** Fills in the page's form; the answer is a redirect with a code, or the page again with what was wrong. */
export async function submitCredentials(
  network: DeviceNetwork,
  page: SignInPage,
  person: { readonly userName: string; readonly password: string },
): Promise<Result<AuthorizationCode, StepFailure>> {
  const form = new URLSearchParams();
  for (const { name, type, value } of page.form.fields) {
    if (type === 'password') form.append(name, person.password);
    else if (type === 'email' || name === 'login' || name === 'loginfmt') form.append(name, person.userName);
    else if (type === 'hidden') form.append(name, value);
  }
  const reply = await network.exchange('login', 'sign-in', {
    method: 'POST',
    target: page.form.action,
    headers: { 'Content-Type': FORM_CONTENT_TYPE },
    body: form.toString(),
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status !== 302 && status !== 303) return pageFailure(reply.value, reply.value.text());
  const location = reply.value.header('location') ?? '';
  if (!location.startsWith(JOIN_REDIRECT_URI)) return unexpectedReply(reply.value, 'sign-in redirect');
  const redirect = readAs(parseAuthorizeRedirect(location), 'sign-in redirect');
  if (!redirect.ok) return redirect;
  if ('error' in redirect.value) return stepFailure('reply-unexpected', redirect.value.error);
  if (redirect.value.state !== page.state) return stepFailure('0x80004005', 'the state of the redirect is another one');
  return ok(redirect.value.code);
}

/** The code for tokens; the id_token must have what OOBE needs. */
export async function redeemCode(
  network: DeviceNetwork,
  page: SignInPage,
  code: AuthorizationCode,
): Promise<Result<SignIn, StepFailure>> {
  const { tokenEndpoint, codeVerifier } = page;
  const tokens = await requestTokens(network, tokenEndpoint, {
    client_id: JOIN_CLIENT_ID,
    grant_type: 'authorization_code',
    code,
    redirect_uri: JOIN_REDIRECT_URI,
    code_verifier: codeVerifier,
    resource: DEVICE_REGISTRATION_RESOURCE,
  });
  if (!tokens.ok) return tokens;
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = tokens.value;
  if (idToken === undefined || refreshToken === undefined) {
    return stepFailure('0x80004005', 'there is no id_token or no refresh_token');
  }
  const claims = parseIdToken(idToken);
  if (!claims.ok) return stepFailure('0x80004005', claims.error.reason);
  const { upn, sid, tid, tenant_display_name, mdm_enrollment_url, mdm_terms_of_use_url, mdm_compliance_url } =
    claims.value;
  return ok({
    session: { tokenEndpoint, refreshToken },
    accessToken,
    claims: {
      upn,
      sid,
      tid,
      tenantDisplayName: tenant_display_name,
      ...(mdm_enrollment_url !== undefined && { mdmEnrollmentUrl: mdm_enrollment_url }),
      ...(mdm_terms_of_use_url !== undefined && { mdmTermsOfUseUrl: mdm_terms_of_use_url }),
      ...(mdm_compliance_url !== undefined && { mdmComplianceUrl: mdm_compliance_url }),
    },
  });
}

/** An access token for the MDM; after the join it names the device. */
export async function refreshAccessToken(
  network: DeviceNetwork,
  session: LoginSession,
  resource: keyof typeof RESOURCES,
): Promise<Result<string, StepFailure>> {
  const tokens = await requestTokens(network, session.tokenEndpoint, {
    client_id: JOIN_CLIENT_ID,
    grant_type: 'refresh_token',
    refresh_token: session.refreshToken,
    resource: RESOURCES[resource],
  });
  if (!tokens.ok) return tokens;
  session.refreshToken = tokens.value.refresh_token ?? session.refreshToken;
  return ok(tokens.value.access_token);
}

async function requestTokens(
  network: DeviceNetwork,
  endpoint: string,
  request: TokenRequest,
): Promise<Result<TokenResponse, StepFailure>> {
  const reply = await network.exchange('login', 'token', {
    method: 'POST',
    target: endpoint,
    headers: { 'Content-Type': FORM_CONTENT_TYPE },
    body: writeTokenRequest(request),
  });
  if (!reply.ok) return reply;
  if (reply.value.status === 200) return readAs(parseTokenResponse(reply.value.text()), 'token reply');
  const error = parseTokenError(reply.value.text());
  if (!error.ok) return unexpectedReply(reply.value, 'token request');
  const { error_codes: numbers = [], error: name, error_description: description = '' } = error.value;
  const known = numbers.map((number) => knownCode(String(number))).find((code) => code !== undefined);
  return stepFailure(known ?? (name === 'invalid_grant' ? '70000' : 'reply-unexpected'), `${name}: ${description}`);
}

/** A page that shows an error says which in its `error` element. */
function pageFailure(reply: Reply, html: string): ReturnType<typeof stepFailure> {
  const error = elementById(html, 'error');
  const code = knownCode(error?.attributes['data-code'] ?? '');
  return code === undefined ? unexpectedReply(reply, 'sign-in page') : stepFailure(code, error?.text ?? '');
}
