// The only place of an agent that opens a socket to a service. Nothing outlives it: no session is offered or kept, no connector is
// shared, so each connection of each device is a full handshake.
import net from 'node:net';
import tls from 'node:tls';
import { isLocalName } from './address.ts';
import type { Address } from './address.ts';

const PROTOCOLS = ['http/1.1'];

/** Starts to connect; `connect` or `secureConnect`, `error` and `close` say how it went. */
export function connectSocket(address: Address, context: tls.SecureContext, onread: net.OnReadOpts): net.Socket {
  const { host, port, secure } = address;
  const target = { host: isLocalName(host) ? '127.0.0.1' : host, port, noDelay: true, onread };
  if (!secure) return net.connect(target);
  const options: tls.ConnectionOptions = {
    ...target,
    // No name is sent for a literal address (RFC 6066, 3); the certificate must be for it all the same.
    ...(net.isIP(host) === 0 && { servername: host }),
    ALPNProtocols: PROTOCOLS,
    secureContext: context,
    checkServerIdentity: () => identityError(host, socket.getPeerX509Certificate()),
  };
  const socket: tls.TLSSocket = tls.connect(options);
  // Node builds the whole chain as objects for the check above, a sixth of what a connection costs; ours asks OpenSSL itself.
  socket.getPeerCertificate = noCertificateObject;
  return socket;
}

/** Whether the certificate is for the host; the chain has been verified before this is asked. */
function identityError(host: string, certificate: X509 | undefined): Error | undefined {
  const matches =
    certificate !== undefined &&
    (net.isIP(host) === 0
      ? certificate.checkHost(host, { subject: 'never' }) !== undefined
      : certificate.checkIP(host) !== undefined);
  if (matches) return undefined;
  const error: NodeJS.ErrnoException = new Error(`the certificate is not for ${host}`);
  error.code = 'ERR_TLS_CERT_ALTNAME_INVALID';
  return error;
}

type X509 = NonNullable<ReturnType<tls.TLSSocket['getPeerX509Certificate']>>;

function noCertificateObject(): tls.DetailedPeerCertificate {
  return {} as tls.DetailedPeerCertificate;
}
