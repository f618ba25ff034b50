// The flow token: what the sign-in service knows of a person between two forms of one sign-in (who gave a right password, how far
// the second factor is), sealed, so that nothing is kept for people who never come back.
import { MINUTE_MS } from '../../kernel/units.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { isObject } from '../../protocol/encoding/json.ts';
import type { Tenant } from '../tenant.ts';
import type { Proof } from './authorization.ts';

const LIFETIME_MS = 15 * MINUTE_MS;

/** `expired`: a new password is asked for; `asked` to `approved`: the second factor. */
const STAGES = ['expired', 'asked', 'begun', 'pending', 'approved'] as const;
export type FlowStage = (typeof STAGES)[number];

export interface Flow {
  readonly proof: Proof;
  readonly stage: FlowStage;
}

/** `context` is the authorization request that the proof is good for. */
export function closeFlow(tenant: Tenant, proof: Proof, stage: FlowStage, context: string): string {
  const { user, federated, deviceId } = proof;
  const expiresMs = tenant.clock.nowMs() + LIFETIME_MS;
  return tenant.seal.close(
    'sign-in-flow',
    JSON.stringify({ user: user.index, federated, deviceId, stage, expiresMs, context: sha256Hex(context) }),
  );
}

/** The flow of a token that was made here for this request and is still good. */
export function openFlow(tenant: Tenant, token: string, context: string): Flow | undefined {
  const text = tenant.seal.open('sign-in-flow', token);
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isObject(value)) return undefined;
  const stage = STAGES.find((each) => each === value['stage']);
  if (stage === undefined || value['context'] !== sha256Hex(context)) return undefined;
  if (Number(value['expiresMs']) <= tenant.clock.nowMs()) return undefined;
  const { deviceId } = value;
  return {
    stage,
    proof: {
      user: tenant.directory.user(Number(value['user'])),
      federated: value['federated'] === true,
      deviceId: typeof deviceId === 'string' ? deviceId : undefined,
    },
  };
}
