// The tenant's certificate authorities: a root made at start, under it one for joined devices and one for MDM clients (two, so
// that management takes only what MDM enrollment issued), and the TLS server's certificate. All ECDSA P-256: an RSA-2048
// signature costs ten times as much (0.7 against 0.06 ms, twice a device), and no client minds.
import { DAY_MS } from '../kernel/units.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  buildCertificate,
  extendedKeyUsage,
  keyUsage,
  subjectAltNames,
  subjectKeyIdentifier,
} from '../protocol/pki/certificate.ts';
import type { AlternativeName, Extension, Name } from '../protocol/pki/certificate.ts';
import { OID } from '../protocol/encoding/object-identifiers.ts';
import { toPem } from '../protocol/encoding/pem.ts';
import type { Signer } from '../protocol/pki/signer.ts';
import type { Identifiers } from './identifiers.ts';

const ROOT_DAYS = 3650;
const SERVER_DAYS = 365;
/** Clients' clocks may be behind ours. */
const BACKDATE_MS = 1 * DAY_MS;

/** What is certified, beyond what the authority itself decides. */
export interface Subject {
  readonly name: Name;
  readonly publicKeyInfo: Uint8Array;
  readonly days: number;
  /** Names the certificate for its serial number. */
  readonly serialOf: string;
  readonly extensions: readonly Extension[];
}

export class CertificateAuthority {
  readonly name: Name;
  readonly certificate: Uint8Array;
  readonly #signer: Signer;
  readonly #identifiers: Identifiers;
  readonly #keyIdentifier: Extension;
  readonly #startMs: number;

  /** Without `parent` it signs itself: the root. Dates count from `startMs`, backdated by a day. */
  constructor(
    name: Name,
    signer: Signer,
    options: { identifiers: Identifiers; startMs: number; parent?: CertificateAuthority },
  ) {
    this.name = name;
    this.#signer = signer;
    this.#identifiers = options.identifiers;
    this.#startMs = options.startMs - (options.startMs % 1000) - BACKDATE_MS;
    this.#keyIdentifier = authorityKeyIdentifier(signer.publicKeyInfo);
    this.certificate = (options.parent ?? this).issue({
      name,
      publicKeyInfo: signer.publicKeyInfo,
      days: ROOT_DAYS,
      serialOf: name.map(({ value }) => value).join(),
      extensions: [
        options.parent === undefined ? basicConstraints(true) : basicConstraints(true, 0),
        keyUsage('keyCertSign', 'cRLSign'),
        subjectKeyIdentifier(signer.publicKeyInfo),
      ],
    });
  }

  get certificatePem(): string {
    return toPem('CERTIFICATE', this.certificate);
  }

  /** DER of a new certificate. */
  issue(subject: Subject): Uint8Array {
    return buildCertificate(
      {
        serial: this.#identifiers.serialNumber(subject.serialOf),
        subject: subject.name,
        issuer: this.name,
        notBeforeMs: this.#startMs,
        notAfterMs: this.#startMs + BACKDATE_MS + subject.days * DAY_MS,
        publicKeyInfo: subject.publicKeyInfo,
        extensions: [...subject.extensions, this.#keyIdentifier],
      },
      this.#signer,
    );
  }
}

/** One signer for each authority. */
export interface AuthoritySigners {
  readonly root: Signer;
  readonly devices: Signer;
  readonly mdm: Signer;
}

export interface Authorities {
  readonly root: CertificateAuthority;
  /** Issues the certificates of joined devices (entra-join, 5). */
  readonly devices: CertificateAuthority;
  /** Issues the client certificates of MDM enrollment: the only ones that management takes. */
  readonly mdm: CertificateAuthority;
}

export function makeAuthorities(signers: AuthoritySigners, identifiers: Identifiers, startMs: number): Authorities {
  const options = { identifiers, startMs };
  const organization = { type: 'O', value: 'Flotilla (SIMULATED)' };
  const root = new CertificateAuthority(
    [organization, { type: 'CN', value: 'Flotilla Root CA (SIMULATED)' }],
    signers.root,
    options,
  );
  const devices = new CertificateAuthority(
    [
      { type: 'DC', value: 'net' },
      { type: 'DC', value: 'windows' },
      { type: 'CN', value: 'MS-Organization-Access' },
      { type: 'OU', value: identifiers.guid('device-authority', '') },
    ],
    signers.devices,
    { ...options, parent: root },
  );
  const mdm = new CertificateAuthority(
    [organization, { type: 'CN', value: 'Flotilla MDM Device CA (SIMULATED)' }],
    signers.mdm,
    { ...options, parent: root },
  );
  return { root, devices, mdm };
}

/** DER of the certificate that every origin presents: one for all names, since one process plays all services. */
export function issueServerCertificate(
  root: CertificateAuthority,
  publicKeyInfo: Uint8Array,
  alternativeNames: readonly AlternativeName[],
): Uint8Array {
  return root.issue({
    name: [{ type: 'CN', value: 'Flotilla embedded backend (SIMULATED)' }],
    publicKeyInfo,
    days: SERVER_DAYS,
    serialOf: 'server',
    extensions: [
      basicConstraints(false),
      keyUsage('digitalSignature'),
      extendedKeyUsage(OID.serverAuth),
      subjectAltNames(alternativeNames),
      subjectKeyIdentifier(publicKeyInfo),
    ],
  });
}
