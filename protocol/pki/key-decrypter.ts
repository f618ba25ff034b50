// What opens encrypted messages does it through this port, as signing goes through a Signer: the wire formats hold no keys.

/** The private half of RSAES-PKCS1-v1_5 key transport (RFC 8017, 7.2). Synchronous. */
export interface KeyDecrypter {
  /** The content key; undefined, or bytes of chance, where it was not encrypted to this key. */
  decrypt(bytes: Uint8Array): Uint8Array | undefined;
}
