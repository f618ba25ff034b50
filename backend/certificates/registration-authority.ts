// The registration authority of the SCEP service: the certificate that requests are encrypted to and that signs replies, RSA,
// since SCEP clients can use nothing else. NDES has two, one for each use; clients that know only one find this one either way.
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { basicConstraints, extendedKeyUsage, keyUsage, subjectKeyIdentifier } from '../../protocol/pki/certificate.ts';
import type { KeyDecrypter } from '../../protocol/pki/key-decrypter.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { makeRsaKey } from '../signing-keys.ts';
import type { Tenant } from '../tenant.ts';

const CERTIFICATE_DAYS = 2 * 365;

export interface RegistrationAuthority {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly signer: Signer;
  readonly decrypter: KeyDecrypter;
}

const AUTHORITIES = new WeakMap<Tenant, RegistrationAuthority>();

/** The tenant's: made when it is first asked for, kept in memory. */
export function registrationAuthorityOf(tenant: Tenant): RegistrationAuthority {
  let authority = AUTHORITIES.get(tenant);
  if (authority === undefined) {
    authority = makeRegistrationAuthority(tenant);
    AUTHORITIES.set(tenant, authority);
  }
  return authority;
}

export function makeRegistrationAuthority(tenant: Tenant): RegistrationAuthority {
  const signer = makeRsaKey();
  const { publicKeyInfo } = signer;
  const certificate = tenant.certificates.authority.issue({
    name: [
      { type: 'O', value: 'Flotilla (SIMULATED)' },
      { type: 'CN', value: 'Flotilla SCEP RA (SIMULATED)' },
    ],
    publicKeyInfo,
    days: CERTIFICATE_DAYS,
    serialOf: 'scep registration authority',
    extensions: [
      basicConstraints(false),
      keyUsage('digitalSignature', 'keyEncipherment'),
      extendedKeyUsage(OID.certificateRequestAgent),
      subjectKeyIdentifier(publicKeyInfo),
    ],
  });
  const key = createPrivateKey(signer.privateKeyPem());
  const decrypt = (bytes: Uint8Array): Uint8Array | undefined => {
    try {
      return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes);
    } catch {
      // Longer than the modulus.
      return undefined;
    }
  };
  return { certificate, signer, decrypter: { decrypt } };
}
