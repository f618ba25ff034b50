// The MDM's terms of use (mde2.md 2): a page between sign-in and join, whose acceptance comes back as a redirect with an opaque
// value that MDM enrollment returns. The page may redirect at once or show a form to send; a person may decline, or close it.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { FORM_CONTENT_TYPE } from '../../protocol/sign-in/oauth.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import { readHtmlForm } from './html-form.ts';
import { readAs, unexpectedReply } from './replies.ts';

/** The page's own address in OOBE, to which it redirects. */
const REDIRECT_URI = 'ms-appx-web://Microsoft.AAD.BrokerPlugin';

/** What the person does with the page. */
export type TermsAnswer = 'accept' | 'decline' | 'close';

export interface TermsRequest {
  readonly accessToken: string;
  readonly clientRequestId: string;
  readonly answer: TermsAnswer;
}

/** The opaque value of the acceptance. */
export async function answerTermsOfUse(
  network: DeviceNetwork,
  url: string,
  request: TermsRequest,
): Promise<Result<string, StepFailure>> {
  const query = new URLSearchParams({
    redirect_uri: REDIRECT_URI,
    'client-request-id': request.clientRequestId,
    'api-version': '1.0',
    mode: 'azureadjoin',
  });
  const target = `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`;
  const headers = { Authorization: `Bearer ${request.accessToken}` };
  const page = await network.exchange('enrollment', 'terms-of-use', { method: 'GET', target, headers });
  if (!page.ok) return page;
  if (page.value.status !== 200) return opaqueBlob(page.value);
  if (request.answer === 'close') return stepFailure('terms-of-use-closed', 'the page was closed');

  const form = readAs(readHtmlForm(page.value.text(), target), 'terms of use');
  if (!form.ok) return form;
  const answer = new URLSearchParams();
  for (const { name, type, value } of form.value.fields) if (type === 'hidden') answer.append(name, value);
  if (request.answer === 'decline') answer.set('IsAccepted', 'false');
  else if (!answer.has('IsAccepted')) answer.append('IsAccepted', 'true');
  const accepted = await network.exchange('enrollment', 'terms-of-use', {
    method: 'POST',
    target: form.value.action,
    headers: { ...headers, 'Content-Type': FORM_CONTENT_TYPE },
    body: answer.toString(),
  });
  return accepted.ok ? opaqueBlob(accepted.value) : accepted;
}

function opaqueBlob(reply: Reply): Result<string, StepFailure> {
  const location = reply.header('location') ?? '';
  if (reply.status !== 302 || !location.startsWith(REDIRECT_URI)) {
    return reply.status >= 400 && reply.status < 500
      ? stepFailure('terms-of-use-failed', `status ${reply.status}`)
      : unexpectedReply(reply, 'terms of use');
  }
  const answer = new URLSearchParams(location.slice(location.indexOf('?') + 1));
  const blob = answer.get('OpaqueBlob');
  if (answer.get('IsAccepted') === 'true' && blob !== null) return ok(blob);
  const error = answer.get('error') ?? 'not accepted';
  const detail = answer.get('error_description') ?? error;
  return stepFailure(error === 'access_denied' ? 'terms-of-use-declined' : 'terms-of-use-failed', detail);
}
