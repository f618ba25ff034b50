// Issues and verifies the tenant's tokens (JWT, RS256). Every service that takes one verifies it here: signature, issuer,
// tenant, audience and time, as a real service would.
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../kernel/units.ts';
import { sha256 } from '../protocol/encoding/digest.ts';
import type { Signer } from '../protocol/pki/signer.ts';
import { readToken, signToken } from '../protocol/sign-in/token.ts';
import type { TokenClaims } from '../protocol/sign-in/token.ts';

/** Scaled runs shrink waits, not tokens: a day is longer than any run. */
export const TOKEN_LIFETIME_MS = 1 * DAY_MS;
/** Tokens are good from a little before they were made: clocks differ. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

export interface TokenKey extends Signer {
  readonly publicKey: KeyObject;
}

/** Why a token was refused, as a sentence. */
export type TokenRefusal = string;

export class Tokens {
  readonly issuer: string;
  readonly keyId: string;
  readonly #key: TokenKey;
  readonly #tenantId: string;
  readonly #clock: Clock;

  constructor(options: { key: TokenKey; issuer: string; tenantId: string; clock: Clock }) {
    this.#key = options.key;
    this.issuer = options.issuer;
    this.#tenantId = options.tenantId;
    this.#clock = options.clock;
    this.keyId = Buffer.from(sha256(options.key.publicKeyInfo)).toString('base64url').slice(0, 27);
  }

  /** The JSON Web Key Set that verifies these tokens (RFC 7517). */
  keySet(): string {
    const { kty, n, e } = this.#key.publicKey.export({ format: 'jwk' });
    return JSON.stringify({ keys: [{ kty, use: 'sig', alg: 'RS256', kid: this.keyId, n, e, issuer: this.issuer }] });
  }

  /** A token for an audience. Issuer, tenant and times are filled in. */
  issue(audience: string, claims: TokenClaims): string {
    const nowSeconds = Math.floor(this.#clock.wallMs() / SECOND_MS);
    return signToken(
      {
        aud: audience,
        iss: this.issuer,
        iat: nowSeconds,
        nbf: nowSeconds - CLOCK_SKEW_MS / SECOND_MS,
        exp: nowSeconds + TOKEN_LIFETIME_MS / SECOND_MS,
        tid: this.#tenantId,
        ...claims,
      },
      this.#key,
      this.keyId,
    );
  }

  /** The claims of a token that is ours, in time and for one of the audiences. */
  verify(text: string, audiences: readonly string[]): Result<TokenClaims, TokenRefusal> {
    const token = readToken(text);
    if (!token.ok) return fail(`the token cannot be read: ${token.error.reason}`);
    const { header, claims, signedPart, signature } = token.value;
    if (header.alg !== 'RS256') return fail('the token is not signed with RS256');
    if (header.kid !== this.keyId) return fail('the token is signed with an unknown key');
    if (!verify('sha256', signedPart, this.#key.publicKey, signature))
      return fail('the signature of the token is wrong');
    if (claims['iss'] !== this.issuer) return fail('the token is of another issuer');
    if (claims['tid'] !== this.#tenantId) return fail('the token is of another tenant');
    if (!audiences.some((audience) => audience === claims['aud'])) return fail('the token is for another audience');
    const nowSeconds = this.#clock.wallMs() / SECOND_MS;
    const { nbf, exp } = claims;
    if (typeof exp !== 'number' || exp <= nowSeconds) return fail('the token has expired');
    if (typeof nbf === 'number' && nbf > nowSeconds) return fail('the token is not valid yet');
    return ok(claims);
  }
}

/** A claim that is a string. */
export function claimText(claims: TokenClaims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
}
