// How a listener speaks TLS.

const HANDSHAKE_TIMEOUT_MS = 30_000;

export interface TlsMaterial {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** Asks clients for a certificate of these CAs; one that has none is still let in, and refused by the handler with words. */
  readonly clientCaPem?: string;
}

export function tlsOptions(tls: TlsMaterial): object {
  return {
    key: tls.keyPem,
    cert: tls.certificatePem,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    // The post-quantum group of the default list costs a quarter more CPU a handshake (design.md).
    ecdhCurve: 'X25519:P-256',
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(tls.clientCaPem === undefined ? {} : { ca: tls.clientCaPem, requestCert: true, rejectUnauthorized: false }),
  };
}
