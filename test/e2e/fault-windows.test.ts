// Faults as a run and as a backend on its own have them: their windows count from the start barrier, hits are counted in
// /healthz, and what goes out on the wire is what it is called.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../run-scenario.ts';
import { command, startCommand, type Command } from './command.ts';

it('strikes the devices of a run that come in its window, and no others', async () => {
  const { records } = await runScenario(`name: window
speed: 5000
arrivals: { kind: constant, rate: 0.5/s }
people: 0 s
installs: 0 s
cohorts: [{ name: all, count: 3, networks: { loopback: 1 } }]
faults: [{ fault: device-cap-reached, from: 1 s, until: 3 s }]
`);
  expect(records.map(({ index, code }) => [index, code])).toEqual([
    [0, null],
    [1, '0x80180013'],
    [2, null],
  ]);
});

describe('a backend on its own', () => {
  let backend: Command;
  let services: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const faults = [
      'captive-portal,rate=50%',
      'reset,service=apps',
      'truncated,service=certificates',
      'connection-refused,service=join,until=2 s',
    ];
    backend = startCommand(['backend', '--json', ...faults.flatMap((fault) => ['--fault', fault])]);
    await backend.until(/\n/);
    services = (JSON.parse(backend.stdout()) as { services: Record<string, string> }).services;
  });
  afterAll(async () => {
    backend.child.kill('SIGTERM');
    expect(await backend.ended).toBe(0);
  });

  /** What a client of plain HTTP sees: the text that came, and how the connection ended. */
  function ask(service: string, path: string): Promise<{ text: string; end: string }> {
    return new Promise((resolve) => {
      let text = '';
      let end = 'closed';
      const port = Number(new URL(services[service]!).port);
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      });
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        end = error.code ?? '';
      });
      socket.on('close', () => resolve({ text, end }));
    });
  }

  it('has a port where nobody listens, for as long as it was told', async () => {
    let { end } = await ask('join', '/healthz');
    // A connection that comes while the port is being shut is reset; the next one finds nobody.
    if (end === 'ECONNRESET') ({ end } = await ask('join', '/healthz'));
    expect(end).toBe('ECONNREFUSED');
    while ((await ask('join', '/healthz')).end === 'ECONNREFUSED')
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('resets connections and cuts replies short', async () => {
    expect(await ask('apps', '/content/none.bin')).toEqual({ text: '', end: 'ECONNRESET' });
    const { text, end } = await ask('certificates', '/certsrv/mscep/mscep.dll?operation=GetCACaps');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const announced = Number(/^Content-Length: (\d+)$/im.exec(head)?.[1]);
    expect(end).toBe('closed');
    expect(body.length).toBe(Math.floor(announced / 2));
  });

  it('counts what hit by name, and is healthy on every origin', async () => {
    for (let i = 0; i < 40; i++) await ask('connectivity', '/connecttest.txt');
    const { text } = await ask('apps', '/healthz');
    const { faults } = JSON.parse(text.slice(text.indexOf('{'))) as { faults: Record<string, number> };
    expect(faults['captive-portal']).toBeGreaterThan(5);
    expect(faults['captive-portal']).toBeLessThan(35);
    expect(faults).toMatchObject({ reset: 1, truncated: 1, 'connection-refused': 1 });
  });
});

it('refuses a fault that it does not know, and lists those that it does', async () => {
  const refused = await command(['backend', '--fault', 'profile-mising', '--fault', 'slow']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('did you mean profile-missing?');
  expect(refused.stderr).toContain('--fault slow: it can be anywhere');
  const listed = await command(['backend', '--list-faults']);
  expect([listed.exitCode, listed.stdout]).toEqual([0, expect.stringMatching(/^join-quota +join +/m)]);
});
