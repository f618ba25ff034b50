// A token reply with another id_token: its text, or its claims, which are then signed again.
import { readToken } from '../../protocol/sign-in/token.ts';
import type { TokenClaims } from '../../protocol/sign-in/token.ts';
import type { Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { claimText } from '../tokens.ts';
import { changedJson } from './changed-json.ts';

export function changedIdToken(reply: Reply, change: (idToken: string) => string): Reply | undefined {
  return changedJson(reply, (json) => {
    const idToken = json['id_token'];
    return typeof idToken === 'string' ? { ...json, id_token: change(idToken) } : undefined;
  });
}

export function changedClaims(
  tenant: Tenant,
  reply: Reply,
  change: (claims: TokenClaims) => TokenClaims,
): Reply | undefined {
  return changedIdToken(reply, (idToken) => {
    const token = readToken(idToken);
    if (!token.ok) return idToken;
    const { claims } = token.value;
    return tenant.tokens.issue(claimText(claims, 'aud') ?? '', change(claims));
  });
}
