// Accounts that AD FS signs in: from the device by WS-Trust (metadata, then an assertion for name and password), or at AD FS's own page
// in the browser, whose answer the page posts to the sign-in service. An AD FS that cannot be reached is OOBEIDPS, as OOBE says it.
import { stepFailure } from '../../catalog/failures.ts';
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import { isoTime } from '../../kernel/calendar.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { toBase64Url } from '../../protocol/encoding/base64.ts';
import {
  DEVICE_REGISTRATION_RESOURCE,
  FORM_CONTENT_TYPE,
  JOIN_CLIENT_ID,
  SAML_GRANT,
} from '../../protocol/sign-in/oauth.ts';
import { ENTRA_REALM } from '../../protocol/sign-in/saml.ts';
import { readSoap, SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import { parseSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { assertionOf, parseTrustMetadata, writeTrustRequest } from '../../protocol/sign-in/ws-trust.ts';
import type { DeviceNetwork, OperationOf } from '../network/device-network.ts';
import type { Reply } from '../network/reply.ts';
import type { ExchangeRequest } from '../network/request.ts';
import { elementById, readHtmlForm } from './html-form.ts';
import type { HtmlForm } from './html-form.ts';
import type { Authorization, FederatedRealm } from './login.ts';
import { fillIn, sendForm } from './login-page.ts';
import type { SignInAnswer } from './login-page.ts';
import { requestTokens, signInOf } from './login-tokens.ts';
import type { SignIn } from './login-tokens.ts';
import { readAs, unexpectedReply } from './replies.ts';

export interface TypedCredentials {
  readonly userName: string;
  readonly password: string;
}

/** WS-Trust messages have a name and a time of their own. */
export interface TrustMoment {
  readonly stream: RandomStream;
  readonly wallMs: number;
}

/** How long a request may be under way. */
const REQUEST_LIFETIME_MS = 5 * MINUTE_MS;

/** Tokens for name and password without a page: the assertion that AD FS gives is the grant. */
export async function signInByTrust(
  network: DeviceNetwork,
  { tokenEndpoint }: Authorization,
  realm: FederatedRealm,
  typed: TypedCredentials & TrustMoment,
): Promise<Result<SignIn, StepFailure>> {
  const assertion = await requestAssertion(network, realm, typed);
  if (!assertion.ok) return assertion;
  const tokens = await requestTokens(network, tokenEndpoint, {
    client_id: JOIN_CLIENT_ID,
    grant_type: SAML_GRANT,
    assertion: toBase64Url(Buffer.from(assertion.value)),
    resource: DEVICE_REGISTRATION_RESOURCE,
    scope: 'openid',
  });
  return tokens.ok ? signInOf(tokenEndpoint, tokens.value) : tokens;
}

/** The assertion of AD FS as it was signed. AD FS does not say why it refuses: that is '50126'. */
export async function requestAssertion(
  network: DeviceNetwork,
  { metadataUrl }: FederatedRealm,
  { userName, password, stream, wallMs }: TypedCredentials & TrustMoment,
): Promise<Result<string, StepFailure>> {
  const metadata = await reach(network, 'metadata', { method: 'GET', target: metadataUrl });
  if (!metadata.ok) return metadata;
  if (metadata.value.status !== 200) return unexpectedReply(metadata.value, 'federation metadata');
  const endpoint = readAs(parseTrustMetadata(metadata.value.text()), 'federation metadata');
  if (!endpoint.ok) return endpoint;
  const reply = await reach(network, 'ws-trust', {
    method: 'POST',
    target: endpoint.value,
    headers: { 'Content-Type': SOAP_CONTENT_TYPE },
    body: writeTrustRequest(
      {
        userName,
        password,
        appliesTo: ENTRA_REALM,
        created: isoTime(wallMs),
        expires: isoTime(wallMs + REQUEST_LIFETIME_MS),
      },
      { messageId: `urn:uuid:${stream.guid()}`, to: endpoint.value },
    ),
  });
  if (!reply.ok) return reply;
  const text = reply.value.text();
  const message = readSoap(text);
  if (!message.ok) return unexpectedReply(reply.value, 'WS-Trust');
  const fault = parseSoapFault(message.value.body);
  if (fault !== undefined) {
    const failed = fault.subcode === 'FailedAuthentication';
    return stepFailure(failed ? '50126' : 'reply-unexpected', `${fault.subcode}: ${fault.reason}`);
  }
  const assertion = assertionOf(text, message.value.body);
  return assertion === undefined ? stepFailure('reply-malformed', 'WS-Trust: there is no assertion') : ok(assertion);
}

/** The form of AD FS's page. */
export async function openFederatedPage(
  network: DeviceNetwork,
  redirectUrl: string,
): Promise<Result<HtmlForm, StepFailure>> {
  const page = await reach(network, 'sign-in-page', { method: 'GET', target: redirectUrl });
  if (!page.ok) return page;
  if (page.value.status !== 200) return unexpectedReply(page.value, 'federated sign-in page');
  return readAs(readHtmlForm(page.value.text(), redirectUrl), 'federated sign-in page');
}

/** AD FS's form, then the one with which its answer goes back to the sign-in service. The form again is a refusal: '50126'. */
export async function submitFederatedCredentials(
  network: DeviceNetwork,
  authorization: Authorization,
  form: HtmlForm,
  typed: TypedCredentials,
): Promise<Result<SignInAnswer, StepFailure>> {
  const fields = fillIn(form, ({ type }) => (type === 'password' ? typed.password : typed.userName));
  const reply = await reach(network, 'sign-in', {
    method: 'POST',
    target: form.action,
    headers: { 'Content-Type': FORM_CONTENT_TYPE },
    body: fields.toString(),
  });
  if (!reply.ok) return reply;
  const html = reply.value.text();
  const refused = elementById(html, 'errorText');
  if (refused !== undefined) return stepFailure('50126', refused.text);
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'federated sign-in');
  const answer = readAs(readHtmlForm(html, form.action), 'federated sign-in');
  if (!answer.ok) return answer;
  const { action } = answer.value;
  const back = fillIn(answer.value, () => undefined);
  return sendForm(network, 'federated-return', { action, fields: back }, authorization.state);
}

/** An exchange with the identity provider: nobody there, or nobody who can answer, is what OOBE calls OOBEIDPS. */
async function reach(
  network: DeviceNetwork,
  operation: OperationOf<'federation'>,
  request: ExchangeRequest,
): Promise<Result<Reply, StepFailure>> {
  const reply = await network.exchange('federation', operation, request);
  if (reply.ok) {
    const { status } = reply.value;
    // AD FS refuses credentials with a fault, whose status is 500.
    const isFault = (reply.value.header('content-type') ?? '').includes('xml');
    return status >= 500 && !isFault ? stepFailure('OOBEIDPS', `status ${status}`) : reply;
  }
  const { code, detail } = reply.error;
  return UNREACHABLE.has(code) ? stepFailure('OOBEIDPS', `${code}: ${detail}`) : reply;
}

const UNREACHABLE: ReadonlySet<FailureCode> = new Set([
  'name-not-resolved',
  'connect-refused',
  'connect-timeout',
  'connection-reset',
  'tls-untrusted',
  'tls-failed',
  'reply-timeout',
  'reply-truncated',
  'throttled',
] as const);
