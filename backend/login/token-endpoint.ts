// The token endpoint (RFC 6749, 3.2), in the forms of version 1 (`resource`) and version 2 (`scope`). Codes are good once and
// only with their PKCE verifier; refresh tokens give tokens for other audiences of the same session.
import { SECOND_MS } from '../../kernel/units.ts';
import {
  JOIN_CLIENT_ID,
  parseTokenRequest,
  pkceChallenge,
  writeTokenError,
  writeTokenResponse,
} from '../../protocol/oauth.ts';
import type { TokenRequest } from '../../protocol/oauth.ts';
import { hasMediaType, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Session } from '../stores/sessions.ts';
import type { Tenant } from '../tenant.ts';
import { TOKEN_LIFETIME_MS } from '../tokens.ts';
import { accessToken, idToken } from './claims.ts';
import { audienceOfResource, GRAPH_RESOURCE, isClient, resourceOfScope } from './clients.ts';
import { SIGN_IN_ERRORS, signInErrorText } from './errors.ts';
import type { SignInErrorCode } from './errors.ts';

/** The application roles of an administrator's token. */
export const ADMIN_ROLES = ['DeviceManagementServiceConfig.ReadWrite.All'] as const;

export function token(tenant: Tenant, request: BackendRequest): Reply {
  if (!tenant.isAuthority(request.parameters['tenant'] ?? '')) return refuse(tenant, 90002);
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return refuse(tenant, 900144);
  const form = request.body.toString('utf8');
  const parsed = parseTokenRequest(form);
  if (!parsed.ok) {
    const grant = new URLSearchParams(form).get('grant_type');
    return refuse(tenant, grant !== null && !KNOWN_GRANTS.has(grant) ? 70003 : 900144);
  }
  const asked = parsed.value;
  if (asked.grant_type === 'client_credentials') return grantToAdmin(tenant, asked);
  if (!isClient(asked.client_id)) return refuse(tenant, 700016);
  if (asked.grant_type === 'authorization_code') return redeemCode(tenant, asked);
  return asked.grant_type === 'refresh_token' ? refresh(tenant, asked) : grantToPassword(tenant, asked);
}

const KNOWN_GRANTS = new Set(['authorization_code', 'refresh_token', 'client_credentials', 'password']);

type Grant<T extends TokenRequest['grant_type']> = Extract<TokenRequest, { grant_type: T }>;

function redeemCode(tenant: Tenant, asked: Grant<'authorization_code'>): Reply {
  const id = tenant.seal.open('authorization-code', asked.code);
  const redeemed = id === undefined ? undefined : tenant.sessions.redeem(id);
  if (redeemed === undefined) return refuse(tenant, 70000);
  const { session, code } = redeemed;
  if (code.expiresMs <= tenant.clock.nowMs()) return refuse(tenant, 70000);
  if (code.clientId !== asked.client_id) return refuse(tenant, 70000);
  if (code.redirectUri !== asked.redirect_uri) return refuse(tenant, 50011);
  if (code.challenge !== undefined && code.challenge !== pkceChallenge(asked.code_verifier ?? '')) {
    return refuse(tenant, 501481);
  }
  return reply(tenant, asked, session, { withIdToken: true, nonce: code.nonce, resource: code.resource });
}

function refresh(tenant: Tenant, asked: Grant<'refresh_token'>): Reply {
  const id = tenant.seal.open('refresh-token', asked.refresh_token);
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  if (session === undefined) return refuse(tenant, 70000);
  return reply(tenant, asked, session, { withIdToken: asksForIdToken(asked) });
}

function grantToPassword(tenant: Tenant, asked: Grant<'password'>): Reply {
  const user = tenant.directory.find(asked.username);
  if (user === undefined) return refuse(tenant, 50034);
  if (asked.password !== tenant.config.password) return refuse(tenant, 50126);
  // What the request asks for is checked before a session is opened for it.
  if (audienceOf(tenant, asked) === undefined) return refuse(tenant, 500011);
  const session = tenant.sessions.open(user.index, undefined);
  if (session === undefined) return refuse(tenant, 90033);
  return reply(tenant, asked, session, { withIdToken: true });
}

function grantToAdmin(tenant: Tenant, asked: Grant<'client_credentials'>): Reply {
  if (asked.client_id !== tenant.admin.clientId) return refuse(tenant, 700016);
  if (asked.client_secret !== tenant.admin.clientSecret) return refuse(tenant, 7000215);
  if (audienceOf(tenant, asked) !== GRAPH_RESOURCE) return refuse(tenant, 500011);
  return jsonTextReply(
    writeTokenResponse({
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME_MS / SECOND_MS,
      access_token: adminToken(tenant),
    }),
  );
}

/** A token with which devices may be registered. */
export function adminToken(tenant: Tenant): string {
  const { clientId } = tenant.admin;
  return tenant.tokens.issue(GRAPH_RESOURCE, { ver: '1.0', appid: clientId, idtyp: 'app', roles: ADMIN_ROLES });
}

function reply(
  tenant: Tenant,
  asked: TokenRequest,
  session: Session,
  options: { withIdToken: boolean; nonce?: string | undefined; resource?: string | undefined },
): Reply {
  const audience = audienceOf(tenant, asked, options.resource);
  if (audience === undefined) return refuse(tenant, 500011);
  const user = tenant.directory.user(session.userIndex);
  return jsonTextReply(
    writeTokenResponse({
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME_MS / SECOND_MS,
      access_token: accessToken(tenant, { user, session, audience, clientId: asked.client_id }),
      refresh_token: tenant.seal.close('refresh-token', session.id),
      id_token: options.withIdToken ? idToken(tenant, user, asked.client_id, options.nonce) : undefined,
      resource: audience,
    }),
  );
}

/**
 * The audience asked for: by resource, by scope, by the authorization request; the default is Microsoft Graph's. The MDM's own
 * URL is one too, as it is of MDM applications that are not Intune.
 */
function audienceOf(tenant: Tenant, asked: TokenRequest, before?: string): string | undefined {
  const resource = asked.resource ?? resourceOfScope(asked.scope ?? '') ?? before ?? GRAPH_RESOURCE;
  const { enrollment } = tenant.endpoints;
  return resource.replace(/\/+$/, '') === enrollment ? enrollment : audienceOfResource(resource);
}

function asksForIdToken(asked: TokenRequest): boolean {
  return asked.client_id === JOIN_CLIENT_ID && (asked.scope ?? '').split(/\s+/).includes('openid');
}

function refuse(tenant: Tenant, code: SignInErrorCode): Reply {
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
