// The people of a tenant: how their accounts sign in, and what may be wrong with some of them. A user's trait is computed
// from the seed, so agents, backend and tests know the same people without a list.
import { randomStream } from '../kernel/random.ts';

/**
 * What can be wrong with an account, or what its tenant does not let it do. At most one for a user.
 * `locked`, `disabled`, `password-expired`: of the account; `blocked`: conditional access refuses it; `multifactor-denied`: the second
 * factor is never approved; `unlicensed`: no MDM licence, so the status page identifies for ever; `not-in-join-scope`,
 * `quota-reached`: may not join a device; `not-in-mdm-scope`: the tenant's MDM is not for this user.
 */
export const USER_TRAITS = [
  'locked',
  'disabled',
  'password-expired',
  'blocked',
  'multifactor-denied',
  'unlicensed',
  'not-in-join-scope',
  'quota-reached',
  'not-in-mdm-scope',
] as const;
export type UserTrait = (typeof USER_TRAITS)[number];

export interface AccountsConfig {
  /** How many users are of this group; who they are is dealt by the seed, as devices are to cohorts. */
  readonly count: number;
  /** `managed`: the password is the tenant's; `ws-trust`, `passive`: AD FS has it, reached from the client or by redirect. */
  readonly kind: 'managed' | 'ws-trust' | 'passive';
  /** A second factor is asked for at sign-in. */
  readonly multifactor: boolean;
  /** Share of the users that has a trait; together at most 1. */
  readonly traits: Readonly<Partial<Record<UserTrait, number>>>;
}

/** The trait of a user of these accounts, the same for everyone who asks. */
export function userTrait(seed: string, accounts: AccountsConfig, index: number): UserTrait | undefined {
  const drawn = randomStream(seed, index, 'user-trait').unit();
  let upTo = 0;
  for (const trait of USER_TRAITS) {
    upTo += accounts.traits[trait] ?? 0;
    if (drawn < upTo) return trait;
  }
  return undefined;
}
