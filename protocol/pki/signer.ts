// What builds certificates, requests and tokens signs through this port, so that the wire formats hold no keys: the device
// side and the backend bring their own signers, and `simulate` brings a deterministic one.

/** A private key as its public side and one operation. Synchronous, so that virtual time never waits for a thread. */
export interface Signer {
  /** JOSE names (RFC 7518, 3.1): RSASSA-PKCS1-v1_5 or ECDSA P-256, both with SHA-256. */
  readonly algorithm: 'RS256' | 'ES256';
  /** DER of the SubjectPublicKeyInfo (RFC 5280, 4.1). */
  readonly publicKeyInfo: Uint8Array;
  /**
   * Signs the bytes (hashing included). An ES256 signature is in JOSE form, r and s of 32 bytes each; what writes X.509
   * turns it into DER.
   */
  sign(bytes: Uint8Array): Uint8Array;
}
