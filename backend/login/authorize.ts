// The authorization endpoint and the forms behind it (OpenID Connect Core, 3.1; PKCE: RFC 7636), as OOBE uses them. The forms
// carry the request along, so a page that is never filled in costs the tenant nothing.
import type { AuthorizeRequest } from '../../protocol/sign-in/oauth.ts';
import { readBound } from '../../protocol/sign-in/session-key.ts';
import type { User } from '../directory.ts';
import { federatedSignInUrl } from '../federation/passive.ts';
import { hasMediaType, headerOf, htmlReply, redirectReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Session } from '../stores/sessions.ts';
import type { Tenant } from '../tenant.ts';
import {
  admit,
  checkRequest,
  contextOf,
  enforcedName,
  queryOfContext,
  refuseOnPage,
  refusePage,
  showPage,
} from './authorization.ts';
import type { Proof } from './authorization.ts';
import { REFUSALS } from './credentials.ts';
import { signInErrorText } from './errors.ts';
import { closeFlow, openFlow } from './flow-token.ts';
import { newPasswordPage } from './page.ts';
import { boundSession } from './primary-refresh-token.ts';

/** Windows sends what it has of an earlier sign-in, so that a person is not asked for the password again ([MS-OAPXBC] 2.2.1.1). */
const CREDENTIAL_HEADER = 'x-ms-refreshtokencredential';

/** GET authorize: the sign-in page, or why there is none; for who is signed in already, what comes after it. */
export function authorize(tenant: Tenant, request: BackendRequest): Reply {
  const checked = checkRequest(tenant, request.parameters['tenant'] ?? '', request.query.toString());
  if ('refusal' in checked) return checked.refusal;
  const asked = checked.request;
  const proof = signedInBefore(tenant, headerOf(request, CREDENTIAL_HEADER));
  return proof === undefined ? showPage(tenant, asked, asked.login_hint ?? '') : admit(tenant, asked, proof);
}

/** The session in the header: a JWT that its session key signed, or, where OOBE has no such key yet, the refresh token (ours). */
function signedInBefore(tenant: Tenant, credential: string | undefined): Proof | undefined {
  if (credential === undefined) return undefined;
  const session = provenSession(tenant, credential) ?? unboundSession(tenant, credential);
  if (session === undefined) return undefined;
  const { userIndex, federated, deviceId } = session;
  return { user: tenant.directory.user(userIndex), federated, deviceId };
}

/** The nonce shows that the JWT was made for now, and not taken from elsewhere. */
function provenSession(tenant: Tenant, credential: string): Session | undefined {
  const session = boundSession(tenant, credential);
  const bound = session === undefined ? undefined : readBound(credential);
  const nonce = bound?.ok === true ? bound.value.token.claims['request_nonce'] : undefined;
  return typeof nonce === 'string' && tenant.nonces.redeem(nonce) ? session : undefined;
}

function unboundSession(tenant: Tenant, refreshToken: string): Session | undefined {
  const id = tenant.seal.open('refresh-token', refreshToken);
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  return session?.primary === false ? session : undefined;
}

/** POST of the form: 302 to the application with a code, the page again with what is wrong, or what else is asked for. */
export function signIn(tenant: Tenant, request: BackendRequest): Reply {
  const form = readForm(request);
  if (form === undefined) return refusePage(16000);
  const checked = checkRequest(tenant, request.parameters['tenant'] ?? '', queryOfContext(form.get('ctx') ?? ''));
  if ('refusal' in checked) return checked.refusal;
  const asked = checked.request;
  const userName = (form.get('login') ?? '').trim();
  const enforced = enforcedName(tenant, asked);
  if (enforced !== undefined && enforced.toLowerCase() !== userName.toLowerCase()) {
    return showPage(tenant, asked, enforced, 50020);
  }
  const user = tenant.directory.find(userName);
  if (user === undefined) return showPage(tenant, asked, userName, 50034);
  if (tenant.directory.realm(user.upn) === 'federated') {
    return redirectReply(federatedSignInUrl(tenant, user.upn, contextOf(asked)));
  }
  const refusal = REFUSALS[tenant.credentials.verify(user, form.get('passwd') ?? '')];
  if (refusal === undefined) return admit(tenant, asked, { user, federated: false });
  return refusal === 50055 ? askForNewPassword(tenant, asked, user) : showPage(tenant, asked, userName, refusal);
}

/** POST of the form with a new password: on to where the right password would have led. */
export function changePassword(tenant: Tenant, request: BackendRequest): Reply {
  const form = readForm(request);
  if (form === undefined) return refusePage(16000);
  const context = form.get('ctx') ?? '';
  const checked = checkRequest(tenant, request.parameters['tenant'] ?? '', queryOfContext(context));
  if ('refusal' in checked) return checked.refusal;
  const flow = openFlow(tenant, form.get('flowToken') ?? '', context);
  if (flow?.stage !== 'expired') return refuseOnPage(16000);
  const password = form.get('newpasswd') ?? '';
  const { proof } = flow;
  if (password !== form.get('confirmnewpasswd') || !tenant.credentials.renew(proof.user, password)) {
    return askForNewPassword(tenant, checked.request, proof.user);
  }
  return admit(tenant, checked.request, proof);
}

function askForNewPassword(tenant: Tenant, asked: AuthorizeRequest, user: User): Reply {
  const context = contextOf(asked);
  return htmlReply(
    200,
    newPasswordPage({
      action: `/${tenant.config.tenantId}/login/new-password`,
      context,
      flowToken: closeFlow(tenant, { user, federated: false }, 'expired', context),
      error: { code: 50055, text: signInErrorText(50055) },
    }),
  );
}

function readForm(request: BackendRequest): URLSearchParams | undefined {
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(request.body.toString('utf8'));
}
