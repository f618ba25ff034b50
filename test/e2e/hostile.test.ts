// A service that answers with nonsense: each device that meets it fails with a code from the catalogue, the others go on, and the
// exit code tells.
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { runScenario } from '../run-scenario.ts';

const ANSWERS: Readonly<Record<string, (socket: Socket) => void>> = {
  'reply-too-large': (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LIMITS.replyBytesMax + 1}\r\n\r\n`);
    socket.write(Buffer.alloc(64 * 1024));
  },
  'reply-truncated': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nMicrosoft'),
  'reply-malformed': (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'),
  'no-network': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nportal'),
};
const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\nMicrosoft Connect Test';

it('ends its devices with the right codes, and only them', async () => {
  // Connection by connection: each nonsense, then a good answer. A retry of a device comes when the list is used up.
  const answers = Object.values(ANSWERS);
  let connections = 0;
  const server = createServer((socket) => {
    const answer = answers[connections++ - 1];
    socket.on('error', () => {});
    socket.once('data', () => (answer === undefined ? socket.end(GOOD) : answer(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { exitCode, summary } = await runScenario(`name: hostile
arrivals: { kind: constant, rate: 2/s }
people: 0 s
installs: 0 s
target: { connectivity: "http://127.0.0.1:${(server.address() as AddressInfo).port}" }
cohorts: [{ name: all, count: 10, networks: { loopback: 1 } }]
`);
  server.close();
  expect(exitCode).toBe(3);
  const failures = Object.fromEntries(summary.failures.map(({ step, code, count }) => [code, { step, count }]));
  expect(Object.keys(failures).every((code) => code in ANSWERS)).toBe(true);
  expect(Object.keys(failures).length).toBeGreaterThanOrEqual(3);
  expect(summary.succeeded + summary.failed).toBe(10);
  expect(summary.failed).toBe(Object.values(failures).reduce((sum, { count }) => sum + count, 0));
  for (const { step } of Object.values(failures)) expect(step).toBe('network-connect');
});
