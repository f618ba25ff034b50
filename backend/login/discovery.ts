// What a client learns before anybody signs in: the OpenID configuration, the signing keys, and to whom a user name belongs.
import { writeOpenIdConfiguration } from '../../protocol/sign-in/oauth.ts';
import {
  parseCredentialTypeRequest,
  writeCredentialTypeResponse,
  writeUserRealm,
} from '../../protocol/sign-in/realm-discovery.ts';
import { ENTRA_REALM } from '../../protocol/sign-in/saml.ts';
import { federatedSignInUrl } from '../federation/passive.ts';
import { METADATA_PATH, USER_NAME_PATH } from '../federation/ws-trust.ts';
import { errorReply, jsonReply, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, Handler, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { signInErrorText } from './errors.ts';

/** The OpenID configuration of one version of the endpoints, written once. */
export function openIdConfiguration(tenant: Tenant, version: 'v1' | 'v2'): Handler {
  const base = `${tenant.endpoints.login}/${tenant.config.tenantId}`;
  const oauth = version === 'v1' ? `${base}/oauth2` : `${base}/oauth2/v2.0`;
  const text = writeOpenIdConfiguration({
    issuer: tenant.tokens.issuer,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
  return (request) => ofAuthority(tenant, request, () => jsonTextReply(text));
}

export function keySet(tenant: Tenant): Handler {
  const text = tenant.tokens.keySet();
  return (request) => ofAuthority(tenant, request, () => jsonTextReply(text));
}

function ofAuthority(tenant: Tenant, request: BackendRequest, answer: () => Reply): Reply {
  if (tenant.isAuthority(request.parameters['tenant'] ?? '')) return answer();
  return jsonReply(400, { error: 'invalid_tenant', error_description: signInErrorText(90002), error_codes: [90002] });
}

/** GET /common/UserRealm/{upn}: version 1.0, and the members that versions 2.0 and 2.1 call otherwise. */
export function userRealm(tenant: Tenant, request: BackendRequest): Reply {
  const upn = request.parameters['upn'] ?? '';
  const realm = tenant.directory.realm(upn);
  const domain = upn.slice(upn.lastIndexOf('@') + 1).toLowerCase();
  if ((request.query.get('api-version') ?? '1.0').startsWith('2')) {
    return jsonReply(200, {
      Login: upn,
      NameSpaceType: realm === undefined ? 'Unknown' : ACCOUNT_TYPES[realm],
      DomainName: domain,
      FederationBrandName: realm === undefined ? null : tenant.config.displayName,
      CloudInstanceName: 'flotilla.localhost',
      ...(realm === 'federated' ? { FederationProtocol: 'WSTrust', AuthURL: federatedSignInUrl(tenant, upn, '') } : {}),
    });
  }
  const common = { ver: '1.0', cloud_instance_name: 'flotilla.localhost' };
  if (realm === undefined) return jsonTextReply(writeUserRealm({ ...common, account_type: 'Unknown' }));
  const { federation } = tenant.endpoints;
  return jsonTextReply(
    writeUserRealm({
      ...common,
      account_type: ACCOUNT_TYPES[realm],
      domain_name: domain,
      cloud_audience_urn: ENTRA_REALM,
      ...(realm === 'federated'
        ? {
            federation_protocol: 'WSTrust',
            federation_metadata_url: `${federation}${METADATA_PATH}`,
            federation_active_auth_url: `${federation}${USER_NAME_PATH}`,
          }
        : {}),
    }),
  );
}

const ACCOUNT_TYPES = { managed: 'Managed', federated: 'Federated' } as const;
const DOMAIN_TYPES = { managed: 3, federated: 4 } as const;
const DOMAIN_TYPE_UNKNOWN = 1;
const PREFERENCES = { managed: 1, federated: 4 } as const;

/** POST /common/GetCredentialType: whether a user exists, how it signs in, and the branding of its tenant. */
export function credentialType(tenant: Tenant, request: BackendRequest): Reply {
  const parsed = parseCredentialTypeRequest(request.body.toString('utf8'));
  if (!parsed.ok) return errorReply(400, 'BadRequest', parsed.error.reason);
  const { Username, originalRequest } = parsed.value;
  const realm = tenant.directory.realm(Username);
  const user = tenant.directory.find(Username);
  // An AD FS whose accounts are signed in by WS-Trust has no page to send a browser to.
  const redirects =
    realm === 'federated' && (user === undefined || tenant.directory.accounts(user)?.kind === 'passive');
  return jsonTextReply(
    writeCredentialTypeResponse({
      Username,
      IfExistsResult: user === undefined ? 1 : 0,
      ThrottleStatus: 0,
      Credentials: {
        PrefCredential: PREFERENCES[realm ?? 'managed'],
        HasPassword: user !== undefined && realm === 'managed',
        FederationRedirectUrl: redirects ? federatedSignInUrl(tenant, Username, originalRequest ?? '') : undefined,
      },
      EstsProperties: {
        DomainType: realm === undefined ? DOMAIN_TYPE_UNKNOWN : DOMAIN_TYPES[realm],
        UserTenantBranding:
          realm === undefined
            ? undefined
            : [
                {
                  Locale: 0,
                  TenantName: tenant.config.displayName,
                  BannerLogo: `${tenant.endpoints.login}/${tenant.config.tenantId}/branding/logo.svg`,
                  BoilerPlateText: tenant.config.signInText,
                },
              ],
      },
    }),
  );
}
