// The passive sign-in at AD FS (WS-Federation 1.2, 13): a page that the sign-in service redirects to, its form, and the page that
// posts the signed answer back. AD FS knows nothing of the device: who signs in is whoever types.
import { hasMediaType, htmlReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { ENTRA_REALM } from '../../protocol/sign-in/saml.ts';
import { writePassiveResult } from '../../protocol/sign-in/ws-trust.ts';
import { escapeXml } from '../../protocol/encoding/xml.ts';
import { hidden, htmlDocument } from '../login/page.ts';
import type { Tenant } from '../tenant.ts';

export const PASSIVE_PATH = '/adfs/ls';
/** Where the sign-in service takes the answer. */
export const RETURN_PATH = '/login.srf';

const WRONG = 'Incorrect user ID or password. Type the correct user ID and password, and try again.';

/** Where the sign-in service sends a federated user; `context` is the authorization request that comes back with the answer. */
export function federatedSignInUrl(tenant: Tenant, userName: string, context: string): string {
  const query = new URLSearchParams({
    username: userName,
    wa: 'wsignin1.0',
    wtrealm: ENTRA_REALM,
    wctx: new URLSearchParams({ estsredirect: '2', estsrequest: context }).toString(),
  });
  return `${tenant.endpoints.federation}${PASSIVE_PATH}/?${query.toString()}`;
}

/** The authorization request in a `wctx`. */
export function contextOfReturn(wctx: string): string {
  return new URLSearchParams(wctx).get('estsrequest') ?? '';
}

/** GET: the page, with the name that the sign-in service passed on, which anybody may change. */
export function showFederatedPage(request: BackendRequest): Reply {
  const refusal = refuseOthers(request);
  return refusal ?? formPage(request, request.query.get('username') ?? '');
}

/** POST of the form: a page that posts the answer to the sign-in service, or the form again. */
export function signInFederated(tenant: Tenant, request: BackendRequest): Reply {
  const refusal = refuseOthers(request);
  if (refusal !== undefined) return refusal;
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return errorReplyPage();
  const form = new URLSearchParams(request.body.toString('utf8'));
  const userName = (form.get('UserName') ?? '').trim();
  const assertion = assertionFor(tenant, userName, form.get('Password') ?? '');
  if (assertion === undefined) return formPage(request, userName, WRONG);
  return htmlReply(
    200,
    htmlDocument(
      'Working...',
      `<form id="federated-return" method="post" action="${escapeXml(tenant.endpoints.login)}${RETURN_PATH}">` +
        hidden('wa', 'wsignin1.0') +
        hidden('wresult', writePassiveResult(assertion)) +
        hidden('wctx', request.query.get('wctx') ?? '') +
        '<button type="submit">Continue</button></form>',
    ),
  );
}

/** An assertion for who gave the right password; AD FS makes no difference between wrong, locked, disabled and expired ones. */
export function assertionFor(tenant: Tenant, userName: string, password: string): string | undefined {
  const user = tenant.directory.find(userName);
  if (user === undefined || tenant.directory.realm(user.upn) !== 'federated') return undefined;
  if (tenant.credentials.verify(user, password) !== 'right') return undefined;
  return tenant.federation.issueAssertion(user);
}

function refuseOthers(request: BackendRequest): Reply | undefined {
  const { query } = request;
  return query.get('wa') === 'wsignin1.0' && query.get('wtrealm') === ENTRA_REALM ? undefined : errorReplyPage();
}

function errorReplyPage(): Reply {
  return htmlReply(
    400,
    htmlDocument('Error', '<h1>An error occurred</h1><p id="errorText">The request is not one for this page.</p>'),
  );
}

function formPage(request: BackendRequest, userName: string, error?: string): Reply {
  const action = `${PASSIVE_PATH}/?${request.query.toString()}`;
  return htmlReply(
    200,
    htmlDocument(
      'Sign In',
      '<h1>Sign in with your organizational account</h1>' +
        (error === undefined ? '' : `<span id="errorText">${escapeXml(error)}</span>`) +
        `<form id="loginForm" method="post" action="${escapeXml(action)}">` +
        `<input type="email" name="UserName" autocomplete="username" value="${escapeXml(userName)}">` +
        '<input type="password" name="Password" autocomplete="current-password">' +
        `${hidden('AuthMethod', 'FormsAuthentication')}<button type="submit">Sign in</button></form>`,
    ),
  );
}
