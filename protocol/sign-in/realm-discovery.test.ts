import { describe, expect, it } from 'vitest';
import {
  parseCredentialTypeResponse,
  parseUserRealm,
  writeCredentialTypeResponse,
  writeUserRealm,
} from './realm-discovery.ts';

describe('UserRealm', () => {
  it('tells managed from federated names', () => {
    const realm = { ver: '1.0', account_type: 'Federated' as const, federation_protocol: 'WSTrust' };
    expect(parseUserRealm(writeUserRealm(realm))).toEqual({ ok: true, value: realm });
    expect(parseUserRealm('{"ver":"1.0","account_type":"Other"}')).toMatchObject({
      error: { reason: '"account_type" is not one that is known here: Other' },
    });
  });
});

describe('GetCredentialType', () => {
  it('carries branding', async () => {
    const response = {
      Username: 'ada@contoso.example',
      IfExistsResult: 0,
      ThrottleStatus: 0,
      Credentials: { PrefCredential: 1, HasPassword: true },
      EstsProperties: {
        DomainType: 3,
        UserTenantBranding: [
          { Locale: 0, TenantName: 'Contoso', BannerLogo: 'https://login.example/logo.png', BoilerPlateText: 'Hello' },
        ],
      },
    };
    await expect(writeCredentialTypeResponse(response)).toMatchFileSnapshot('../fixtures/golden-credential-type.txt');
    expect(parseCredentialTypeResponse(writeCredentialTypeResponse(response))).toEqual({ ok: true, value: response });
  });

  it('is refused where an inner member has a wrong type', () => {
    const refused = parseCredentialTypeResponse(
      '{"IfExistsResult":0,"EstsProperties":{"UserTenantBranding":[{"BannerLogo":1}]}}',
    );
    expect(refused).toMatchObject({ error: { reason: '"UserTenantBranding.BannerLogo" is not a string' } });
  });
});
