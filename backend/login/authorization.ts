// One authorization request on its way from the authorize endpoint to the redirect with a code: it is checked each time it comes
// back in a form, and whoever has proved to be a user is let in here, or asked for more.
import { MINUTE_MS } from '../../kernel/units.ts';
import { parseAuthorizeRequest, writeAuthorizeRedirect, writeAuthorizeRequest } from '../../protocol/sign-in/oauth.ts';
import type { AuthorizeRequest } from '../../protocol/sign-in/oauth.ts';
import type { User } from '../directory.ts';
import { htmlReply, redirectReply } from '../http/message.ts';
import type { Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { isClient, mayRedirect } from './clients.ts';
import { SIGN_IN_ERRORS, signInErrorText } from './errors.ts';
import type { SignInErrorCode } from './errors.ts';
import { closeFlow } from './flow-token.ts';
import { errorPage, multifactorPage, signInPage } from './page.ts';
import type { Branding } from './page.ts';

const CODE_LIFETIME_MS = 10 * MINUTE_MS;

/** How a user has proved who it is. */
export interface Proof {
  readonly user: User;
  /** AD FS said so. */
  readonly federated: boolean;
  /** When the second factor was given, by the tenant's clock. */
  readonly multifactorMs?: number | undefined;
  /** The device of the session that it came from. */
  readonly deviceId?: string | undefined;
}

export type Checked = { readonly request: AuthorizeRequest } | { readonly refusal: Reply };

/** Checks in the order of RFC 6749, 4.1.2.1: a redirect happens only where client and redirect URI are known to be right. */
export function checkRequest(tenant: Tenant, authority: string, query: string): Checked {
  if (!tenant.isAuthority(authority)) return { refusal: refusePage(90002) };
  const parsed = parseAuthorizeRequest(query);
  if (!parsed.ok) return { refusal: refusePage(900144) };
  const request = parsed.value;
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

/** Lets a user in: conditional access first, then the second factor where it is asked for, then the redirect with a code. */
export function admit(tenant: Tenant, asked: AuthorizeRequest, proof: Proof): Reply {
  const { user, federated, multifactorMs, deviceId } = proof;
  if (tenant.directory.trait(user) === 'blocked') return refuseOnPage(53003);
  if (multifactorMs === undefined && needsMultifactor(tenant, asked, user)) {
    const context = contextOf(asked);
    return htmlReply(
      200,
      multifactorPage({ context, flowToken: closeFlow(tenant, proof, 'asked', context), user: user.upn }),
    );
  }
  const session = tenant.sessions.open(
    user.index,
    {
      clientId: asked.client_id,
      redirectUri: asked.redirect_uri,
      challenge: asked.code_challenge,
      resource: asked.resource,
      nonce: asked.nonce,
      expiresMs: tenant.clock.nowMs() + CODE_LIFETIME_MS,
    },
    { federated, multifactorMs, deviceId },
  );
  if (session === undefined) return refuseByRedirect(asked, 90033);
  return redirectReply(
    writeAuthorizeRedirect(asked.redirect_uri, {
      code: tenant.seal.close('authorization-code', session.id),
      state: asked.state,
    }),
  );
}

function needsMultifactor(tenant: Tenant, asked: AuthorizeRequest, user: User): boolean {
  return (
    asked.amr_values?.split(' ').includes('ngcmfa') === true || tenant.directory.accounts(user)?.multifactor === true
  );
}

/** The request as forms carry it along. */
export function contextOf(request: AuthorizeRequest): string {
  return Buffer.from(writeAuthorizeRequest(request)).toString('base64url');
}

/** The query that `contextOf` made a text of. */
export function queryOfContext(context: string): string {
  return Buffer.from(context, 'base64url').toString('utf8');
}

/**
 * The name of the user whom the device is assigned to, where the page holds people to it: an Autopilot device names its tenant
 * (ztd_tenant) and its user (login_hint). Federated accounts sign in elsewhere, so nobody can hold them to anything.
 */
export function enforcedName(tenant: Tenant, request: AuthorizeRequest): string | undefined {
  const { login_hint: hint = '', ztd_tenant } = request;
  return isOwn(tenant, ztd_tenant) && tenant.directory.realm(hint) === 'managed' ? hint : undefined;
}

/** The sign-in page, with what is wrong if anything is. */
export function showPage(tenant: Tenant, request: AuthorizeRequest, userName: string, error?: SignInErrorCode): Reply {
  const enforced = enforcedName(tenant, request);
  return htmlReply(
    200,
    signInPage({
      action: `/${tenant.config.tenantId}/login`,
      context: contextOf(request),
      userName: enforced ?? userName,
      userNameFixed: enforced !== undefined,
      branding: brandingFor(tenant, request.ztd_tenant),
      ...(error === undefined ? {} : { error: { code: error, text: signInErrorText(error) } }),
    }),
  );
}

/** The tenant's branding, where the device names the tenant. */
function brandingFor(tenant: Tenant, ztdTenant: string | undefined): Branding | undefined {
  if (!isOwn(tenant, ztdTenant)) return undefined;
  return {
    tenantName: tenant.config.displayName,
    logoUrl: `/${tenant.config.tenantId}/branding/logo.svg`,
    text: tenant.config.signInText,
  };
}

function isOwn(tenant: Tenant, ztdTenant: string | undefined): boolean {
  return ztdTenant?.toLowerCase() === tenant.config.domain.toLowerCase();
}

/** A page that says no: there is nobody to redirect to, or nothing to type that would help. */
export function refuseOnPage(code: SignInErrorCode): Reply {
  return htmlReply(200, errorPage(code, signInErrorText(code)));
}

export function refusePage(code: SignInErrorCode): Reply {
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
