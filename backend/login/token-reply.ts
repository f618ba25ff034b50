// What the token endpoint answers, whatever the grant: an access token for the audience that was asked for, or a refusal.
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { writeTokenError, writeTokenResponse } from '../../protocol/sign-in/oauth.ts';
import type { Reply } from '../http/message.ts';
import { jsonTextReply } from '../http/message.ts';
import type { Session } from '../stores/sessions.ts';
import type { Tenant } from '../tenant.ts';
import { TOKEN_LIFETIME_MS } from '../tokens.ts';
import { accessToken, idToken } from './claims.ts';
import { audienceOfResource, GRAPH_RESOURCE, resourceOfScope } from './clients.ts';
import { SIGN_IN_ERRORS, signInErrorText } from './errors.ts';
import type { SignInErrorCode } from './errors.ts';

/** What every grant may ask for. */
export interface AskedToken {
  readonly client_id: string;
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
  readonly amr_values?: string | undefined;
}

export interface GrantOptions {
  readonly withIdToken: boolean;
  readonly nonce?: string | undefined;
  /** Of the authorization request: asked for where the token request names none. */
  readonly resource?: string | undefined;
}

/** A second factor is young for so long (flow.md 9.5); device time. */
const YOUNG_MS = 10 * MINUTE_MS;
/** Real time: however fast a run is, a device's exchanges from the sign-in to there take as long as they take. */
const YOUNG_MIN_MS = 3 * SECOND_MS;

export function grant(tenant: Tenant, asked: AskedToken, session: Session, options: GrantOptions): Reply {
  const audience = audienceOf(tenant, asked, options.resource);
  if (audience === undefined) return refuse(tenant, 500011);
  const forKeys = asked.amr_values?.split(' ').includes('ngcmfa') === true;
  if (forKeys && !isYoung(tenant, session.multifactorMs)) return refuse(tenant, 50076);
  const user = tenant.directory.user(session.userIndex);
  return jsonTextReply(
    writeTokenResponse({
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME_MS / SECOND_MS,
      access_token: accessToken(tenant, { user, session, audience, clientId: asked.client_id, forKeys }),
      // A primary one is kept until the next Windows sign-in.
      refresh_token: session.primary ? undefined : tenant.seal.close('refresh-token', session.id),
      id_token: options.withIdToken ? idToken(tenant, user, asked.client_id, options.nonce) : undefined,
      resource: audience,
    }),
  );
}

function isYoung(tenant: Tenant, multifactorMs: number | undefined): boolean {
  const youngMs = Math.max(YOUNG_MIN_MS, YOUNG_MS / tenant.config.speed);
  return multifactorMs !== undefined && tenant.clock.nowMs() - multifactorMs < youngMs;
}

/**
 * The audience asked for: by resource, by scope, by the authorization request; the default is Microsoft Graph's. The MDM's own
 * URL is one too, as it is of MDM applications that are not Intune.
 */
export function audienceOf(tenant: Tenant, asked: AskedToken, before?: string): string | undefined {
  const resource = asked.resource ?? resourceOfScope(asked.scope ?? '') ?? before ?? GRAPH_RESOURCE;
  const { enrollment } = tenant.endpoints;
  return resource.replace(/\/+$/, '') === enrollment ? enrollment : audienceOfResource(resource);
}

export function refuse(tenant: Tenant, code: SignInErrorCode): Reply {
  const { error } = SIGN_IN_ERRORS[code];
  const body = writeTokenError({
    error,
    error_description: signInErrorText(code),
    error_codes: [code],
    trace_id: tenant.identifiers.guid('trace', String(code)),
  });
  const status = code === 90033 ? 503 : error === 'invalid_client' ? 401 : 400;
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(status === 503 ? { 'retry-after': '30' } : {}),
    },
    body,
  };
}
