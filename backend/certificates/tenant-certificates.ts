// The tenant's certification of what MDM delivers: the authority under its root that issues certificates by SCEP and PKCS, which
// challenges were used, and which key is whose.
import { LIMITS } from '../../kernel/limits.ts';
import { CertificateAuthority } from '../authority.ts';
import type { Identifiers } from '../identifiers.ts';
import { makeEcKey } from '../signing-keys.ts';
import { BoundedMap } from '../stores/bounded-map.ts';

export interface Redemption {
  readonly challenge: string;
  readonly owner: string;
  /** Digest of the public key. */
  readonly key: string;
  readonly transactionId: string;
}

export class TenantCertificates {
  readonly authority: CertificateAuthority;
  /** Challenge to the transaction and key that used it. */
  readonly #used = new BoundedMap<string, string>(LIMITS.backendEntitiesMax);
  /** Key to its owner. */
  readonly #owners = new BoundedMap<string, string>(LIMITS.backendEntitiesMax);
  #challenges = 0;

  constructor(root: CertificateAuthority, identifiers: Identifiers, startMs: number) {
    const name = [
      { type: 'O', value: 'Flotilla (SIMULATED)' },
      { type: 'CN', value: 'Flotilla Issuing CA (SIMULATED)' },
    ];
    this.authority = new CertificateAuthority(name, makeEcKey(), { identifiers, startMs, parent: root });
  }

  /** Challenges that led to a certificate. */
  get count(): number {
    return this.#used.size;
  }

  get refused(): number {
    return this.#used.refused + this.#owners.refused;
  }

  /** A number that no other challenge has. */
  nextChallenge(): number {
    return ++this.#challenges;
  }

  /** Uses a challenge up. The same transaction may come again with the same key: its reply may have been lost. */
  redeem({ challenge, owner, key, transactionId }: Redemption): 'redeemed' | 'used' | 'key-of-another' | 'full' {
    const use = `${transactionId} ${key}`;
    const before = this.#used.get(challenge);
    if (before !== undefined) return before === use ? 'redeemed' : 'used';
    if ((this.#owners.get(key) ?? owner) !== owner) return 'key-of-another';
    return this.#owners.set(key, owner) && this.#used.set(challenge, use) ? 'redeemed' : 'full';
  }
}
