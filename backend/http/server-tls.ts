// The TLS material of the backend's origins: one certificate for all their names, since one process plays all services.
import { isIP } from 'node:net';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import { issueServerCertificate } from '../authority.ts';
import type { Authorities } from '../authority.ts';
import { makeEcKey } from '../signing-keys.ts';
import type { TlsMaterial } from './tls-options.ts';

/** The DNS name of a service. */
export function serviceName(service: ServiceName): string {
  return `${service}.flotilla.localhost`;
}

export interface ServerTls {
  /** For origins that ask nobody for a certificate. */
  readonly plain: TlsMaterial;
  /** For origins that ask for one, and for the one port that all share. */
  readonly mutual: TlsMaterial;
}

export function serverTls(authorities: Authorities, host: string): ServerTls {
  const key = makeEcKey();
  const dnsNames = new Set([...SERVICE_NAMES.map(serviceName), 'localhost']);
  const addresses = new Set(['127.0.0.1', '::1']);
  if (isIP(host) === 0) dnsNames.add(host);
  else if (!isWildcard(host)) addresses.add(host);
  const certificate = issueServerCertificate(authorities.root, key.publicKeyInfo, [
    ...[...dnsNames].map((value) => ({ type: 'dns' as const, value })),
    ...[...addresses].map((value) => ({ type: 'ip' as const, value })),
  ]);
  const plain = { keyPem: key.privateKeyPem(), certificatePem: toPem('CERTIFICATE', certificate) };
  // Node's server wants chains up to a root. That lets in whatever the root stands over; the handler then takes only what it
  // finds among the enrollments or the joined devices.
  const { root, devices, mdm } = authorities;
  const clientCaPem = [mdm, devices, root].map((authority) => authority.certificatePem).join('');
  return { plain, mutual: { ...plain, clientCaPem } };
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
