// Home-realm discovery: where a user name signs in (managed or federated) and how the sign-in page is branded. Public clients
// agree on these shapes; members keep the wire's own names.
import type { Result } from '../../kernel/result.ts';
import { Members, isObject, readJsonObject } from '../encoding/json.ts';

/** `GET /common/UserRealm/{upn}?api-version=1.0`. */
export interface UserRealm {
  readonly ver: string;
  readonly account_type: 'Managed' | 'Federated' | 'Unknown';
  readonly domain_name?: string | undefined;
  readonly cloud_instance_name?: string | undefined;
  readonly cloud_audience_urn?: string | undefined;
  readonly federation_protocol?: string | undefined;
  readonly federation_metadata_url?: string | undefined;
  readonly federation_active_auth_url?: string | undefined;
}

export function writeUserRealm(realm: UserRealm): string {
  return JSON.stringify(realm);
}

export function parseUserRealm(text: string): Result<UserRealm> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const type = members.string('account_type');
  const accountType = (['Managed', 'Federated', 'Unknown'] as const).find((known) => known === type);
  if (accountType === undefined) members.refuse('account_type', `is not one that is known here: ${type}`);
  return members.result({
    ver: members.optionalString('ver') ?? '',
    account_type: accountType ?? 'Unknown',
    domain_name: members.optionalString('domain_name'),
    cloud_instance_name: members.optionalString('cloud_instance_name'),
    cloud_audience_urn: members.optionalString('cloud_audience_urn'),
    federation_protocol: members.optionalString('federation_protocol'),
    federation_metadata_url: members.optionalString('federation_metadata_url'),
    federation_active_auth_url: members.optionalString('federation_active_auth_url'),
  });
}

/** `POST /common/GetCredentialType`. */
export interface CredentialTypeRequest {
  readonly Username: string;
  readonly isOtherIdpSupported?: boolean | undefined;
  /** What the page's form carries along; it comes back in FederationRedirectUrl. */
  readonly originalRequest?: string | undefined;
}

export function writeCredentialTypeRequest(request: CredentialTypeRequest): string {
  return JSON.stringify(request);
}

export function parseCredentialTypeRequest(text: string): Result<CredentialTypeRequest> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  return members.result({
    Username: members.string('Username'),
    isOtherIdpSupported: members.optionalBoolean('isOtherIdpSupported'),
    originalRequest: members.optionalString('originalRequest'),
  });
}

/** Company branding of the sign-in page, one entry for a locale. Logos are URLs. */
export interface TenantBranding {
  readonly Locale: number;
  readonly TenantName?: string | undefined;
  readonly BannerLogo?: string | undefined;
  readonly BoilerPlateText?: string | undefined;
  readonly UserIdLabel?: string | undefined;
}

export interface CredentialTypeResponse {
  readonly Username: string;
  /** 0: the user exists; 1: not. */
  readonly IfExistsResult: number;
  readonly ThrottleStatus?: number | undefined;
  readonly Credentials: {
    readonly PrefCredential?: number | undefined;
    readonly HasPassword?: boolean | undefined;
    readonly FederationRedirectUrl?: string | undefined;
  };
  readonly EstsProperties: {
    /** 3: managed; 4: federated. */
    readonly DomainType?: number | undefined;
    readonly UserTenantBranding?: readonly TenantBranding[] | undefined;
  };
}

export function writeCredentialTypeResponse(response: CredentialTypeResponse): string {
  return JSON.stringify(response);
}

export function parseCredentialTypeResponse(text: string): Result<CredentialTypeResponse> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const credentials = new Members(members.optionalObject('Credentials') ?? {}, { path: 'Credentials.' });
  const properties = members.optionalObject('EstsProperties') ?? {};
  const ests = new Members(properties, { path: 'EstsProperties.' });
  const listed = properties['UserTenantBranding'];
  const brandings = (Array.isArray(listed) ? listed.filter(isObject) : []).map(
    (entry) => new Members(entry, { path: 'UserTenantBranding.' }),
  );
  return members.result(
    {
      Username: members.optionalString('Username') ?? '',
      IfExistsResult: members.integer('IfExistsResult'),
      ThrottleStatus: members.optionalInteger('ThrottleStatus'),
      Credentials: {
        PrefCredential: credentials.optionalInteger('PrefCredential'),
        HasPassword: credentials.optionalBoolean('HasPassword'),
        FederationRedirectUrl: credentials.optionalString('FederationRedirectUrl'),
      },
      EstsProperties: {
        DomainType: ests.optionalInteger('DomainType'),
        UserTenantBranding: Array.isArray(listed)
          ? brandings.map((branding) => ({
              Locale: branding.optionalInteger('Locale') ?? 0,
              TenantName: branding.optionalString('TenantName'),
              BannerLogo: branding.optionalString('BannerLogo'),
              BoilerPlateText: branding.optionalString('BoilerPlateText'),
              UserIdLabel: branding.optionalString('UserIdLabel'),
            }))
          : undefined,
      },
    },
    credentials,
    ests,
    ...brandings,
  );
}
