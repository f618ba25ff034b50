import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../kernel/units.ts';
import { signToken } from '../protocol/sign-in/token.ts';
import { EPOCH_MS, testTenant } from './fixtures/tenant.ts';
import { makeRsaKey } from './signing-keys.ts';

const AUDIENCE = 'urn:test';

describe('Tokens', () => {
  it('verifies what it issued, for its audience and for at least a day', async () => {
    const { tenant, clock } = testTenant();
    const token = tenant.tokens.issue(AUDIENCE, { upn: 'user0@flotilla.example' });
    const verified = tenant.tokens.verify(token, ['urn:other', AUDIENCE]);
    expect(verified).toMatchObject({ ok: true, value: { upn: 'user0@flotilla.example', tid: tenant.config.tenantId } });
    await clock.advance(DAY_MS - MINUTE_MS);
    expect(tenant.tokens.verify(token, [AUDIENCE]).ok).toBe(true);
    await clock.advance(2 * MINUTE_MS);
    expect(tenant.tokens.verify(token, [AUDIENCE])).toEqual({ ok: false, error: 'the token has expired' });
  });

  it('refuses another audience, tenant, issuer, key, algorithm and time, and says which', () => {
    const { tenant } = testTenant();
    const { tokens } = tenant;
    const refusal = (token: string): string => {
      const verified = tokens.verify(token, [AUDIENCE]);
      return verified.ok ? 'taken' : verified.error;
    };
    expect(refusal(tokens.issue('urn:other', {}))).toBe('the token is for another audience');
    expect(refusal(tokens.issue(AUDIENCE, { tid: 'other' }))).toBe('the token is of another tenant');
    expect(refusal(tokens.issue(AUDIENCE, { iss: 'https://other' }))).toBe('the token is of another issuer');
    expect(refusal(tokens.issue(AUDIENCE, { nbf: EPOCH_MS / 1000 + 10 }))).toBe('the token is not valid yet');
    expect(refusal(tokens.issue(AUDIENCE, { exp: undefined }))).toBe('the token has expired');
    const stranger = makeRsaKey();
    expect(refusal(signToken({ aud: AUDIENCE }, stranger, 'stranger'))).toBe('the token is signed with an unknown key');
    expect(refusal(signToken({ aud: AUDIENCE }, stranger, tokens.keyId))).toBe('the signature of the token is wrong');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
    expect(refusal(unsigned)).toBe('the token is not signed with RS256');
    expect(refusal('nonsense')).toContain('the token cannot be read');
  });
});
