// What a client learns before anybody signs in: the OpenID configuration, the signing keys, and to whom a user name belongs.
import { writeOpenIdConfiguration } from '../../protocol/oauth.ts';
import {
  parseCredentialTypeRequest,
  writeCredentialTypeResponse,
  writeUserRealm,
} from '../../protocol/realm-discovery.ts';
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
  const managed = tenant.directory.owns(upn);
  const domain = upn.slice(upn.lastIndexOf('@') + 1);
  if ((request.query.get('api-version') ?? '1.0').startsWith('2')) {
    return jsonReply(200, {
      Login: upn,
      NameSpaceType: managed ? 'Managed' : 'Unknown',
      DomainName: domain,
      FederationBrandName: managed ? tenant.config.displayName : null,
      CloudInstanceName: 'flotilla.localhost',
    });
  }
  const common = { ver: '1.0', cloud_instance_name: 'flotilla.localhost' };
  const text = managed
    ? writeUserRealm({
        ...common,
        account_type: 'Managed',
        domain_name: tenant.config.domain,
        cloud_audience_urn: 'urn:federation:MicrosoftOnline',
      })
    : writeUserRealm({ ...common, account_type: 'Unknown' });
  return jsonTextReply(text);
}

const DOMAIN_TYPE_MANAGED = 3;
const DOMAIN_TYPE_UNKNOWN = 1;
const PREFER_PASSWORD = 1;

/** POST /common/GetCredentialType: whether a user exists, how it signs in, and the branding of its tenant. */
export function credentialType(tenant: Tenant, request: BackendRequest): Reply {
  const parsed = parseCredentialTypeRequest(request.body.toString('utf8'));
  if (!parsed.ok) return errorReply(400, 'BadRequest', parsed.error.reason);
  const { Username } = parsed.value;
  const owned = tenant.directory.owns(Username);
  const exists = tenant.directory.find(Username) !== undefined;
  return jsonTextReply(
    writeCredentialTypeResponse({
      Username,
      IfExistsResult: exists ? 0 : 1,
      ThrottleStatus: 0,
      Credentials: { PrefCredential: PREFER_PASSWORD, HasPassword: exists },
      EstsProperties: {
        DomainType: owned ? DOMAIN_TYPE_MANAGED : DOMAIN_TYPE_UNKNOWN,
        UserTenantBranding: owned
          ? [
              {
                Locale: 0,
                TenantName: tenant.config.displayName,
                BannerLogo: `${tenant.endpoints.login}/${tenant.config.tenantId}/branding/logo.svg`,
                BoilerPlateText: tenant.config.signInText,
              },
            ]
          : undefined,
      },
    }),
  );
}
