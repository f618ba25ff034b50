// The embedded tenant's private keys as Signers, over node:crypto. Made at start, kept in memory, never written: whoever
// trusts a tenant's CA trusts nothing that outlives its process.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signer } from '../protocol/pki/signer.ts';

export interface SigningKey extends Signer {
  readonly publicKey: KeyObject;
  /** PKCS#8 PEM: for TLS only. */
  privateKeyPem(): string;
}

/** ECDSA P-256: 0.06 ms a signature. */
export function makeEcKey(): SigningKey {
  return signingKey('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
}

/** RSA-2048: 0.4-0.7 ms a signature, and about 0.1 s to make; only for tokens, which OpenID Connect wants in RS256. */
export function makeRsaKey(): SigningKey {
  return signingKey('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

function signingKey(algorithm: Signer['algorithm'], pair: { publicKey: KeyObject; privateKey: KeyObject }): SigningKey {
  const { publicKey, privateKey } = pair;
  const options = algorithm === 'RS256' ? privateKey : { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
  return {
    algorithm,
    publicKey,
    publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes) => sign('sha256', bytes, options),
    privateKeyPem: () => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
