// The private keys of a device: its own, the transport key, the MDM client's, Hello's, those of SCEP certificates. A pooled key is
// found again from (seed, index, purpose) at any time, so a waiting device keeps none; a real one is generated and kept by its pool.
import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, privateDecrypt, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assert, never } from '../../kernel/result.ts';
import type { KeyDecrypter } from '../../protocol/pki/key-decrypter.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import { decodeRsaPublicKeyInfo, encodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { pairModulus, pairPrivateKeyDer } from './pooled-rsa.ts';
import { primePairs } from './prime-pairs.ts';
import type { PairPurpose, PrimePair } from './prime-pairs.ts';

/** What an agent has private keys for: the endorsement key's private half is never needed. */
export type KeyPurpose = Exclude<PairPurpose, 'ek'>;

export interface DeviceKey extends Signer, KeyDecrypter {
  readonly algorithm: 'RS256';
  /** 256 bytes, big-endian. */
  modulus(): Uint8Array;
  /** PKCS#1 PEM, for TLS, which takes no KeyObject. */
  pkcs1Pem(): string;
}

export interface KeyPool {
  /** The same key each time it is asked for, until `forget`. Nothing is computed before the key is used. */
  deviceKey(seed: string, index: number, purpose: KeyPurpose): DeviceKey;
  /** Drops what is kept for a device that has finished. */
  forget(index: number): void;
}

/** `pool`: composed from public primes, 0.1 ms a key. `real`: generated, 40-160 ms a key. */
export function keyPool(kind: 'pool' | 'real'): KeyPool {
  switch (kind) {
    case 'pool':
      return new SimulatedKeyPool();
    case 'real':
      return new RealKeyPool();
    default:
      return never(kind);
  }
}

class SimulatedKeyPool implements KeyPool {
  deviceKey(seed: string, index: number, purpose: KeyPurpose): DeviceKey {
    return new PooledKey(primePairs(seed).pair(index, purpose));
  }

  forget(): void {}
}

/** The key of two simulated primes. */
export class PooledKey implements DeviceKey {
  readonly algorithm = 'RS256';
  readonly #pair: PrimePair;
  #key: KeyObject | undefined;

  constructor(pair: PrimePair) {
    this.#pair = pair;
  }

  get publicKeyInfo(): Uint8Array {
    return encodeRsaPublicKeyInfo(this.modulus());
  }

  modulus(): Uint8Array {
    return pairModulus(this.#pair);
  }

  pkcs1Pem(): string {
    return toPem('RSA PRIVATE KEY', pairPrivateKeyDer(this.#pair));
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign('sha256', bytes, this.#imported());
  }

  decrypt(bytes: Uint8Array): Uint8Array | undefined {
    return decryptWith(this.#imported(), bytes);
  }

  #imported(): KeyObject {
    // From PEM: the same key as PKCS#1 DER takes OpenSSL four times as long to import, since it guesses the structure.
    return (this.#key ??= createPrivateKey(this.pkcs1Pem()));
  }
}

class RealKeyPool implements KeyPool {
  readonly #keys = new Map<number, Map<KeyPurpose, DeviceKey>>();

  deviceKey(_seed: string, index: number, purpose: KeyPurpose): DeviceKey {
    let keys = this.#keys.get(index);
    if (keys === undefined) this.#keys.set(index, (keys = new Map()));
    let key = keys.get(purpose);
    if (key === undefined) keys.set(purpose, (key = new GeneratedKey()));
    return key;
  }

  forget(index: number): void {
    this.#keys.delete(index);
  }
}

class GeneratedKey implements DeviceKey {
  readonly algorithm = 'RS256';
  #generated: KeyObject | undefined;

  get publicKeyInfo(): Uint8Array {
    return createPublicKey(this.#key()).export({ format: 'der', type: 'spki' });
  }

  modulus(): Uint8Array {
    const key = decodeRsaPublicKeyInfo(this.publicKeyInfo);
    assert(key.ok, 'a generated RSA key');
    return key.value.modulus;
  }

  pkcs1Pem(): string {
    return this.#key().export({ format: 'pem', type: 'pkcs1' }).toString();
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign('sha256', bytes, this.#key());
  }

  decrypt(bytes: Uint8Array): Uint8Array | undefined {
    return decryptWith(this.#key(), bytes);
  }

  #key(): KeyObject {
    return (this.#generated ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  }
}

function decryptWith(key: KeyObject, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes);
  } catch {
    // Longer than the modulus; what merely does not fit comes out as bytes of chance.
    return undefined;
  }
}
