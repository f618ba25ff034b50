// The second factor at the sign-in page: begun, polled while the person reaches for the phone, then the form that goes on. Where a
// token needs a younger one than the sign-in had, the page is asked for it alone: the password is not typed again.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseNonceResponse, writeNonceRequest } from '../../protocol/sign-in/primary-refresh-token.ts';
import { signWithSessionKey } from '../../protocol/sign-in/session-key.ts';
import {
  parseStrongAuthenticationReply,
  writeStrongAuthenticationRequest,
} from '../../protocol/sign-in/strong-authentication.ts';
import type { StrongAuthenticationReply } from '../../protocol/sign-in/strong-authentication.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { requestAuthorization } from './login.ts';
import type { Authorization } from './login.ts';
import { fillIn, readAnswer, sendForm } from './login-page.ts';
import type { MultifactorPage, SignInAnswer } from './login-page.ts';
import { nextContext, postForm, tokenFailure } from './login-tokens.ts';
import type { LoginSession } from './login-tokens.ts';
import { readAs, unexpectedReply } from './replies.ts';

/** What a token must say of the sign-in before a key of Windows Hello is registered with it. */
export const HELLO_AMR = 'ngcmfa';

/** A second factor that was begun. */
export interface PendingMultifactor {
  readonly sessionId: string;
  flowToken: string;
  polls: number;
}

export async function beginMultifactor(
  network: DeviceNetwork,
  page: MultifactorPage,
): Promise<Result<PendingMultifactor, StepFailure>> {
  const begun = await ask(network, page, page.beginUrl, { Method: 'BeginAuth', FlowToken: valueOf(page, 'flowToken') });
  if (!begun.ok) return begun;
  const { Success, SessionId, FlowToken, ResultValue } = begun.value;
  if (!Success) return stepFailure('500121', `the second factor cannot begin: ${ResultValue}`);
  return ok({ sessionId: SessionId, flowToken: FlowToken, polls: 0 });
}

/** Whether it was approved; a denial is '500121'. */
export async function pollMultifactor(
  network: DeviceNetwork,
  page: MultifactorPage,
  pending: PendingMultifactor,
): Promise<Result<'approved' | 'pending', StepFailure>> {
  pending.polls += 1;
  const polled = await ask(network, page, page.pollUrl, {
    Method: 'EndAuth',
    FlowToken: pending.flowToken,
    SessionId: pending.sessionId,
    PollCount: pending.polls,
  });
  if (!polled.ok) return polled;
  const { Success, Retry, FlowToken, ResultValue } = polled.value;
  pending.flowToken = FlowToken;
  if (Success) return ok('approved');
  return Retry ? ok('pending') : stepFailure('500121', `the second factor was not given: ${ResultValue}`);
}

/** The page's form, once it was approved. */
export function completeMultifactor(
  network: DeviceNetwork,
  authorization: Authorization,
  page: MultifactorPage,
  pending: PendingMultifactor,
): Promise<Result<SignInAnswer, StepFailure>> {
  const fields = fillIn(page.form, () => undefined);
  fields.set('flowToken', pending.flowToken);
  return sendForm(network, 'multifactor', { action: page.form.action, fields }, authorization.state);
}

/** The page that asks for a second factor alone, for the keys of Windows Hello; who is signed in is told by a header. */
export async function openMultifactorPage(
  network: DeviceNetwork,
  session: LoginSession,
  opening: { readonly tenantDomain: string; readonly loginHint: string; readonly stream: RandomStream },
): Promise<Result<{ readonly authorization: Authorization; readonly answer: SignInAnswer }, StepFailure>> {
  const credential = await credentialOf(network, session);
  if (!credential.ok) return credential;
  const more = { amrValues: HELLO_AMR, credential: credential.value };
  const opened = await requestAuthorization(network, opening, more);
  if (!opened.ok) return opened;
  const { authorization, url, reply } = opened.value;
  const answer = readAnswer(reply, url, authorization.state);
  return answer.ok ? ok({ authorization, answer: answer.value }) : answer;
}

/** [MS-OAPXBC] 3.2.5.2.1.1.1: a JWT by the session key. OOBE has no such key yet and sends its refresh token, which is ours. */
async function credentialOf(network: DeviceNetwork, session: LoginSession): Promise<Result<string, StepFailure>> {
  const { sessionKey, refreshToken, tokenEndpoint } = session;
  if (sessionKey === undefined) return ok(refreshToken);
  const nonce = await requestNonce(network, tokenEndpoint);
  if (!nonce.ok) return nonce;
  const claims = { refresh_token: refreshToken, request_nonce: nonce.value };
  return ok(signWithSessionKey(claims, sessionKey.bytes, nextContext(sessionKey)));
}

/** A nonce of the token endpoint, good once. */
export async function requestNonce(network: DeviceNetwork, endpoint: string): Promise<Result<string, StepFailure>> {
  const reply = await postForm(network, endpoint, writeNonceRequest(), 'nonce');
  if (!reply.ok) return reply;
  return reply.value.status === 200
    ? readAs(parseNonceResponse(reply.value.text()), 'nonce')
    : tokenFailure(reply.value);
}

async function ask(
  network: DeviceNetwork,
  page: MultifactorPage,
  url: string,
  request: Pick<
    Parameters<typeof writeStrongAuthenticationRequest>[0],
    'Method' | 'FlowToken' | 'SessionId' | 'PollCount'
  >,
): Promise<Result<StrongAuthenticationReply, StepFailure>> {
  const body = { ...request, Ctx: valueOf(page, 'request'), AuthMethodId: valueOf(page, 'mfaAuthMethod') };
  const reply = await network.exchange('login', 'multifactor', {
    method: 'POST',
    target: url,
    headers: { 'Content-Type': 'application/json' },
    body: writeStrongAuthenticationRequest(body),
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'second factor');
  return readAs(parseStrongAuthenticationReply(reply.value.text()), 'second factor');
}

function valueOf(page: MultifactorPage, name: string): string {
  return page.form.fields.find((field) => field.name === name)?.value ?? '';
}
