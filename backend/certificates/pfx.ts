// PKCS: a certificate with its private key, made by the server for one device or user and sent as PKCS #12. Generating an RSA
// key costs 40-160 ms, so keys come from a small pool that all devices share; the subject says so. They protect nothing.
import { generateKeyPairSync } from 'node:crypto';
import { RandomStream } from '../../kernel/random.ts';
import {
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  subjectAltNames,
  subjectKeyIdentifier,
} from '../../protocol/pki/certificate.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { writePkcs12 } from '../../protocol/pki/pkcs12.ts';
import type { Tenant } from '../tenant.ts';
import type { CertificateOrder } from './challenge.ts';

export interface PfxOrder extends CertificateOrder {
  readonly upn: string;
}

export interface Pfx {
  /** PKCS #12, DER. */
  readonly blob: Uint8Array;
  readonly password: string;
}

const CERTIFICATE_DAYS = 365;
/** As OpenSSL does it. */
const ITERATIONS = 2048;
/** The MAC's own derivation is computed in JavaScript, 3 ms for 2,048 rounds; a password of 192 bits of chance needs no stretching. */
const MAC_ITERATIONS = 1;
const PASSWORD_BYTES = 24;
const KEYS = 4;

interface PooledKey {
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
}

/** Made one by one, as they are first needed. */
const pool: PooledKey[] = [];

/** The key and certificate that this order is for, under a password of its own: to be sent once. */
export function pfxFor(tenant: Tenant, order: PfxOrder): Pfx {
  const { managedDeviceId, scope, number, upn } = order;
  const purpose = `${managedDeviceId} ${scope} ${number}`;
  const stream = new RandomStream(`${tenant.config.seed}\u0000pfx\u0000${purpose}`);
  const key = pooledKey(stream.below(KEYS));
  const password = tenant.seal.derive('pfx-password', purpose).subarray(0, PASSWORD_BYTES).toString('base64url');
  const { authority } = tenant.certificates;
  const certificate = authority.issue({
    name: [
      { type: 'CN', value: scope === 'user' ? upn : managedDeviceId },
      { type: 'OU', value: 'SIMULATED, key of a shared pool' },
    ],
    publicKeyInfo: key.publicKeyInfo,
    days: CERTIFICATE_DAYS,
    serialOf: `pfx ${purpose}`,
    extensions: [
      basicConstraints(false),
      keyUsage('digitalSignature', 'keyEncipherment'),
      extendedKeyUsage(OID.clientAuth),
      subjectAltNames([{ type: 'email', value: upn }]),
      subjectKeyIdentifier(key.publicKeyInfo),
    ],
  });
  const blob = writePkcs12({
    certificates: [certificate, authority.certificate],
    privateKey: key.privateKey,
    password,
    iterations: ITERATIONS,
    macIterations: MAC_ITERATIONS,
    random: (length) => stream.bytes(length),
  });
  return { blob, password };
}

function pooledKey(index: number): PooledKey {
  let key = pool[index];
  if (key === undefined) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    key = {
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
      publicKeyInfo: pair.publicKey.export({ type: 'spki', format: 'der' }),
    };
    pool[index] = key;
  }
  return key;
}
