// Whether what a person typed is right: the tenant's password or the one that the user has chosen since, and what the account
// itself has against it. Counts wrong tries: after ten of them the account is locked for a minute (smart lockout).
import type { TenantConfig } from '../../catalog/tenant.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { Directory, User } from '../directory.ts';
import { BoundedMap } from '../stores/bounded-map.ts';
import type { SignInErrorCode } from './errors.ts';

/** Entra ID's defaults (Microsoft Learn, "Protect user accounts from attacks with smart lockout"). */
const WRONG_TRIES_MAX = 10;
const LOCKOUT_MS = 1 * MINUTE_MS;
/** Real time: however fast people are, the next try takes an exchange to arrive. */
const LOCKOUT_MIN_MS = 2 * SECOND_MS;

/** A verdict as the number that the person sees. */
export const REFUSALS = { right: undefined, wrong: 50126, locked: 50053, disabled: 50057, expired: 50055 } as const;

export type CredentialVerdict = keyof typeof REFUSALS;

interface Tries {
  wrong: number;
  lockedUntilMs: number;
}

export class Credentials {
  readonly #config: TenantConfig;
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #chosen = new BoundedMap<number, string>(LIMITS.backendEntitiesMax);
  readonly #tries = new BoundedMap<number, Tries>(LIMITS.backendEntitiesMax);

  constructor(config: TenantConfig, clock: Clock, directory: Directory) {
    this.#config = config;
    this.#clock = clock;
    this.#directory = directory;
  }

  verify(user: User, password: string): CredentialVerdict {
    const trait = this.#directory.trait(user);
    const tries = this.#tries.get(user.index);
    if (trait === 'locked' || (tries !== undefined && tries.lockedUntilMs > this.#clock.nowMs())) return 'locked';
    const chosen = this.#chosen.get(user.index);
    if (password !== (chosen ?? this.#config.password)) {
      this.#countWrong(user, tries);
      return 'wrong';
    }
    this.#tries.delete(user.index);
    if (trait === 'disabled') return 'disabled';
    return trait === 'password-expired' && chosen === undefined ? 'expired' : 'right';
  }

  /** Why a password alone gives no token; a federated user's is not the tenant's business. */
  refusal(user: User, password: string): SignInErrorCode | undefined {
    return this.#directory.realm(user.upn) === 'federated' ? 50126 : REFUSALS[this.verify(user, password)];
  }

  /** Gives the user a new password, which must be another one; false where it is not, or there is no room. */
  renew(user: User, password: string): boolean {
    const old = this.#chosen.get(user.index) ?? this.#config.password;
    return password !== '' && password !== old && this.#chosen.set(user.index, password);
  }

  #countWrong(user: User, before: Tries | undefined): void {
    const tries = before ?? { wrong: 0, lockedUntilMs: 0 };
    tries.wrong += 1;
    if (tries.wrong >= WRONG_TRIES_MAX) {
      tries.wrong = 0;
      tries.lockedUntilMs = this.#clock.nowMs() + Math.max(LOCKOUT_MIN_MS, LOCKOUT_MS / this.#config.speed);
    }
    this.#tries.set(user.index, tries);
  }
}
