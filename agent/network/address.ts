// Where an exchange goes, read from a URL without building a `URL` object on the hot path. Only what a device may contact is an
// address: loopback, and the hosts that the scenario names.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

export interface Address {
  readonly secure: boolean;
  /** Lower case; an IPv6 literal without its brackets. */
  readonly host: string;
  readonly port: number;
  /** `scheme://host:port`: what a connection belongs to. */
  readonly origin: string;
  /** The Host header: without the scheme's own port. */
  readonly authority: string;
  /** Path and query, at least `/`. */
  readonly path: string;
}

const URL_FORM = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?([/?][^#]*)?(?:#.*)?$/i;
const NOT_IN_A_TARGET = /[^\x21-\x7e]/;

/** Reads an absolute http or https URL; user names and other schemes are not addresses. */
export function parseAddress(url: string): Result<Address> {
  const parts = URL_FORM.exec(url);
  if (parts === null) return malformed(0, 'it is not an http or https URL');
  const secure = parts[1]!.length === 5;
  const name = parts[2]!.toLowerCase();
  const port = parts[3] === undefined ? (secure ? 443 : 80) : Number(parts[3]);
  if (port === 0 || port > 65_535) return malformed(0, 'the port is out of range');
  const rest = parts[4] ?? '/';
  if (NOT_IN_A_TARGET.test(rest)) return malformed(0, 'the path has characters that must be escaped');
  return ok({
    secure,
    host: name.startsWith('[') ? name.slice(1, -1) : name,
    port,
    origin: `${secure ? 'https' : 'http'}://${name}:${port}`,
    authority: port === (secure ? 443 : 80) ? name : `${name}:${port}`,
    path: rest.startsWith('?') ? `/${rest}` : rest,
  });
}

/** Names that are this machine by definition (RFC 6761, 6.3) and loopback literals. */
export function isLoopback(host: string): boolean {
  return isLocalName(host) || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** `localhost` and the names below it: resolved here, without DNS. */
export function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}
