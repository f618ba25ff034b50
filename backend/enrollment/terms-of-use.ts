// The MDM's terms of use (mde2, 2): a page between sign-in and join, and the acceptance that sends the person on with a blob
// which MDM enrollment wants back as ContextItem EnrollmentData.
import { escapeXml } from '../../protocol/encoding/xml.ts';
import type { User } from '../directory.ts';
import { bearerOf, errorReply, hasMediaType, htmlReply, redirectReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { claimText } from '../tokens.ts';
import { mdmAudiences } from './authentication.ts';
import { ENROLLMENT_PATHS } from './paths.ts';

/** GET: the page. Errors that the specification names go back to the web view's redirect URI. */
export function showTerms(tenant: Tenant, request: BackendRequest): Reply {
  const checked = checkRequest(tenant, request, request.query);
  if ('refusal' in checked) return checked.refusal;
  const hidden = (name: string, value: string): string =>
    `<input type="hidden" name="${name}" value="${escapeXml(value)}">`;
  return htmlReply(
    200,
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Terms of use</title></head><body>' +
      `<h1>${escapeXml(tenant.config.displayName)}</h1><p>This simulated tenant manages your simulated device.</p>` +
      `<form id="terms-of-use" method="post" action="${ENROLLMENT_PATHS.termsOfUse}">` +
      hidden('redirect_uri', checked.redirectUri) +
      hidden('api-version', checked.version) +
      hidden('IsAccepted', 'true') +
      '<button type="submit">Accept</button></form></body></html>',
  );
}

/** POST of the page's form: 302 with the blob. */
export function acceptTerms(tenant: Tenant, request: BackendRequest): Reply {
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) {
    return errorReply(415, 'UnsupportedMediaType', 'The form is not application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  const checked = checkRequest(tenant, request, form);
  if ('refusal' in checked) return checked.refusal;
  if (form.get('IsAccepted') !== 'true')
    return sendBack(checked.redirectUri, 'access_denied', 'The terms were declined.');
  return redirectReply(
    withQuery(checked.redirectUri, { IsAccepted: 'true', OpaqueBlob: termsBlob(tenant, checked.user) }),
  );
}

/** The blob of a user who accepted. */
function termsBlob(tenant: Tenant, user: User): string {
  return tenant.seal.close('terms-of-use', user.objectId);
}

/** Whether a blob was given to this user. */
export function isTermsBlob(tenant: Tenant, blob: string, user: User): boolean {
  return tenant.seal.open('terms-of-use', blob) === user.objectId;
}

type Checked =
  { readonly user: User; readonly redirectUri: string; readonly version: string } | { readonly refusal: Reply };

function checkRequest(tenant: Tenant, request: BackendRequest, sent: URLSearchParams): Checked {
  const redirectUri = sent.get('redirect_uri') ?? '';
  // Only a web view of Windows is sent on: anything else would make this an open redirect.
  if (!redirectUri.startsWith('ms-appx-web://')) {
    return { refusal: errorReply(400, 'invalid_request', 'redirect_uri is missing or not ms-appx-web.') };
  }
  const version = sent.get('api-version') ?? '';
  if (version !== '1.0') return { refusal: sendBack(redirectUri, 'invalid_request', 'api-version is not 1.0') };
  const claims = tenant.tokens.verify(bearerOf(request) ?? '', mdmAudiences(tenant));
  const user = claims.ok ? tenant.directory.find(claimText(claims.value, 'upn') ?? '') : undefined;
  if (user === undefined) {
    const reason = claims.ok ? 'the user of the token is not in the directory' : claims.error;
    return { refusal: sendBack(redirectUri, 'unauthorized_client', reason) };
  }
  return { user, redirectUri, version };
}

function sendBack(redirectUri: string, error: string, description: string): Reply {
  return redirectReply(withQuery(redirectUri, { error, error_description: description }));
}

function withQuery(uri: string, members: Readonly<Record<string, string>>): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(members).toString()}`;
}
