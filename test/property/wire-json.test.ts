// Every JSON and form family of the wire, tokens and flags: what one side writes the other reads as it was.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeOobeConfig,
  encodeOobeConfig,
  OOBE_CONFIG_BITS,
  parseAadServerData,
  parseAutopilotProfile,
  parseProfileRefusal,
  parseProfileRequest,
  writeAadServerData,
  writeAutopilotProfile,
  writeProfileRefusal,
  writeProfileRequest,
} from '../../protocol/autopilot/autopilot-profile.ts';
import type { OobeConfigFlag } from '../../protocol/autopilot/autopilot-profile.ts';
import {
  parseJoinError,
  parseJoinRequest,
  parseJoinResponse,
  parseNonce,
  parseRegistrationDiscovery,
  writeJoinError,
  writeJoinRequest,
  writeJoinResponse,
  writeNonce,
  writeRegistrationDiscovery,
} from '../../protocol/sign-in/device-registration.ts';
import {
  parseAuthorizeRedirect,
  parseAuthorizeRequest,
  parseOpenIdConfiguration,
  parseTokenError,
  parseTokenRequest,
  parseTokenResponse,
  writeAuthorizeRedirect,
  writeAuthorizeRequest,
  writeOpenIdConfiguration,
  writeTokenError,
  writeTokenRequest,
  writeTokenResponse,
} from '../../protocol/sign-in/oauth.ts';
import type { TokenRequest } from '../../protocol/sign-in/oauth.ts';
import {
  parseCredentialTypeRequest,
  parseCredentialTypeResponse,
  parseUserRealm,
  writeCredentialTypeRequest,
  writeCredentialTypeResponse,
  writeUserRealm,
} from '../../protocol/sign-in/realm-discovery.ts';
import { readToken, signToken } from '../../protocol/sign-in/token.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { accepted, bytes, count, optional } from './wire-arbitraries.ts';

const text = fc.string({ unit: 'grapheme' });

const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: new Uint8Array(),
  sign: (signed) => Buffer.from(signed).subarray(0, 8),
};

describe('tokens', () => {
  it('keep header and claims, and name the bytes that were signed', () => {
    const claims = fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(claims, text, optional(text), (value, keyId, x5t) => {
        const compact = signToken(value, signer, keyId, x5t);
        const read = accepted(readToken(compact));
        expect(read.claims).toEqual(JSON.parse(JSON.stringify(value)));
        expect(read.header).toEqual({ typ: 'JWT', alg: 'RS256', kid: keyId, ...(x5t === undefined ? {} : { x5t }) });
        expect(Buffer.from(read.signedPart).toString()).toBe(compact.slice(0, compact.lastIndexOf('.')));
        expect(Buffer.from(read.signature)).toEqual(Buffer.from(compact.slice(0, 8)));
      }),
    );
  });
});

describe('OAuth', () => {
  it('keeps the discovery document', () => {
    const configuration = fc.record({
      issuer: text,
      authorization_endpoint: text,
      token_endpoint: text,
      jwks_uri: text,
      device_authorization_endpoint: optional(text),
      end_session_endpoint: optional(text),
    });
    fc.assert(
      fc.property(configuration, (value) => {
        expect(accepted(parseOpenIdConfiguration(writeOpenIdConfiguration(value)))).toEqual(value);
      }),
    );
  });

  it('keeps authorize requests and redirects', () => {
    const request = fc.record({
      client_id: text,
      redirect_uri: text,
      response_type: text,
      response_mode: optional(text),
      scope: optional(text),
      resource: optional(text),
      state: optional(text),
      nonce: optional(text),
      code_challenge: optional(text),
      code_challenge_method: optional(text),
      login_hint: optional(text),
      ztd_tenant: optional(text),
      'client-request-id': optional(text),
    });
    const reply = fc.oneof(
      fc.record({ code: text, state: optional(text) }),
      fc.record({ error: text, error_description: optional(text), state: optional(text) }),
    );
    const uri = fc.constantFrom('ms-aadj-redir://auth/drs', 'https://app.example/?a=b');
    fc.assert(
      fc.property(request, reply, (asked, answered) => {
        expect(accepted(parseAuthorizeRequest(writeAuthorizeRequest(asked)))).toEqual(asked);
        const location = writeAuthorizeRedirect('ms-aadj-redir://auth/drs', answered);
        expect(accepted(parseAuthorizeRedirect(location))).toEqual(answered);
      }),
    );
    fc.assert(
      fc.property(uri, text, (redirect, code) => {
        expect(accepted(parseAuthorizeRedirect(writeAuthorizeRedirect(redirect, { code })))).toMatchObject({ code });
      }),
    );
  });

  it('keeps token requests, responses and errors', () => {
    const common = { client_id: text, resource: optional(text), scope: optional(text) };
    const request: fc.Arbitrary<TokenRequest> = fc.oneof(
      fc.record({
        ...common,
        grant_type: fc.constant('authorization_code' as const),
        code: text,
        redirect_uri: text,
        code_verifier: optional(text),
      }),
      fc.record({ ...common, grant_type: fc.constant('refresh_token' as const), refresh_token: text }),
      fc.record({ ...common, grant_type: fc.constant('client_credentials' as const), client_secret: text }),
      fc.record({ ...common, grant_type: fc.constant('password' as const), username: text, password: text }),
    );
    const response = fc.record({
      token_type: text,
      expires_in: count,
      access_token: text,
      refresh_token: optional(text),
      id_token: optional(text),
      scope: optional(text),
      resource: optional(text),
    });
    const error = fc.record({
      error: text,
      error_description: optional(text),
      error_codes: optional(fc.array(count)),
      timestamp: optional(text),
      trace_id: optional(text),
      correlation_id: optional(text),
    });
    fc.assert(
      fc.property(request, response, error, (asked, answered, refused) => {
        expect(accepted(parseTokenRequest(writeTokenRequest(asked)))).toEqual(asked);
        expect(accepted(parseTokenResponse(writeTokenResponse(answered)))).toEqual(answered);
        expect(accepted(parseTokenError(writeTokenError(refused)))).toEqual(refused);
      }),
    );
  });

  it('keeps realms and credential types', () => {
    const realm = fc.record({
      ver: text,
      account_type: fc.constantFrom('Managed' as const, 'Federated' as const, 'Unknown' as const),
      domain_name: optional(text),
      cloud_instance_name: optional(text),
      cloud_audience_urn: optional(text),
      federation_protocol: optional(text),
      federation_metadata_url: optional(text),
      federation_active_auth_url: optional(text),
    });
    const branding = fc.record({
      Locale: count,
      TenantName: optional(text),
      BannerLogo: optional(text),
      BoilerPlateText: optional(text),
      UserIdLabel: optional(text),
    });
    const response = fc.record({
      Username: text,
      IfExistsResult: count,
      ThrottleStatus: optional(count),
      Credentials: fc.record({
        PrefCredential: optional(count),
        HasPassword: optional(fc.boolean()),
        FederationRedirectUrl: optional(text),
      }),
      EstsProperties: fc.record({
        DomainType: optional(count),
        UserTenantBranding: optional(fc.array(branding, { maxLength: 2 })),
      }),
    });
    const request = fc.record({ Username: text, isOtherIdpSupported: optional(fc.boolean()) });
    fc.assert(
      fc.property(realm, request, response, (where, asked, answered) => {
        expect(accepted(parseUserRealm(writeUserRealm(where)))).toEqual(where);
        expect(accepted(parseCredentialTypeRequest(writeCredentialTypeRequest(asked)))).toEqual(asked);
        expect(accepted(parseCredentialTypeResponse(writeCredentialTypeResponse(answered)))).toEqual(answered);
      }),
    );
  });
});

describe('device registration', () => {
  it('keeps discovery', () => {
    const service = { ServiceVersion: text };
    const discovery = fc.record({
      DeviceRegistrationService: optional(
        fc.record({ RegistrationEndpoint: text, RegistrationResourceId: text, ...service }),
      ),
      AuthenticationService: fc.record({ OAuth2: fc.record({ AuthCodeEndpoint: text, TokenEndpoint: text }) }),
      IdentityProviderService: optional(fc.record({ Federated: fc.boolean(), PassiveAuthEndpoint: text })),
      DeviceJoinService: fc.record({ JoinEndpoint: text, JoinResourceId: text, ...service }),
      KeyProvisioningService: optional(
        fc.record({ KeyProvisionEndpoint: text, KeyProvisionResourceId: text, ...service }),
      ),
      TenantInfo: optional(fc.record({ TenantId: text, TenantName: text, DisplayName: text })),
      NonceService: optional(fc.record({ Endpoint: text, ResourceId: text, ...service })),
    });
    fc.assert(
      fc.property(discovery, (value) => {
        expect(accepted(parseRegistrationDiscovery(writeRegistrationDiscovery(value)))).toEqual(value);
      }),
    );
  });

  it('keeps join requests, responses, errors and nonces', () => {
    const request = fc.record({
      certificateRequest: bytes,
      transportKey: bytes,
      targetDomain: text,
      deviceType: text,
      osVersion: text,
      deviceDisplayName: text,
      joinType: count,
      attributes: fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true }),
    });
    const response = fc.record({
      certificate: bytes,
      thumbprint: text,
      upn: text,
      membershipChanges: fc.array(fc.record({ localSid: text, addSids: fc.array(text, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    });
    const error = fc.record({ errorType: text, subcode: optional(text), message: text, traceId: text, time: text });
    fc.assert(
      fc.property(request, response, error, text, (asked, answered, refused, nonce) => {
        const read = accepted(parseJoinRequest(writeJoinRequest(asked)));
        expect({ ...read, certificateRequest: null, transportKey: null }).toEqual({
          ...asked,
          certificateRequest: null,
          transportKey: null,
        });
        expect(Buffer.compare(read.certificateRequest, asked.certificateRequest)).toBe(0);
        expect(Buffer.compare(read.transportKey, asked.transportKey)).toBe(0);
        const reply = accepted(parseJoinResponse(writeJoinResponse(answered)));
        expect({ ...reply, certificate: null }).toEqual({ ...answered, certificate: null });
        expect(Buffer.compare(reply.certificate, answered.certificate)).toBe(0);
        expect(accepted(parseJoinError(writeJoinError(refused)))).toEqual(refused);
        expect(accepted(parseNonce(writeNonce(nonce)))).toBe(nonce);
      }),
    );
  });
});

describe('profile', () => {
  it('keeps profiles, requests and refusals', () => {
    const profile = fc.record({
      ZtdRegistrationId: text,
      CloudAssignedTenantId: text,
      CloudAssignedTenantDomain: text,
      AutopilotServiceCorrelationId: optional(text),
      AadDeviceId: optional(text),
      CloudAssignedMdmId: optional(text),
      CloudAssignedDomainJoinMethod: optional(count),
      CloudAssignedOobeConfig: optional(count),
      CloudAssignedForcedEnrollment: optional(count),
      CloudAssignedDeviceName: optional(text),
      CloudAssignedAutopilotUpdateDisabled: optional(count),
      CloudAssignedAutopilotUpdateTimeout: optional(count),
      CloudAssignedPrivacyDiagnostics: optional(count),
      CloudAssignedLanguage: optional(text),
      CloudAssignedRegion: optional(text),
      CloudAssignedTelemetryLevel: optional(count),
      CloudAssignedTenantUpn: optional(text),
      HybridJoinSkipDCConnectivityCheck: optional(count),
      DeploymentProfileName: optional(text),
      IsExplicitProfileAssignment: optional(fc.boolean()),
      AutopilotMode: optional(count),
      AutopilotCreationDate: optional(text),
      PolicyDownloadDate: optional(text),
      CloudAssignedAadServerData: optional(text),
    });
    const request = fc.record({
      hardwareHash: optional(text),
      serialNumber: optional(text),
      productKeyId: optional(text),
    });
    const refusal = fc.record({ code: count, name: text, detail: text });
    const config = fc.record({
      CloudAssignedTenantUpn: text,
      ForcedEnrollment: count,
      CloudAssignedTenantDomain: text,
    });
    fc.assert(
      fc.property(profile, request, refusal, config, (value, asked, refused, server) => {
        expect(accepted(parseAutopilotProfile(writeAutopilotProfile(value)))).toEqual(value);
        expect(accepted(parseProfileRequest(writeProfileRequest(asked)))).toEqual(asked);
        expect(accepted(parseProfileRefusal(writeProfileRefusal(refused)))).toEqual(refused);
        expect(accepted(parseAadServerData(writeAadServerData(server)))).toEqual(server);
      }),
    );
  });

  it('keeps the flags of CloudAssignedOobeConfig', () => {
    const names = Object.keys(OOBE_CONFIG_BITS) as OobeConfigFlag[];
    fc.assert(
      fc.property(fc.subarray(names), (set) => {
        const flags = decodeOobeConfig(encodeOobeConfig(Object.fromEntries(set.map((name) => [name, true]))));
        expect(names.filter((name) => flags[name])).toEqual(set);
      }),
    );
    fc.assert(
      fc.property(fc.nat(2047), (bits) => {
        expect(encodeOobeConfig(decodeOobeConfig(bits))).toBe(bits);
      }),
    );
  });
});
