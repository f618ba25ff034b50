// The certificate of a device's endorsement key, from the certificate authority of a TPM manufacturer that does not exist (TCG
// EK Credential Profile; tpm.md, section 3). The authority's key is made of public primes: trusting it trusts anyone.
import { DAY_MS } from '../../kernel/units.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  buildCertificate,
  extendedKeyUsage,
  keyUsage,
  rawExtension,
  subjectAltNames,
  subjectKeyIdentifier,
} from '../../protocol/pki/certificate.ts';
import type { Extension, Name } from '../../protocol/pki/certificate.ts';
import { integer, oid, sequence, setOf, utf8String } from '../../protocol/encoding/der.ts';
import { sha256 } from '../../protocol/encoding/digest.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { encodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import type { DeviceIdentity, TpmIdentity } from './device-identity.ts';
import { firmwareWords, TPM_SPECIFICATION } from './device-hardware.ts';
import { PooledKey } from './keys.ts';
import { AUTHORITY_PRIME } from './prime-pairs.ts';

const AUTHORITY_NAME: Name = [
  { type: 'O', value: 'Flotilla (simulated)' },
  { type: 'CN', value: 'SIMULATED TPM Manufacturer CA - worthless, never trust' },
];

// Well before any epoch that a scenario is likely to have, and long after it: what is minted today verifies today.
const AUTHORITY_BEFORE_MS = 3650 * DAY_MS;
const AUTHORITY_AFTER_MS = 9125 * DAY_MS;
const MANUFACTURED_BEFORE_HASH_MS = 365 * DAY_MS;
const EK_VALID_MS = 7300 * DAY_MS;

export class TpmAuthority {
  /** DER of the self-signed root. */
  readonly certificate: Uint8Array;
  readonly #key = new PooledKey({ first: AUTHORITY_PRIME, second: 0 });
  readonly #keyIdentifier: Extension;

  /** Validity dates derive from the epoch. */
  constructor(epochMs: number) {
    const publicKeyInfo = this.#key.publicKeyInfo;
    this.#keyIdentifier = authorityKeyIdentifier(publicKeyInfo);
    this.certificate = buildCertificate(
      {
        serial: serialOf(publicKeyInfo),
        subject: AUTHORITY_NAME,
        issuer: AUTHORITY_NAME,
        notBeforeMs: epochMs - AUTHORITY_BEFORE_MS,
        notAfterMs: epochMs + AUTHORITY_AFTER_MS,
        publicKeyInfo,
        extensions: [
          basicConstraints(true, 0),
          keyUsage('keyCertSign', 'cRLSign'),
          subjectKeyIdentifier(publicKeyInfo),
        ],
      },
      this.#key,
    );
  }

  /** DER of the certificate of the device's endorsement key. */
  certify(identity: DeviceIdentity): Uint8Array {
    const publicKeyInfo = encodeRsaPublicKeyInfo(identity.tpm.ekModulus());
    const manufacturedMs = identity.hashCollectedMs - MANUFACTURED_BEFORE_HASH_MS;
    return buildCertificate(
      {
        serial: serialOf(publicKeyInfo),
        // An endorsement key has no subject of its own; who made the TPM stands in the alternative name.
        subject: [],
        issuer: AUTHORITY_NAME,
        notBeforeMs: manufacturedMs,
        notAfterMs: manufacturedMs + EK_VALID_MS,
        publicKeyInfo,
        extensions: [
          subjectAltNames([{ type: 'directory', value: tpmAttributes(identity.tpm) }], true),
          basicConstraints(false),
          keyUsage('keyEncipherment'),
          extendedKeyUsage(OID.ekCertificate),
          rawExtension(OID.subjectDirectoryAttributes, tpmSpecification()),
          this.#keyIdentifier,
        ],
      },
      this.#key,
    );
  }
}

/** 16 bytes of the key's digest: as unique as the key, positive, and the same in every run. */
function serialOf(publicKeyInfo: Uint8Array): Uint8Array {
  const serial = sha256(publicKeyInfo).slice(0, 16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

function tpmAttributes({ manufacturerId, model, firmware }: TpmIdentity): Name {
  const [version] = firmwareWords(firmware);
  return [
    { type: OID.tpmManufacturer, value: `id:${Buffer.from(manufacturerId, 'latin1').toString('hex').toUpperCase()}` },
    { type: OID.tpmModel, value: model },
    { type: OID.tpmVersion, value: `id:${version.toString(16).toUpperCase().padStart(8, '0')}` },
  ];
}

function tpmSpecification(): Uint8Array {
  const { family, level, revision } = TPM_SPECIFICATION;
  return sequence(
    sequence(oid(OID.tpmSpecification), setOf(sequence(utf8String(family), integer(level), integer(revision)))),
  );
}
