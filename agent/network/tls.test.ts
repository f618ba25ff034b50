// What a device's TLS must do: trust only its roots, check names, show its own certificate, and never resume a session, its own or
// another device's. Certificates are made here, by the codecs of protocol/.
import { generateKeyPairSync, sign } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { NETWORK_PROFILES } from '../../catalog/network-profiles.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { RealClock } from '../../kernel/clock.ts';
import { RandomStream } from '../../kernel/random.ts';
import { Stop } from '../../kernel/stop.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { basicConstraints, buildCertificate, subjectAltNames } from '../../protocol/pki/certificate.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { DeviceNetwork } from './device-network.ts';
import { trustStore } from './trust.ts';
import type { TrustStore } from './trust.ts';

interface Key extends Signer {
  readonly pem: string;
}

function ecKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    algorithm: 'ES256',
    publicKeyInfo: publicKey.export({ format: 'der', type: 'spki' }),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    sign: (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

let serial = 1;
function certificate(name: string, key: Key, issuer: { name: string; key: Key }, authority: boolean): Uint8Array {
  const nowMs = new RealClock().wallMs();
  return buildCertificate(
    {
      serial: Uint8Array.of(serial++),
      subject: [{ type: 'CN', value: name }],
      issuer: [{ type: 'CN', value: issuer.name }],
      notBeforeMs: nowMs - DAY_MS,
      notAfterMs: nowMs + DAY_MS,
      publicKeyInfo: key.publicKeyInfo,
      extensions: authority ? [basicConstraints(true)] : [subjectAltNames([{ type: 'dns', value: name }])],
    },
    issuer.key,
  );
}

const ROOT = { name: 'Simulated root', key: ecKey() };
const ROOT_DER = certificate(ROOT.name, ROOT.key, ROOT, true);
const ROOT_PEM = toPem('CERTIFICATE', ROOT_DER);
const OTHER = { name: 'Another root', key: ecKey() };
const OTHER_PEM = toPem('CERTIFICATE', certificate(OTHER.name, OTHER.key, OTHER, true));
const HOST = 'mdm.flotilla.localhost';
const SERVER_KEY = ecKey();
const SERVER_PEM = toPem('CERTIFICATE', certificate(HOST, SERVER_KEY, ROOT, false));

const servers: net.Server[] = [];
const devices: DeviceNetwork[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.close();
  for (const server of servers.splice(0)) server.close();
});

/** An MDM that says who it thinks the device is, and whether the session was resumed. */
async function service(options: tls.TlsOptions = {}): Promise<number> {
  const server = tls.createServer(
    { key: SERVER_KEY.pem, cert: SERVER_PEM, ca: ROOT_PEM, ALPNProtocols: ['http/1.1'], ...options },
    (socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        const body = `${socket.getPeerX509Certificate()?.subject ?? 'nobody'} ${socket.isSessionReused() ? 'resumed' : 'full'} ${String(socket.alpnProtocol)}`;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
    },
  );
  server.on('tlsClientError', () => {});
  return listen(server);
}

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

function network(port: number, trust: TrustStore, host = HOST): { device: DeviceNetwork; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  const recorder = {
    count: (metric: string, labels: readonly string[], by = 1) => {
      const key = [metric, ...labels].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    gauge: () => {},
    observe: () => {},
  };
  const endpoints = Object.fromEntries(SERVICE_NAMES.map((name) => [name, `https://${host}:${port}`]));
  const device = new DeviceNetwork({
    clock: new RealClock(),
    recorder,
    stream: new RandomStream('tls test'),
    profile: NETWORK_PROFILES.loopback,
    faults: { reset: 0, drop: 0 },
    endpoints: endpoints as Record<ServiceName, string>,
    trust,
    stop: new Stop(),
  });
  devices.push(device);
  return { device, counts };
}

/** What the service said, or the failure's code. */
async function ask(device: DeviceNetwork): Promise<string> {
  const result = await device.exchange('management', 'message', { method: 'POST', target: '/omadm', body: '' });
  return result.ok ? result.value.text() : result.error.code;
}

const TRUST = trustStore([ROOT_PEM]);

describe('TLS of a device', () => {
  it('trusts its roots, speaks HTTP/1.1, and resumes nothing', async () => {
    const port = await service();
    const first = network(port, TRUST);
    expect(await ask(first.device)).toBe('nobody full http/1.1');
    // A second answer brings the session tickets in for sure.
    await ask(first.device);
    first.device.close();
    expect(await ask(first.device)).toBe('nobody full http/1.1');
    expect(await ask(network(port, TRUST).device)).toBe('nobody full http/1.1');
    expect(first.counts.get('flotilla_tls_handshakes_total management full')).toBe(2);
  });

  it('refuses a root that it does not have', async () => {
    const { device, counts } = network(await service(), trustStore([OTHER_PEM]));
    expect(await ask(device)).toBe('tls-untrusted');
    expect(counts.get('flotilla_tls_handshakes_total management failed')).toBe(1);
  });

  it.each(['login.flotilla.localhost', 'localhost', '127.0.0.1'])(
    'refuses a certificate for another name than %s',
    async (host) => {
      expect(await ask(network(await service(), TRUST, host).device)).toBe('tls-untrusted');
    },
  );

  it('takes roots of its own for one service', async () => {
    const { device } = network(await service(), trustStore([OTHER_PEM]));
    device.trustAlso('management', [ROOT_DER]);
    expect(await ask(device)).toBe('nobody full http/1.1');
    const elsewhere = await device.exchange('login', 'logo', { method: 'GET', target: '/' });
    expect(elsewhere).toMatchObject({ error: { code: 'tls-untrusted' } });
  });

  it('shows its certificate, and fails where one is asked for that it has not', async () => {
    const port = await service({ requestCert: true, rejectUnauthorized: true });
    const { device, counts } = network(port, TRUST);
    expect(['tls-failed', 'connection-reset']).toContain(await ask(device));
    const key = ecKey();
    device.useClientCertificate('management', {
      certificateDer: certificate('device-1', key, ROOT, false),
      keyPem: key.pem,
    });
    expect(await ask(device)).toBe('CN=device-1 full http/1.1');
    device.close();
    expect(await ask(device)).toBe('CN=device-1 full http/1.1');
    expect(counts.get('flotilla_tls_handshakes_total management mutual')).toBe(2);
  });

  it('fails with a value where the issued certificate is of no use', async () => {
    const { device } = network(await service(), TRUST);
    const strange = certificate('device-1', ecKey(), ROOT, false);
    device.useClientCertificate('management', { certificateDer: strange, keyPem: ecKey().pem });
    expect(await ask(device)).toBe('tls-failed');
    device.useClientCertificate('management', { certificateDer: Uint8Array.of(1, 2, 3), keyPem: ecKey().pem });
    expect(await ask(device)).toBe('tls-failed');
  });

  it('fails where the service does not speak TLS', async () => {
    const port = await listen(
      net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await ask(network(port, TRUST).device)).toBe('tls-failed');
  });
});
