// The trust between the tenant and its AD FS: the key with which AD FS signs, the certificate of it that the tenant knows, and what
// an assertion must be to be believed. The key is made only where it is needed: most tenants have no federated users.
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isoEpochMs, isoTime } from '../../kernel/calendar.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/units.ts';
import { buildCertificate } from '../../protocol/pki/certificate.ts';
import { ENTRA_REALM, readSignedAssertion, writeSignedAssertion } from '../../protocol/sign-in/saml.ts';
import type { SamlAssertion } from '../../protocol/sign-in/saml.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import type { User } from '../directory.ts';
import { guidBytes } from '../identifiers.ts';
import type { Identifiers } from '../identifiers.ts';
import { makeRsaKey } from '../signing-keys.ts';

const CERTIFICATE_DAYS = 365;
const ASSERTION_LIFETIME_MS = 1 * HOUR_MS;
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

export interface SigningIdentity {
  readonly signer: Signer & { readonly publicKey: KeyObject };
  /** DER, self-signed: a trust of AD FS knows the certificate itself. */
  readonly certificate: Uint8Array;
}

/** Why an assertion is not believed: its form or signature, or what it says. */
export type AssertionRefusal = 'invalid' | 'not-good';

export class FederationTrust {
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #identifiers: Identifiers;
  #identity: SigningIdentity | undefined;
  #next = 0;

  constructor(endpoint: string, clock: Clock, identifiers: Identifiers) {
    this.issuer = `${endpoint}/adfs/services/trust`;
    this.#clock = clock;
    this.#identifiers = identifiers;
  }

  get identity(): SigningIdentity {
    return (this.#identity ??= this.#makeIdentity());
  }

  /** Makes the key before anybody waits for it: it takes a tenth of a second. */
  prepare(): void {
    this.#identity ??= this.#makeIdentity();
  }

  /** What AD FS hands out for a user who gave the right password. */
  issueAssertion(user: User): string {
    const nowMs = this.#clock.wallMs();
    const { signer, certificate } = this.identity;
    const assertion: SamlAssertion = {
      id: `_${this.#identifiers.guid('assertion', String(this.#next++))}`,
      issuer: this.issuer,
      issued: isoTime(nowMs),
      notBefore: isoTime(nowMs),
      notOnOrAfter: isoTime(nowMs + ASSERTION_LIFETIME_MS),
      audience: ENTRA_REALM,
      authenticated: isoTime(nowMs),
      upn: user.upn,
      immutableId: immutableId(user),
    };
    return writeSignedAssertion(assertion, signer, certificate);
  }

  /** The name of the user in an assertion that AD FS signed and that is good now, or why it is not. */
  verify(text: string, find: (upn: string) => User | undefined): User | AssertionRefusal {
    const document = readXml(text);
    const read = document.ok ? readSignedAssertion(text, document.value) : document;
    if (!read.ok) return 'invalid';
    const { assertion, digestHolds, signedPart, signature, certificate } = read.value;
    const identity = this.identity;
    if (!digestHolds || Buffer.compare(certificate, identity.certificate) !== 0) return 'invalid';
    if (!verify('sha256', signedPart, identity.signer.publicKey, signature)) return 'invalid';
    const nowMs = this.#clock.wallMs();
    const fromMs = isoEpochMs(assertion.notBefore);
    const untilMs = isoEpochMs(assertion.notOnOrAfter);
    if (assertion.issuer !== this.issuer || assertion.audience !== ENTRA_REALM) return 'not-good';
    if (fromMs === undefined || fromMs - CLOCK_SKEW_MS > nowMs) return 'not-good';
    if (untilMs === undefined || untilMs + CLOCK_SKEW_MS <= nowMs) return 'not-good';
    const user = find(assertion.upn);
    return user !== undefined && immutableId(user) === assertion.immutableId ? user : 'not-good';
  }

  #makeIdentity(): SigningIdentity {
    const signer = makeRsaKey();
    const name = [{ type: 'CN', value: 'ADFS Signing - federation.flotilla.localhost (SIMULATED)' }];
    const notBeforeMs = Math.floor(this.#clock.wallMs() / DAY_MS - 1) * DAY_MS;
    const certificate = buildCertificate(
      {
        serial: this.#identifiers.serialNumber('federation signing'),
        subject: name,
        issuer: name,
        notBeforeMs,
        notAfterMs: notBeforeMs + CERTIFICATE_DAYS * DAY_MS,
        publicKeyInfo: signer.publicKeyInfo,
        extensions: [],
      },
      signer,
    );
    return { signer, certificate };
  }
}

function immutableId(user: User): string {
  return Buffer.from(guidBytes(user.objectId)).toString('base64');
}
