// The raw floor: what a device costs at least on this machine. The same handshakes, bytes and signatures as a device of the bench's
// scenario, over the same sockets, but with no HTTP, XML, JSON, state or telemetry; in a server's process of its own, as the
// backend is. What the agent costs beyond it is Flotilla's.
import { fork, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import type { Address } from '../../agent/network/address.ts';
import { connectSocket } from '../../agent/network/connect-socket.ts';
import { deviceContext, trustStore, type ClientCertificate, type TrustStore } from '../../agent/network/trust.ts';
import { keyPool, type KeyPool } from '../../agent/identity/keys.ts';
import { RealClock } from '../../kernel/clock.ts';
import { assert } from '../../kernel/result.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { basicConstraints, buildCertificate, subjectAltNames } from '../../protocol/pki/certificate.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { runFloorServer } from './floor-server.ts';
import { message, type FloorServerPorts, type FloorServerSetup } from './floor-wire.ts';

interface Leg {
  readonly kind: keyof FloorServerPorts;
  readonly exchanges: number;
  /** Of the whole leg, as `summary.json` of the bench's scenario has them by service. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Certificate requests that are signed before it. */
  readonly requests?: number;
}

/** The connections of one device of `enrollmentScenario`: 4 with TLS, 1 with mutual TLS, 1 without; 34 exchanges in all. */
const LEGS: readonly Leg[] = [
  { kind: 'plain', exchanges: 1, sentBytes: 84, receivedBytes: 188 }, // connectivity
  { kind: 'full', exchanges: 3, sentBytes: 3071, receivedBytes: 2516 }, // profile
  { kind: 'full', exchanges: 8, sentBytes: 2984, receivedBytes: 9587 }, // sign-in, and later the user's token
  { kind: 'full', exchanges: 2, sentBytes: 3035, receivedBytes: 2753, requests: 1 }, // join
  { kind: 'full', exchanges: 3, sentBytes: 10_036, receivedBytes: 12_281, requests: 1 }, // MDM enrollment
  { kind: 'mutual', exchanges: 17, sentBytes: 31_731, receivedBytes: 23_812 }, // management
];

const SEED = 'floor';
const HOST = 'localhost';
/** The part of a certificate request that is signed. */
const REQUEST_BYTES = 420;
/** The argument with which this file is its own server. */
const SERVER = 'floor-server';

/**
 * CPU milliseconds of one device, user and system, of this process alone. Devices start at the rate of the fleet that they are
 * compared with: a processor that sleeps between two devices does the same work more slowly.
 */
export async function measureFloor(warmUp: number, devices: number, ratePerSecond: number): Promise<number> {
  const authority = new FloorAuthority();
  const server = fork(import.meta.filename, [SERVER]);
  try {
    const ports = await configure(server, authority.setup());
    const fleet = new FloorFleet(ports, authority, warmUp + devices);
    await fleet.run(0, warmUp, ratePerSecond);
    const before = process.cpuUsage();
    await fleet.run(warmUp, warmUp + devices, ratePerSecond);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / devices;
  } finally {
    server.disconnect();
  }
}

/** Opens as many mutual-TLS connections, each with its own configuration, and keeps them while `weigh` is asked what they weigh. */
export async function withIdleConnections<T>(
  warmUp: number,
  count: number,
  weigh: () => T,
): Promise<{ before: T; after: T }> {
  const authority = new FloorAuthority();
  const server = fork(import.meta.filename, [SERVER]);
  try {
    const ports = await configure(server, authority.setup());
    const fleet = new FloorFleet(ports, authority, warmUp + count);
    const kept = await fleet.idle(0, warmUp);
    const before = weigh();
    kept.push(...(await fleet.idle(warmUp, warmUp + count)));
    const after = weigh();
    for (const connection of kept) connection.close();
    return { before, after };
  } finally {
    server.disconnect();
  }
}

async function configure(server: ChildProcess, setup: FloorServerSetup): Promise<FloorServerPorts> {
  server.send(setup);
  const [ports] = (await once(server, 'message')) as [FloorServerPorts];
  return ports;
}

class FloorFleet {
  readonly #ports: FloorServerPorts;
  readonly #trust: TrustStore;
  readonly #pool: KeyPool = keyPool('pool');
  /** Issued beforehand: that is the backend's work. */
  readonly #certificates: readonly Uint8Array[];

  constructor(ports: FloorServerPorts, authority: FloorAuthority, devices: number) {
    this.#ports = ports;
    this.#trust = trustStore([authority.caPem]);
    const issuing = keyPool('pool');
    this.#certificates = Array.from({ length: devices }, (_, index) => {
      const { publicKeyInfo } = issuing.deviceKey(SEED, index, 'mdm');
      issuing.forget(index);
      return authority.issue(`device-${index}`, publicKeyInfo, false);
    });
  }

  async run(from: number, to: number, ratePerSecond: number): Promise<void> {
    const clock = new RealClock();
    const beganMs = clock.nowMs();
    const running: Promise<void>[] = [];
    for (let index = from; index < to; index++) {
      await clock.waitReal(beganMs + ((index - from) * 1000) / ratePerSecond - clock.nowMs());
      running.push(this.#device(index));
    }
    await Promise.all(running);
  }

  /** Mutual connections that have carried one exchange and stay open. */
  async idle(from: number, to: number): Promise<FloorConnection[]> {
    const connections: FloorConnection[] = [];
    for (let index = from; index < to; index++) {
      const keyPem = this.#pool.deviceKey(SEED, index, 'mdm').pkcs1Pem();
      const { connection, exchange } = await this.#open(
        LEGS.find(({ kind }) => kind === 'mutual')!,
        {
          certificateDer: this.#certificates[index]!,
          keyPem,
        },
      );
      await exchange();
      this.#pool.forget(index);
      connections.push(connection);
    }
    return connections;
  }

  async #device(index: number): Promise<void> {
    const [device, transport, mdm] = (['device', 'transport', 'mdm'] as const).map((purpose) =>
      this.#pool.deviceKey(SEED, index, purpose),
    );
    assert(device !== undefined && transport !== undefined && mdm !== undefined, 'three keys');
    transport.modulus();
    const signers = [device, mdm];
    for (const leg of LEGS) {
      for (let i = 0; i < (leg.requests ?? 0); i++) signers.shift()?.sign(Buffer.alloc(REQUEST_BYTES));
      const certificate = {
        certificateDer: this.#certificates[index]!,
        keyPem: leg.kind === 'mutual' ? mdm.pkcs1Pem() : '',
      };
      await this.#leg(leg, certificate);
    }
    this.#pool.forget(index);
  }

  async #leg(leg: Leg, certificate: ClientCertificate): Promise<void> {
    const { connection, exchange } = await this.#open(leg, certificate);
    for (let i = 0; i < leg.exchanges; i++) await exchange();
    connection.close();
  }

  async #open(
    leg: Leg,
    certificate: ClientCertificate,
  ): Promise<{ connection: FloorConnection; exchange: () => Promise<void> }> {
    const own = leg.kind === 'mutual' ? deviceContext(this.#trust, [], certificate) : undefined;
    assert(own?.ok !== false, 'the certificate is ours');
    const secure = leg.kind !== 'plain';
    const port = this.#ports[leg.kind];
    const address: Address = { secure, host: HOST, port, origin: '', authority: '', path: '' };
    const connection = await FloorConnection.open(address, own?.value ?? this.#trust.context);
    const answerBytes = Math.round(leg.receivedBytes / leg.exchanges);
    const bytes = message(Math.round(leg.sentBytes / leg.exchanges), answerBytes);
    return { connection, exchange: () => connection.exchange(bytes, answerBytes) };
  }
}

const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

class FloorConnection {
  readonly #socket: net.Socket;
  #waiting = 0;
  #answered: (() => void) | undefined;

  private constructor(address: Address, context: TrustStore['context']) {
    this.#socket = connectSocket(address, context, {
      buffer: READ_BUFFER,
      callback: (bytes) => {
        this.#waiting -= bytes;
        if (this.#waiting === 0) this.#answered?.();
        return true;
      },
    });
  }

  static async open(address: Address, context: TrustStore['context']): Promise<FloorConnection> {
    const connection = new FloorConnection(address, context);
    await once(connection.#socket, address.secure ? 'secureConnect' : 'connect');
    return connection;
  }

  exchange(bytes: Buffer, answerBytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = answerBytes;
      this.#answered = resolve;
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The one authority of the floor: its server's certificate and the devices' end at it. */
class FloorAuthority {
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #nowMs = new RealClock().wallMs();
  readonly #signer: Signer = {
    algorithm: 'ES256',
    publicKeyInfo: this.#key.publicKey.export({ format: 'der', type: 'spki' }),
    sign: (bytes) => sign('sha256', bytes, { key: this.#key.privateKey, dsaEncoding: 'ieee-p1363' }),
  };
  #serial = 0;
  readonly caPem = toPem('CERTIFICATE', this.issue('Floor', this.#signer.publicKeyInfo, true));

  issue(name: string, publicKeyInfo: Uint8Array, authority: boolean): Uint8Array {
    const serial = Buffer.alloc(4);
    serial.writeUInt32BE(++this.#serial);
    return buildCertificate(
      {
        serial,
        subject: [{ type: 'CN', value: name }],
        issuer: [{ type: 'CN', value: 'Floor' }],
        notBeforeMs: this.#nowMs - DAY_MS,
        notAfterMs: this.#nowMs + DAY_MS,
        publicKeyInfo,
        extensions: authority ? [basicConstraints(true)] : [subjectAltNames([{ type: 'dns', value: HOST }])],
      },
      this.#signer,
    );
  }

  setup(): FloorServerSetup {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
      keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      certificatePem: toPem('CERTIFICATE', this.issue(HOST, publicKey.export({ format: 'der', type: 'spki' }), false)),
      caPem: this.caPem,
    };
  }
}

if (process.argv[2] === SERVER) runFloorServer();
