// Why an attempt got no reply: the catalogue's code, the label it is counted under, and what Node said. Values, never thrown.
import type { FailureCode } from '../../catalog/failures.ts';
import type { ExchangeStatus, RetryCause } from '../../catalog/services.ts';

export type TransportCode = Extract<
  FailureCode,
  | 'name-not-resolved'
  | 'connect-refused'
  | 'connect-timeout'
  | 'connection-reset'
  | 'tls-untrusted'
  | 'tls-failed'
  | 'reply-timeout'
  | 'reply-truncated'
  | 'reply-too-large'
  | 'reply-malformed'
  | 'target-refused'
  | 'agent-error'
  | 'abandoned'
>;

interface Handling {
  readonly status: ExchangeStatus;
  /** What a retry is counted under; null where another attempt cannot help. */
  readonly retry: RetryCause | null;
}

export const TRANSPORT_FAILURES: Readonly<Record<TransportCode, Handling>> = {
  'name-not-resolved': { status: 'refused', retry: 'transport' },
  'connect-refused': { status: 'refused', retry: 'transport' },
  'connect-timeout': { status: 'timeout', retry: 'timeout' },
  'connection-reset': { status: 'reset', retry: 'transport' },
  'tls-untrusted': { status: 'tls', retry: null },
  'tls-failed': { status: 'tls', retry: null },
  'reply-timeout': { status: 'timeout', retry: 'timeout' },
  'reply-truncated': { status: 'reset', retry: 'transport' },
  'reply-too-large': { status: 'too-large', retry: null },
  'reply-malformed': { status: 'malformed', retry: null },
  'target-refused': { status: 'refused', retry: null },
  'agent-error': { status: 'other', retry: null },
  abandoned: { status: 'aborted', retry: null },
};

export interface TransportFailure {
  readonly kind: 'transport';
  readonly code: TransportCode;
  readonly detail: string;
}

export function transportFailure(code: TransportCode, detail: string): TransportFailure {
  return { kind: 'transport', code, detail };
}

const BY_ERROR_CODE: Readonly<Record<string, TransportCode>> = {
  ENOTFOUND: 'name-not-resolved',
  EAI_AGAIN: 'name-not-resolved',
  ECONNREFUSED: 'connect-refused',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'connect-timeout',
  ENETUNREACH: 'connect-timeout',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  EPROTO: 'tls-failed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-untrusted',
  // The generator ran out of something: never the target's fault.
  EMFILE: 'agent-error',
  ENFILE: 'agent-error',
  EADDRNOTAVAIL: 'agent-error',
  ENOBUFS: 'agent-error',
  ENOMEM: 'agent-error',
};

/** OpenSSL's names of chains that do not verify (X509_V_ERR_*, as Node spells them). */
const UNTRUSTED = /CERT|UNABLE_TO|CRL|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE|HOSTNAME_MISMATCH/;

/** The failure behind an error event of a socket. */
export function socketFailure(error: Error): TransportFailure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const known = BY_ERROR_CODE[code];
  if (known !== undefined) return transportFailure(known, error.message);
  // An alert of the peer or bytes that are not TLS; must be asked first, since alerts speak of certificates too.
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return transportFailure('tls-failed', error.message);
  if (UNTRUSTED.test(code)) return transportFailure('tls-untrusted', error.message);
  return transportFailure('connection-reset', error.message);
}
