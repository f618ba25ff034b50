// A JSON Web Token: header and claims, times also as dates. The signature is never shown: without it the text is no token.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { readToken } from '../sign-in/token.ts';
import type { TokenClaims } from '../sign-in/token.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';
import { isoTime } from './values.ts';

export function explainToken(bytes: Uint8Array): Result<Explanation> {
  return explainTokenText(inputText(bytes).trim());
}

export function explainTokenText(text: string): Result<Explanation> {
  const token = readToken(text);
  if (!token.ok) return token;
  const { header, claims, signature } = token.value;
  return ok({ kind: 'token', header, claims, times: times(claims), signatureBytes: signature.length });
}

/** Claims that are NumericDates (RFC 7519, 2) as ISO 8601. */
function times(claims: TokenClaims): Record<string, string> {
  const found: [string, string][] = [];
  for (const name of ['iat', 'nbf', 'exp', 'auth_time']) {
    const seconds = claims[name];
    const text = typeof seconds === 'number' ? isoTime(seconds * 1000) : undefined;
    if (text !== undefined) found.push([name, text]);
  }
  return Object.fromEntries(found);
}
