// What the sign-in service answers to a form, as a browser would take it: a redirect with a code, a page that asks for more, or a page
// that says what is wrong.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { FORM_CONTENT_TYPE, JOIN_REDIRECT_URI, parseAuthorizeRedirect } from '../../protocol/sign-in/oauth.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import { elementById, readHtmlForm, resolveUrl } from './html-form.ts';
import type { HtmlField, HtmlForm } from './html-form.ts';
import { knownCode, readAs, unexpectedReply } from './replies.ts';

export type AuthorizationCode = string;

/** A page that asks for more than name and password. */
export type Challenge = NewPasswordPage | MultifactorPage;

export interface NewPasswordPage {
  readonly kind: 'new-password';
  readonly form: HtmlForm;
}

export interface MultifactorPage {
  readonly kind: 'multifactor';
  readonly form: HtmlForm;
  readonly beginUrl: string;
  readonly pollUrl: string;
}

/** Where a form led: to the code, or to another page. */
export type SignInAnswer = AuthorizationCode | Challenge;

/** Sends a form of the login service; `state` is the authorization request's, which the redirect must repeat. */
export async function sendForm(
  network: DeviceNetwork,
  operation: 'sign-in' | 'multifactor' | 'federated-return',
  form: { readonly action: string; readonly fields: URLSearchParams },
  state: string,
): Promise<Result<SignInAnswer, StepFailure>> {
  const reply = await network.exchange('login', operation, {
    method: 'POST',
    target: form.action,
    headers: { 'Content-Type': FORM_CONTENT_TYPE },
    body: form.fields.toString(),
  });
  return reply.ok ? readAnswer(reply.value, form.action, state) : reply;
}

/** Fills in a form: hidden fields go back as they came, for each other one `type` says what is typed, if anything. */
export function fillIn(form: HtmlForm, type: (field: HtmlField) => string | undefined): URLSearchParams {
  const fields = new URLSearchParams();
  for (const field of form.fields) {
    const value = field.type === 'hidden' ? field.value : type(field);
    if (value !== undefined) fields.append(field.name, value);
  }
  return fields;
}

/** Reads an answer of the login service. */
export function readAnswer(reply: Reply, url: string, state: string): Result<SignInAnswer, StepFailure> {
  const { status } = reply;
  if (status !== 302 && status !== 303) return readChallenge(reply, url);
  const location = reply.header('location') ?? '';
  if (!location.startsWith(JOIN_REDIRECT_URI)) return unexpectedReply(reply, 'sign-in redirect');
  const redirect = readAs(parseAuthorizeRedirect(location), 'sign-in redirect');
  if (!redirect.ok) return redirect;
  if ('error' in redirect.value) return stepFailure('reply-unexpected', redirect.value.error);
  if (redirect.value.state !== state) return stepFailure('0x80004005', 'the state of the redirect is another one');
  return ok(redirect.value.code);
}

function readChallenge(reply: Reply, url: string): Result<Challenge, StepFailure> {
  const html = reply.text();
  const form = readHtmlForm(html, url);
  if (!form.ok) return pageFailure(reply, html);
  if (form.value.id === 'new-password') return ok({ kind: 'new-password', form: form.value });
  const attributes = elementById(html, 'multifactor')?.attributes;
  const beginUrl = resolveUrl(attributes?.['data-begin'] ?? '', url);
  const pollUrl = resolveUrl(attributes?.['data-poll'] ?? '', url);
  if (form.value.id !== 'multifactor' || beginUrl === undefined || pollUrl === undefined)
    return pageFailure(reply, html);
  return ok({ kind: 'multifactor', form: form.value, beginUrl, pollUrl });
}

/** A page that shows an error says which in its `error` element. */
export function pageFailure(reply: Reply, html: string): ReturnType<typeof stepFailure> {
  const error = elementById(html, 'error');
  const code = knownCode(error?.attributes['data-code'] ?? '');
  return code === undefined ? unexpectedReply(reply, 'sign-in page') : stepFailure(code, error?.text ?? '');
}
