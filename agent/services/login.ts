// The work or school sign-in as OOBE does it (flow.md 4): discovery, the tenant's page, the account's realm, the password, a code by
// redirect, tokens with the claims that the join needs. A person waits between the calls, so each is a function of its own; every
// address after the first is one that the service advertised.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64Url } from '../../protocol/encoding/base64.ts';
import {
  DEVICE_REGISTRATION_RESOURCE,
  JOIN_CLIENT_ID,
  JOIN_REDIRECT_URI,
  parseOpenIdConfiguration,
  pkceChallenge,
  writeAuthorizeRequest,
} from '../../protocol/sign-in/oauth.ts';
import {
  parseCredentialTypeResponse,
  parseUserRealm,
  writeCredentialTypeRequest,
} from '../../protocol/sign-in/realm-discovery.ts';
import type { UserRealm } from '../../protocol/sign-in/realm-discovery.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import { elementById, readHtmlForm, resolveUrl } from './html-form.ts';
import type { HtmlField, HtmlForm } from './html-form.ts';
import { fillIn, pageFailure, sendForm } from './login-page.ts';
import type { AuthorizationCode, NewPasswordPage, SignInAnswer } from './login-page.ts';
import { requestTokens, signInOf } from './login-tokens.ts';
import type { SignIn } from './login-tokens.ts';
import { readAs, unexpectedReply } from './replies.ts';

export type { AuthorizationCode, Challenge, SignInAnswer } from './login-page.ts';
export { refreshAccessToken } from './login-tokens.ts';
export type { LoginSession, SignIn } from './login-tokens.ts';

/** One authorization request: what its redirect and its code have to match. */
export interface Authorization {
  readonly tokenEndpoint: string;
  readonly state: string;
  readonly codeVerifier: string;
}

export interface SignInPage extends Authorization {
  readonly tenantName: string;
  /** The text that the tenant shows under its sign-in box. */
  readonly text: string;
  readonly url: string;
  readonly form: HtmlForm;
  /** The name that the page has filled in and does not let anybody change. */
  readonly fixedUserName: string | undefined;
}

/** An account that AD FS signs in. */
export interface FederatedRealm {
  /** WS-MetadataExchange. */
  readonly metadataUrl: string;
  /** The page of AD FS, where the sign-in is a redirect; without it WS-Trust signs in from here. */
  readonly redirectUrl: string | undefined;
}

export type Realm = 'managed' | FederatedRealm;

interface Opening {
  readonly tenantDomain: string;
  readonly stream: RandomStream;
  /** The assigned user of the profile; the page fills the name in. */
  readonly loginHint?: string;
}

/** Discovery, then the authorize page with the tenant's branding, then its logo. */
export async function openSignInPage(
  network: DeviceNetwork,
  opening: Opening,
): Promise<Result<SignInPage, StepFailure>> {
  const opened = await requestAuthorization(network, opening);
  if (!opened.ok) return opened;
  const { authorization, url, reply } = opened.value;
  const html = reply.text();
  if (reply.status !== 200) return pageFailure(reply, html);
  const form = readHtmlForm(html, url);
  if (!form.ok) return pageFailure(reply, html);
  const logo = elementById(html, 'logo')?.attributes['src'];
  const logoUrl = logo === undefined ? undefined : resolveUrl(logo, url);
  if (logoUrl !== undefined) {
    // A page without its logo is still a page to sign in at.
    const shown = await network.exchange('login', 'logo', { method: 'GET', target: logoUrl });
    if (!shown.ok && shown.error.code === 'abandoned') return shown;
  }
  const name = form.value.fields.find(isUserName);
  return ok({
    ...authorization,
    tenantName: elementById(html, 'tenant-name')?.text ?? '',
    text: elementById(html, 'sign-in-text')?.text ?? '',
    url,
    form: form.value,
    fixedUserName: name?.readonly === true ? name.value : undefined,
  });
}

/** What the authorize endpoint answered; `credential` is what Windows sends of an earlier sign-in. */
export async function requestAuthorization(
  network: DeviceNetwork,
  { tenantDomain, stream, loginHint = '' }: Opening,
  more: { readonly amrValues?: string; readonly credential?: string } = {},
): Promise<
  Result<{ readonly authorization: Authorization; readonly url: string; readonly reply: Reply }, StepFailure>
> {
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
    login_hint: loginHint === '' ? undefined : loginHint,
    ztd_tenant: tenantDomain,
    amr_values: more.amrValues,
    'client-request-id': correlationId,
  });
  const url = `${authorize}${authorize.includes('?') ? '&' : '?'}${query}`;
  const page = await network.exchange('login', 'authorize', {
    method: 'GET',
    target: url,
    headers: more.credential === undefined ? headers : { ...headers, 'x-ms-RefreshTokenCredential': more.credential },
  });
  if (!page.ok) return page;
  return ok({ authorization: { tokenEndpoint, state, codeVerifier }, url, reply: page.value });
}

/** Where an account signs in; with a page, also whether AD FS has one of its own to go to. One that nobody knows is '50034'. */
export async function discoverRealm(
  network: DeviceNetwork,
  userName: string,
  page?: SignInPage,
): Promise<Result<Realm, StepFailure>> {
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
      return federatedRealm(network, userName, realm.value, page);
    case 'Unknown':
      return stepFailure('50034', 'the realm of the account is not known');
    default:
      return never(realm.value.account_type);
  }
}

async function federatedRealm(
  network: DeviceNetwork,
  userName: string,
  { federation_metadata_url: metadataUrl }: UserRealm,
  page: SignInPage | undefined,
): Promise<Result<Realm, StepFailure>> {
  if (metadataUrl === undefined) return stepFailure('reply-malformed', 'the realm names no federation metadata');
  if (page === undefined) return ok({ metadataUrl, redirectUrl: undefined });
  const originalRequest = page.form.fields.find(({ name }) => name === 'ctx')?.value;
  const reply = await network.exchange('login', 'realm', {
    method: 'POST',
    target: '/common/GetCredentialType',
    headers: { 'Content-Type': 'application/json' },
    body: writeCredentialTypeRequest({ Username: userName, isOtherIdpSupported: true, originalRequest }),
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'credential type');
  const type = readAs(parseCredentialTypeResponse(reply.value.text()), 'credential type');
  return type.ok ? ok({ metadataUrl, redirectUrl: type.value.Credentials.FederationRedirectUrl }) : type;
}

/** Fills in the page's form; the answer is a code or a page that asks for more. What was wrong is a failure. */
export function submitCredentials(
  network: DeviceNetwork,
  page: SignInPage,
  person: { readonly userName: string; readonly password: string },
): Promise<Result<SignInAnswer, StepFailure>> {
  const fields = fillIn(page.form, (field) => {
    if (field.type === 'password') return person.password;
    return isUserName(field) ? person.userName : undefined;
  });
  return sendForm(network, 'sign-in', { action: page.form.action, fields }, page.state);
}

function isUserName({ name, type }: HtmlField): boolean {
  return type === 'email' || name === 'login' || name === 'loginfmt';
}

/** A new password in place of an expired one, typed twice. */
export function submitNewPassword(
  network: DeviceNetwork,
  authorization: Authorization,
  page: NewPasswordPage,
  password: string,
): Promise<Result<SignInAnswer, StepFailure>> {
  const fields = fillIn(page.form, ({ type }) => (type === 'password' ? password : undefined));
  return sendForm(network, 'sign-in', { action: page.form.action, fields }, authorization.state);
}

/** The code for tokens; the id_token must have what OOBE needs. */
export async function redeemCode(
  network: DeviceNetwork,
  { tokenEndpoint, codeVerifier }: Authorization,
  code: AuthorizationCode,
  amrValues?: string,
): Promise<Result<SignIn, StepFailure>> {
  const tokens = await requestTokens(network, tokenEndpoint, {
    client_id: JOIN_CLIENT_ID,
    grant_type: 'authorization_code',
    code,
    redirect_uri: JOIN_REDIRECT_URI,
    code_verifier: codeVerifier,
    resource: DEVICE_REGISTRATION_RESOURCE,
    amr_values: amrValues,
  });
  return tokens.ok ? signInOf(tokenEndpoint, tokens.value) : tokens;
}
