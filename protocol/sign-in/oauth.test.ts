import { describe, expect, it } from 'vitest';
import {
  isPkceVerifier,
  parseAuthorizeRedirect,
  parseAuthorizeRequest,
  parseIdToken,
  parseOpenIdConfiguration,
  parseTokenError,
  parseTokenRequest,
  parseTokenResponse,
  pkceChallenge,
  writeAuthorizeRequest,
  writeOpenIdConfiguration,
  writeTokenRequest,
} from './oauth.ts';
import { signToken } from './token.ts';

const signer = { algorithm: 'RS256' as const, publicKeyInfo: new Uint8Array(), sign: () => Uint8Array.of(1) };

describe('PKCE', () => {
  it('gives the challenge of RFC 7636, appendix B', () => {
    expect(pkceChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('knows which texts may be verifiers', () => {
    expect(isPkceVerifier('a'.repeat(43))).toBe(true);
    expect(isPkceVerifier('a'.repeat(42))).toBe(false);
    expect(isPkceVerifier('a'.repeat(129))).toBe(false);
    expect(isPkceVerifier(`${'a'.repeat(43)}!`)).toBe(false);
  });
});

describe('forms', () => {
  it('carry an authorization request as OOBE makes it', () => {
    const query = writeAuthorizeRequest({
      client_id: 'client',
      redirect_uri: 'ms-aadj-redir://auth/drs',
      response_type: 'code',
      ztd_tenant: 'contoso.example',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
    expect(query).toBe(
      'client_id=client&redirect_uri=ms-aadj-redir%3A%2F%2Fauth%2Fdrs&response_type=code' +
        '&ztd_tenant=contoso.example&code_challenge=c&code_challenge_method=S256',
    );
    expect(parseAuthorizeRequest(`${query}&unknown=1`)).toMatchObject({
      ok: true,
      value: { ztd_tenant: 'contoso.example' },
    });
  });

  it('are refused with repeated or missing fields', () => {
    expect(parseAuthorizeRequest('client_id=a&client_id=b')).toMatchObject({
      error: { reason: 'a field of the form is repeated' },
    });
    expect(parseAuthorizeRequest('client_id=a&__proto__=b')).toMatchObject({
      error: { reason: '"redirect_uri" is missing' },
    });
    expect(parseTokenRequest('client_id=a&grant_type=authorization_code&code=c')).toMatchObject({
      error: { reason: '"redirect_uri" is missing' },
    });
    expect(parseTokenRequest('client_id=a&grant_type=magic')).toMatchObject({
      error: { reason: '"grant_type" is not one that is known here: magic' },
    });
    expect(
      parseTokenRequest(writeTokenRequest({ grant_type: 'refresh_token', client_id: 'a', refresh_token: 'r' })),
    ).toEqual({
      ok: true,
      value: { grant_type: 'refresh_token', client_id: 'a', refresh_token: 'r' },
    });
  });
});

describe('the redirect of the sign-in page', () => {
  it('carries a code or an error, in query or fragment', () => {
    expect(parseAuthorizeRedirect('ms-aadj-redir://auth/drs?code=a%2Fb&state=s')).toEqual({
      ok: true,
      value: { code: 'a/b', state: 's' },
    });
    expect(parseAuthorizeRedirect('https://x/#error=access_denied&error_description=No')).toMatchObject({
      ok: true,
      value: { error: 'access_denied', error_description: 'No' },
    });
  });

  it('is refused without either', () => {
    expect(parseAuthorizeRedirect('https://x/')).toMatchObject({ error: { reason: 'the redirect carries no reply' } });
    expect(parseAuthorizeRedirect('https://x/?state=s')).toMatchObject({ error: { reason: '"code" is missing' } });
  });
});

describe('documents of the sign-in service', () => {
  it('include the discovery document', async () => {
    const written = writeOpenIdConfiguration({
      issuer: 'https://login.example/tenant/v2.0',
      authorization_endpoint: 'https://login.example/tenant/oauth2/v2.0/authorize',
      token_endpoint: 'https://login.example/tenant/oauth2/v2.0/token',
      jwks_uri: 'https://login.example/tenant/discovery/v2.0/keys',
    });
    await expect(written).toMatchFileSnapshot('../fixtures/golden-openid-configuration.txt');
    expect(parseOpenIdConfiguration('{"issuer":"i"}')).toMatchObject({
      error: { reason: '"authorization_endpoint" is missing' },
    });
  });

  it('include token responses whose expiry is a string (version 1)', () => {
    expect(parseTokenResponse('{"token_type":"Bearer","expires_in":"3599","access_token":"a","ext":1}')).toEqual({
      ok: true,
      value: { token_type: 'Bearer', expires_in: 3599, access_token: 'a' },
    });
    expect(parseTokenResponse('{"token_type":"Bearer","expires_in":"soon","access_token":"a"}')).toMatchObject({
      ok: false,
    });
  });

  it('include errors with the numbers of Entra', () => {
    expect(
      parseTokenError('{"error":"invalid_grant","error_codes":[50126,"x"],"error_description":"No"}'),
    ).toMatchObject({
      ok: true,
      value: { error: 'invalid_grant', error_codes: [50126], error_description: 'No' },
    });
  });
});

describe('parseIdToken', () => {
  const claims = { upn: 'u@contoso.example', sid: 's', tid: 't', tenant_display_name: 'Contoso' };

  it('reads what OOBE needs; the URLs may be absent', () => {
    expect(parseIdToken(signToken({ ...claims, mdm_enrollment_url: 'https://m/' }, signer, 'k'))).toMatchObject({
      ok: true,
      value: { ...claims, mdm_enrollment_url: 'https://m/', mdm_compliance_url: undefined },
    });
  });

  it('refuses a token without a mandatory claim or with other than three parts', () => {
    const { tenant_display_name: _, ...rest } = claims;
    expect(parseIdToken(signToken(rest, signer, 'k'))).toMatchObject({
      error: { reason: '"tenant_display_name" is missing' },
    });
    expect(parseIdToken('a.b')).toMatchObject({ ok: false });
  });
});
