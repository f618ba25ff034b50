// The token endpoint (RFC 6749, 3.2), in the forms of version 1 (`resource`) and version 2 (`scope`). Codes are good once and
// only with their PKCE verifier; refresh tokens give tokens for other audiences of the same session.
import { never } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import {
  JOIN_CLIENT_ID,
  parseTokenRequest,
  pkceChallenge,
  SAML_GRANT,
  writeTokenResponse,
} from '../../protocol/sign-in/oauth.ts';
import type { TokenRequest } from '../../protocol/sign-in/oauth.ts';
import { JWT_GRANT, NONCE_GRANT, writeNonceResponse } from '../../protocol/sign-in/primary-refresh-token.ts';
import type { User } from '../directory.ts';
import { hasMediaType, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { TOKEN_LIFETIME_MS } from '../tokens.ts';
import { GRAPH_RESOURCE, isClient } from './clients.ts';
import { userOfGrant } from './federated-return.ts';
import { signedRequest } from './primary-refresh-token.ts';
import { audienceOf, grant, refuse } from './token-reply.ts';

/** The application roles of an administrator's token. */
export const ADMIN_ROLES = ['DeviceManagementServiceConfig.ReadWrite.All'] as const;

export function token(tenant: Tenant, request: BackendRequest): Reply {
  if (!tenant.isAuthority(request.parameters['tenant'] ?? '')) return refuse(tenant, 90002);
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return refuse(tenant, 900144);
  const form = request.body.toString('utf8');
  const parsed = parseTokenRequest(form);
  if (!parsed.ok) return withoutClient(tenant, form);
  const asked = parsed.value;
  if (asked.grant_type === 'client_credentials') return grantToAdmin(tenant, asked);
  if (!isClient(asked.client_id)) return refuse(tenant, 700016);
  switch (asked.grant_type) {
    case 'authorization_code':
      return redeemCode(tenant, asked);
    case 'refresh_token':
      return refresh(tenant, asked);
    case 'password':
      return grantToPassword(tenant, asked);
    case SAML_GRANT:
      return grantToAssertion(tenant, asked);
    default:
      return never(asked);
  }
}

/** The two requests of the Windows sign-in, which name no client in the form, and what is wrong with any other. */
function withoutClient(tenant: Tenant, form: string): Reply {
  const type = new URLSearchParams(form).get('grant_type');
  if (type === NONCE_GRANT) return jsonTextReply(writeNonceResponse(tenant.nonces.issue()));
  if (type === JWT_GRANT) return signedRequest(tenant, form);
  return refuse(tenant, type !== null && !KNOWN_GRANTS.has(type) ? 70003 : 900144);
}

const KNOWN_GRANTS = new Set(['authorization_code', 'refresh_token', 'client_credentials', 'password', SAML_GRANT]);

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
  return grant(tenant, asked, session, { withIdToken: true, nonce: code.nonce, resource: code.resource });
}

function refresh(tenant: Tenant, asked: Grant<'refresh_token'>): Reply {
  const id = tenant.seal.open('refresh-token', asked.refresh_token);
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  if (session === undefined) return refuse(tenant, 70000);
  // A primary refresh token by itself is worth nothing: whoever has it must have its session key.
  if (session.primary) return refuse(tenant, 140001);
  return grant(tenant, asked, session, { withIdToken: asksForIdToken(asked) });
}

function grantToPassword(tenant: Tenant, asked: Grant<'password'>): Reply {
  const user = tenant.directory.find(asked.username);
  if (user === undefined) return refuse(tenant, 50034);
  const refused = tenant.credentials.refusal(user, asked.password);
  return refused === undefined ? grantToUser(tenant, asked, user, false) : refuse(tenant, refused);
}

function grantToAssertion(tenant: Tenant, asked: Grant<typeof SAML_GRANT>): Reply {
  const user = userOfGrant(tenant, asked.assertion);
  return typeof user === 'number' ? refuse(tenant, user) : grantToUser(tenant, asked, user, true);
}

/** A grant without a page: what only a page could ask for is refused. */
function grantToUser(tenant: Tenant, asked: TokenRequest, user: User, federated: boolean): Reply {
  if (tenant.directory.trait(user) === 'blocked') return refuse(tenant, 53003);
  if (tenant.directory.accounts(user)?.multifactor === true) return refuse(tenant, 50076);
  // What the request asks for is checked before a session is opened for it.
  if (audienceOf(tenant, asked) === undefined) return refuse(tenant, 500011);
  const session = tenant.sessions.open(user.index, undefined, { federated });
  if (session === undefined) return refuse(tenant, 90033);
  return grant(tenant, asked, session, { withIdToken: true });
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

function asksForIdToken(asked: TokenRequest): boolean {
  return asked.client_id === JOIN_CLIENT_ID && (asked.scope ?? '').split(/\s+/).includes('openid');
}
