// The other end of the raw floor, in a process of its own so that its CPU is not the floor's: answers each message with as many
// bytes as it asks for.
import net from 'node:net';
import tls from 'node:tls';
import { assert } from '../../kernel/result.ts';
import { PREFIX_BYTES, type FloorServerPorts, type FloorServerSetup } from './floor-wire.ts';

const ANSWER = Buffer.alloc(1024 * 1024, 'y');

function serve(socket: net.Socket): void {
  let pending = 0;
  let answerBytes = 0;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (data: Buffer) => {
    if (pending === 0) {
      assert(data.length >= PREFIX_BYTES, 'a message begins with a packet of its own');
      pending = data.readUInt32BE(0);
      answerBytes = data.readUInt32BE(4);
    }
    pending -= data.length;
    if (pending === 0) socket.write(ANSWER.subarray(0, answerBytes));
  });
}

async function listen(server: net.Server): Promise<number> {
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

/** Serves until the parent goes: one setup in, the ports out. */
export function runFloorServer(): void {
  process.once('message', (setup: FloorServerSetup) => void start(setup));
  process.once('disconnect', () => process.exit());
}

async function start(setup: FloorServerSetup): Promise<void> {
  const options = { key: setup.keyPem, cert: setup.certificatePem, ca: setup.caPem, ALPNProtocols: ['http/1.1'] };
  const ports: FloorServerPorts = {
    plain: await listen(net.createServer(serve)),
    full: await listen(tls.createServer(options, serve)),
    mutual: await listen(tls.createServer({ ...options, requestCert: true, rejectUnauthorized: true }, serve)),
  };
  process.send?.(ports);
}
