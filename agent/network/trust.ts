// Whom devices trust. The roots are parsed once per shard into one TLS configuration; it holds no session, ticket or connection,
// so devices share it as they share an operating system's root list and nothing that could make one resume another's session.
// A device with a client certificate or roots of its own has a configuration of its own.
import tls from 'node:tls';
import { fail, messageOf, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import { transportFailure } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';

/** What every handshake offers: a classic group costs a fifth less CPU than the post-quantum default of Node 24. */
const GROUPS = 'X25519:P-256';
/** What Windows 11 offers first, in its order; reading OpenSSL's default list would be a quarter of what a context costs. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

export interface ClientCertificate {
  readonly certificateDer: Uint8Array;
  /** Private key, PKCS #1 PEM. */
  readonly keyPem: string;
}

export interface TrustStore {
  /** PEM texts of the roots; none means the system's roots. */
  readonly pems: readonly string[];
  /** The shared configuration without a client certificate. */
  readonly context: tls.SecureContext;
}

/** Parses the roots of a shard. Throws where a PEM cannot be read: they were checked when the run was set up. */
export function trustStore(pems: readonly string[]): TrustStore {
  return Object.freeze({ pems: Object.freeze([...pems]), context: secureContext(pems) });
}

/** Those of the roots that the shard does not trust already, as copies: what a device keeps must not hold on to a whole reply. */
export function rootsBeyond(trust: TrustStore, rootsDer: readonly Uint8Array[]): Uint8Array[] {
  const known = trust.pems.map((pem) => pem.replaceAll('\r', ''));
  const isKnown = (der: Uint8Array): boolean =>
    known.some((bundle) => bundle.includes(toPem('CERTIFICATE', der).trim()));
  return rootsDer.filter((der) => !isKnown(der)).map((der) => new Uint8Array(der));
}

/**
 * The configuration of one device for one service: its own roots beside the shard's, and its certificate. Both came from a
 * service, so what TLS cannot use is a failure of the exchange.
 */
export function deviceContext(
  trust: TrustStore,
  ownRoots: readonly Uint8Array[],
  certificate: ClientCertificate | undefined,
): Result<tls.SecureContext, TransportFailure> {
  const pems = [...trust.pems, ...ownRoots.map((der) => toPem('CERTIFICATE', der))];
  // Naming roots replaces the system's.
  const roots = trust.pems.length === 0 && pems.length > 0 ? [...tls.rootCertificates, ...pems] : pems;
  try {
    return ok(secureContext(roots, certificate));
  } catch (error) {
    return fail(transportFailure('tls-failed', messageOf(error)));
  }
}

function secureContext(pems: readonly string[], certificate?: ClientCertificate): tls.SecureContext {
  return tls.createSecureContext({
    ecdhCurve: GROUPS,
    ciphers: CIPHERS,
    minVersion: 'TLSv1.2',
    ...(pems.length > 0 && { ca: [...pems] }),
    ...(certificate !== undefined && {
      cert: toPem('CERTIFICATE', certificate.certificateDer),
      key: certificate.keyPem,
    }),
  });
}
