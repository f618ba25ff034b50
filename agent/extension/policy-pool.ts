// App policies that devices of this thread have been sent, parsed once: all devices of a group get the same text, and none keeps a
// copy of its own. Bounded: beyond that, a device parses and keeps what it was sent.
import { LIMITS } from '../../kernel/limits.ts';
import type { Result } from '../../kernel/result.ts';
import { parseAppPolicies } from '../../protocol/extension/app-policies.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';

const pool = new Map<string, readonly AppPolicy[]>();
let characters = 0;

/** The policies of a payload (protocol/extension/app-policies.ts). */
export function pooledPolicies(payload: string): Result<readonly AppPolicy[]> {
  const known = pool.get(payload);
  if (known !== undefined) return { ok: true, value: known };
  const parsed = parseAppPolicies(payload);
  if (parsed.ok && characters + payload.length <= LIMITS.pooledPolicyCharactersMax) {
    // A copy: the payload may be a slice of the whole reply, and would keep it in memory.
    pool.set(Buffer.from(payload).toString(), parsed.value);
    characters += payload.length;
  }
  return parsed;
}
