// The way back from AD FS: the signed answer that its page posts here (WS-Federation), and the SAML grant of the token endpoint.
import { assertionOf } from '../../protocol/sign-in/ws-trust.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import type { User } from '../directory.ts';
import { contextOfReturn } from '../federation/passive.ts';
import { hasMediaType } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { admit, checkRequest, queryOfContext, refuseOnPage, refusePage } from './authorization.ts';
import type { SignInErrorCode } from './errors.ts';

/** POST of AD FS's answer: whoever it names is signed in, assigned to the device or not (the known issue of AD FS). */
export function federatedReturn(tenant: Tenant, request: BackendRequest): Reply {
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return refusePage(16000);
  const form = new URLSearchParams(request.body.toString('utf8'));
  const context = contextOfReturn(form.get('wctx') ?? '');
  const checked = checkRequest(tenant, 'common', queryOfContext(context));
  if ('refusal' in checked) return checked.refusal;
  const answer = form.get('wresult') ?? '';
  const document = readXml(answer);
  const assertion = document.ok ? assertionOf(answer, document.value) : undefined;
  if (form.get('wa') !== 'wsignin1.0' || assertion === undefined) return refuseOnPage(50008);
  const user = userOfAssertion(tenant, assertion);
  return typeof user === 'number' ? refuseOnPage(user) : admit(tenant, checked.request, { user, federated: true });
}

/** The user of the assertion in a grant (base64url, RFC 7522, 2.1), or why there is none. */
export function userOfGrant(tenant: Tenant, assertion: string): User | SignInErrorCode {
  return userOfAssertion(tenant, Buffer.from(assertion, 'base64url').toString('utf8'));
}

function userOfAssertion(tenant: Tenant, text: string): User | SignInErrorCode {
  const user = tenant.federation.verify(text, (upn) => tenant.directory.find(upn));
  if (user === 'invalid') return 50013;
  return user === 'not-good' ? 50008 : user;
}
