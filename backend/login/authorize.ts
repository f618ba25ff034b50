// The authorization endpoint and the form behind it (OpenID Connect Core, 3.1; PKCE: RFC 7636), as OOBE uses them. The form
// carries the request along, so a page that is never filled in costs the tenant nothing.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { parseAuthorizeRequest, writeAuthorizeRedirect, writeAuthorizeRequest } from '../../protocol/oauth.ts';
import type { AuthorizeRequest } from '../../protocol/oauth.ts';
import { hasMediaType, htmlReply, redirectReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { isClient, mayRedirect } from './clients.ts';
import { SIGN_IN_ERRORS, signInErrorText } from './errors.ts';
import type { SignInErrorCode } from './errors.ts';
import { errorPage, signInPage } from './page.ts';
import type { Branding } from './page.ts';

const CODE_LIFETIME_MS = 10 * MINUTE_MS;

/** GET authorize: the sign-in page, or why there is none. */
export function authorize(tenant: Tenant, request: BackendRequest): Reply {
  const checked = checkRequest(tenant, request.parameters['tenant'] ?? '', request.query.toString());
  return 'refusal' in checked ? checked.refusal : showPage(tenant, checked.request, checked.request.login_hint ?? '');
}

/** POST of the form: 302 to the application with a code, or the page again with what is wrong. */
export function signIn(tenant: Tenant, request: BackendRequest): Reply {
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return refusePage(16000);
  const form = new URLSearchParams(request.body.toString('utf8'));
  const context = Buffer.from(form.get('ctx') ?? '', 'base64url').toString('utf8');
  const checked = checkRequest(tenant, request.parameters['tenant'] ?? '', context);
  if ('refusal' in checked) return checked.refusal;
  const asked = checked.request;
  const userName = (form.get('login') ?? '').trim();
  const user = tenant.directory.find(userName);
  if (user === undefined) return showPage(tenant, asked, userName, 50034);
  if (form.get('passwd') !== tenant.config.password) return showPage(tenant, asked, userName, 50126);
  const session = tenant.sessions.open(user.index, {
    clientId: asked.client_id,
    redirectUri: asked.redirect_uri,
    challenge: asked.code_challenge,
    resource: asked.resource,
    nonce: asked.nonce,
    expiresMs: tenant.clock.nowMs() + CODE_LIFETIME_MS,
  });
  if (session === undefined) return refuseByRedirect(asked, 90033);
  return redirectReply(
    writeAuthorizeRedirect(asked.redirect_uri, {
      code: tenant.seal.close('authorization-code', session.id),
      state: asked.state,
    }),
  );
}

type Checked = { readonly request: AuthorizeRequest } | { readonly refusal: Reply };

/** Checks in the order of RFC 6749, 4.1.2.1: a redirect happens only where client and redirect URI are known to be right. */
function checkRequest(tenant: Tenant, authority: string, query: string): Checked {
  if (!tenant.isAuthority(authority)) return { refusal: refusePage(90002) };
  const parsed: Result<AuthorizeRequest> = parseAuthorizeRequest(query);
  if (!parsed.ok) return { refusal: refusePage(900144) };
  const request = ok(parsed.value).value;
  if (!isClient(request.client_id)) return { refusal: refusePage(700016) };
  if (!mayRedirect(request.client_id, request.redirect_uri)) return { refusal: refusePage(50011) };
  if (request.response_type !== 'code') return { refusal: refuseByRedirect(request, 70005) };
  if (request.response_mode !== undefined && request.response_mode !== 'query') {
    return { refusal: refuseByRedirect(request, 16000) };
  }
  if (request.code_challenge !== undefined && request.code_challenge_method !== 'S256') {
    return { refusal: refuseByRedirect(request, 16000) };
  }
  return { request };
}

function showPage(tenant: Tenant, request: AuthorizeRequest, userName: string, error?: SignInErrorCode): Reply {
  const page = {
    action: `/${tenant.config.tenantId}/login`,
    context: Buffer.from(writeAuthorizeRequest(request)).toString('base64url'),
    userName,
    branding: brandingFor(tenant, request.ztd_tenant),
  };
  const html =
    error === undefined
      ? signInPage(page)
      : signInPage({ ...page, error: { code: error, text: signInErrorText(error) } });
  return htmlReply(200, html);
}

/** The tenant's branding, where the device names the tenant. */
function brandingFor(tenant: Tenant, ztdTenant: string | undefined): Branding | undefined {
  if (ztdTenant?.toLowerCase() !== tenant.config.domain.toLowerCase()) return undefined;
  return {
    tenantName: tenant.config.displayName,
    logoUrl: `/${tenant.config.tenantId}/branding/logo.svg`,
    text: tenant.config.signInText,
  };
}

function refusePage(code: SignInErrorCode): Reply {
  return htmlReply(400, errorPage(code, signInErrorText(code)));
}

function refuseByRedirect(request: AuthorizeRequest, code: SignInErrorCode): Reply {
  return redirectReply(
    writeAuthorizeRedirect(request.redirect_uri, {
      error: SIGN_IN_ERRORS[code].error,
      error_description: signInErrorText(code),
      state: request.state,
    }),
  );
}
