// A device's network against services that misbehave, over real sockets on the loopback. Time-outs and back-offs pass a thousand
// times faster, so nothing waits for long.
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NETWORK_PROFILES } from '../../catalog/network-profiles.ts';
import type { NetworkProfile } from '../../catalog/network-profiles.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { RealClock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { RandomStream } from '../../kernel/random.ts';
import { Stop } from '../../kernel/stop.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { DeviceNetwork } from './device-network.ts';
import type { DeviceNetworkOptions } from './device-network.ts';
import type { TraceEntry } from '../../telemetry/messages.ts';
import { trustStore } from './trust.ts';

/** Real time, but what is waited for comes a thousand times sooner. */
class HastyClock extends RealClock {
  override after(realMs: number, fire: () => void): () => void {
    return super.after(realMs / 1000, fire);
  }
}

/** Counts by metric and labels, as one would read them from a scrape. */
class Tally {
  readonly values = new Map<string, number>();

  count(metric: string, labels: readonly string[], by = 1): void {
    const key = [metric, ...labels].join(' ');
    this.values.set(key, (this.values.get(key) ?? 0) + by);
  }

  gauge(metric: string, labels: readonly string[], delta: number): void {
    this.count(metric, labels, delta);
  }

  observe(metric: string, labels: readonly string[], seconds: number): void {
    expect(seconds).toBeGreaterThan(0);
    this.count(metric, labels);
  }

  of(...key: string[]): number {
    return this.values.get(key.join(' ')) ?? 0;
  }
}

const TRUST = trustStore([]);
const servers: net.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Answer = (socket: net.Socket, request: string, nth: number) => void;

/** A service that answers each request, in the order in which they come, as `answer` says. */
async function service(answer: Answer): Promise<{ url: string; requests: string[]; connections: () => number }> {
  const requests: string[] = [];
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      text += data.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      const request = text;
      text = '';
      requests.push(request);
      answer(socket, request, requests.length);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return { url: `http://profile.flotilla.localhost:${port}`, requests, connections: () => connections };
}

function network(
  url: string,
  options: Partial<DeviceNetworkOptions> = {},
): { device: DeviceNetwork; tally: Tally; stop: Stop } {
  const tally = new Tally();
  const stop = new Stop();
  const endpoints = Object.fromEntries(SERVICE_NAMES.map((name) => [name, url])) as Record<ServiceName, string>;
  const device = new DeviceNetwork({
    clock: new HastyClock(),
    recorder: tally,
    stream: new RandomStream('network test'),
    profile: NETWORK_PROFILES.loopback,
    faults: { reset: 0, drop: 0 },
    endpoints,
    trust: TRUST,
    stop,
    ...options,
  });
  return { device, tally, stop };
}

const POST = { method: 'POST', target: '/x', body: 'abc' } as const;
const GET = { method: 'GET', target: '/x' } as const;

function reply(body: string, more = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
}

describe('an exchange', () => {
  it('sends what it was given and returns the reply', async () => {
    const { url, requests } = await service((socket) => socket.write(reply('hello', 'X-A: b\r\n')));
    const { device, tally } = network(url);
    const result = await device.exchange('profile', 'download', { ...POST, headers: { 'x-device-token': 't' } });
    expect(result.ok && [result.value.status, result.value.text(), result.value.header('x-a')]).toEqual([
      200,
      'hello',
      'b',
    ]);
    const host = url.slice('http://'.length);
    expect(requests).toEqual([
      `POST /x HTTP/1.1\r\nHost: ${host}\r\nx-device-token: t\r\nContent-Length: 3\r\n\r\nabc`,
    ]);
    expect(tally.of('flotilla_exchange_duration_seconds', 'profile', 'download', '200')).toBe(1);
    expect(tally.of('flotilla_bytes_total', 'profile', 'sent')).toBe(requests[0]!.length);
    expect(tally.of('flotilla_bytes_total', 'profile', 'received')).toBe(reply('hello', 'X-A: b\r\n').length);
    expect(tally.of('flotilla_exchanges_in_flight', 'profile')).toBe(0);
    expect(tally.of('flotilla_connections_open', 'profile')).toBe(1);
    expect(device.counts).toEqual({ exchanges: 1, retries: 0 });
    expect(device.serviceMs).toBeGreaterThan(0);
    device.close();
    expect(tally.of('flotilla_connections_open', 'profile')).toBe(0);
  });

  it('keeps its connection, one for a service and origin, and takes turns on it', async () => {
    const { url, requests, connections } = await service((socket, _request, nth) => socket.write(reply(String(nth))));
    const { device } = network(url);
    const replies = await Promise.all([1, 2, 3].map(() => device.exchange('profile', 'download', POST)));
    expect(replies.map((result) => result.ok && result.value.text())).toEqual(['1', '2', '3']);
    expect([requests.length, connections()]).toEqual([3, 1]);
    await device.exchange('updates', 'check', POST);
    expect(connections()).toBe(2);
    device.close();
  });

  it('opens again, unnoticed, what the service closed while idle', async () => {
    const { url, connections } = await service((socket) => socket.end(reply('x')));
    const { device, tally } = network(url);
    for (let i = 0; i < 3; i++) expect((await device.exchange('profile', 'download', POST)).ok).toBe(true);
    expect(connections()).toBe(3);
    device.close();
    expect(device.counts).toEqual({ exchanges: 3, retries: 0 });
    expect(tally.of('flotilla_connections_open', 'profile')).toBe(0);
  });

  it('sends once more what met a connection that was just closing', async () => {
    const { url, requests } = await service((socket, _request, nth) => {
      if (nth === 2) socket.resetAndDestroy();
      else socket.write(reply('x'));
    });
    const { device } = network(url);
    await device.exchange('profile', 'download', POST);
    expect((await device.exchange('profile', 'download', POST)).ok).toBe(true);
    expect(requests.length).toBe(3);
    device.close();
  });

  it('refuses hosts that the scenario does not name, and header values that would end a field', async () => {
    const { url } = await service((socket) => socket.write(reply('x')));
    const { device } = network(url);
    const elsewhere = await device.exchange('profile', 'download', { ...GET, target: 'https://login.example/' });
    expect(elsewhere).toMatchObject({ ok: false, error: { code: 'target-refused' } });
    const split = await device.exchange('profile', 'download', { ...GET, headers: { Authorization: 'a\r\nX: y' } });
    expect(split).toMatchObject({ ok: false, error: { code: 'reply-malformed' } });
    const nowhere = await device.exchange('profile', 'download', { ...GET, target: 'javascript:1' });
    expect(nowhere).toMatchObject({ ok: false, error: { code: 'reply-malformed' } });
    expect(device.counts.exchanges).toBe(0);
  });

  it('shows a trace without secrets', async () => {
    const { url } = await service((socket) => socket.write(reply('{"access_token":"SECRET"}')));
    const seen: TraceEntry[] = [];
    const { device } = network(url, { trace: (entry) => seen.push(entry) });
    await device.exchange('login', 'token', { ...POST, target: '/token?code=SECRET', body: 'password=SECRET' });
    expect(seen).toMatchObject([
      { service: 'login', operation: 'token', method: 'POST', status: '200', requestBody: 'password=***' },
    ]);
    expect(JSON.stringify(seen)).not.toContain('SECRET');
    device.close();
  });
});

describe('hostile and failing services', () => {
  const huge = Buffer.alloc(64 * 1024, 97);
  function flood(socket: net.Socket, start = ''): void {
    socket.write(start);
    while (!socket.destroyed && socket.write(huge));
    socket.once('drain', () => flood(socket));
  }
  const cases: readonly (readonly [string, Answer, string, string])[] = [
    [
      'closes early',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
      'reply-truncated',
      'reset',
    ],
    ['resets', (socket) => socket.resetAndDestroy(), 'connection-reset', 'reset'],
    ['closes without a word', (socket) => socket.end(), 'connection-reset', 'reset'],
    ['never answers', () => {}, 'reply-timeout', 'timeout'],
    ['stops in the middle', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Le'), 'reply-timeout', 'timeout'],
    ['speaks something else', (socket) => socket.write('SSH-2.0-x\r\n\r\n'), 'reply-malformed', 'malformed'],
    [
      'announces too much',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n'),
      'reply-too-large',
      'too-large',
    ],
    ['floods without a length', (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n\r\n'), 'reply-too-large', 'too-large'],
    ['floods with a head', (socket) => flood(socket, 'HTTP/1.1 200 OK\r\nA: '), 'reply-too-large', 'too-large'],
  ];

  it.each(cases)('one that %s ends with its code', async (_name, answer, code, status) => {
    const { url, requests } = await service(answer);
    const { device, tally } = network(url);
    const result = await device.exchange('management', 'message', POST);
    expect(result).toMatchObject({ ok: false, error: { code } });
    // A POST may have been acted on, so it is not sent again.
    expect(requests.length).toBe(1);
    expect(tally.of('flotilla_exchange_duration_seconds', 'management', 'message', status)).toBe(1);
    expect(tally.of('flotilla_connections_open', 'management')).toBe(0);
    expect(tally.of('flotilla_exchanges_in_flight', 'management')).toBe(0);
  });

  it('one that is not there: tried again, since it cannot have seen the request', async () => {
    const { url } = await service(() => {});
    const { port } = servers[0]!.address() as net.AddressInfo;
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const { device, tally } = network(url);
    expect(await device.exchange('management', 'message', POST)).toMatchObject({
      ok: false,
      error: { code: 'connect-refused' },
    });
    expect(device.counts).toEqual({ exchanges: LIMITS.attemptsMax, retries: LIMITS.attemptsMax - 1 });
    expect(tally.of('flotilla_retries_total', 'management', 'transport')).toBe(LIMITS.attemptsMax - 1);
    expect(port).toBeGreaterThan(0);
  });

  it('one that fails a GET is asked again', async () => {
    const { url } = await service((socket, _request, nth) => {
      if (nth < 3) socket.resetAndDestroy();
      else socket.write(reply('x'));
    });
    const { device } = network(url);
    expect((await device.exchange('join', 'discover', GET)).ok).toBe(true);
    expect(device.counts).toEqual({ exchanges: 3, retries: 2 });
    device.close();
  });

  it('one that asks to slow down is obeyed, and given up in the end', async () => {
    const wait = 'HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n';
    const patient = await service((socket, _request, nth) => socket.write(nth < 3 ? wait : reply('x')));
    const first = network(patient.url);
    expect((await first.device.exchange('login', 'token', POST)).ok).toBe(true);
    expect(first.tally.of('flotilla_retries_total', 'login', 'throttled')).toBe(2);
    expect(first.tally.of('flotilla_exchange_duration_seconds', 'login', 'token', '429')).toBe(2);
    const stern = await service((socket) => socket.write(wait));
    const second = network(stern.url);
    expect(await second.device.exchange('login', 'token', POST)).toMatchObject({
      ok: false,
      error: { code: 'throttled' },
    });
    expect(stern.requests.length).toBe(LIMITS.attemptsMax);
    first.device.close();
    second.device.close();
  });

  it('a status that is not about load is a reply, for the step to judge', async () => {
    const { url, requests } = await service((socket) => socket.write('HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n'));
    const { device } = network(url);
    expect(await device.exchange('login', 'token', POST)).toMatchObject({ ok: true, value: { status: 503 } });
    expect(requests.length).toBe(1);
    device.close();
  });
});

describe('the link', () => {
  const profile: NetworkProfile = { ...NETWORK_PROFILES.loopback, latencyMs: 10_000 };

  it('delays connect, request and reply by its round trips', async () => {
    const { url } = await service((socket) => socket.write(reply('x')));
    const { device } = network(url, { profile });
    await device.exchange('profile', 'download', POST);
    // One round trip of TCP and one of the exchange: 40 s, a thousandth of which passes here.
    const firstMs = device.serviceMs;
    expect(firstMs).toBeGreaterThan(38);
    await device.exchange('profile', 'download', POST);
    expect(device.serviceMs - firstMs).toBeGreaterThan(18);
    expect(device.serviceMs - firstMs).toBeLessThan(firstMs);
    device.close();
  });

  it('breaks and swallows requests by probability', async () => {
    const { url } = await service((socket) => socket.write(reply('x')));
    const breaking = network(url, { faults: { reset: 1, drop: 0 } });
    expect(await breaking.device.exchange('profile', 'download', POST)).toMatchObject({
      error: { code: 'connection-reset' },
    });
    const quiet = await service((socket) => socket.write(reply('x')));
    const swallowing = network(quiet.url, { faults: { reset: 0, drop: 1 } });
    expect(await swallowing.device.exchange('profile', 'download', POST)).toMatchObject({
      error: { code: 'reply-timeout' },
    });
    expect([quiet.connections(), quiet.requests.length]).toEqual([1, 0]);
    expect(swallowing.tally.of('flotilla_connections_open', 'profile')).toBe(0);
  });
});

describe('a download', () => {
  it('counts and hashes without keeping, and judges the status', async () => {
    const body = 'abc'.repeat(100_000);
    const { url } = await service((socket, request) =>
      socket.write(request.startsWith('GET /missing') ? 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n' : reply(body)),
    );
    const { device, tally } = network(url);
    const done = await device.download('apps', 'content', `${url}/app`);
    expect(done).toEqual({
      ok: true,
      value: { bytes: 300_000, sha256Hex: sha256Hex(body) },
    });
    expect(tally.of('flotilla_bytes_total', 'apps', 'received')).toBe(reply(body).length);
    expect(await device.download('apps', 'content', `${url}/missing`)).toMatchObject({
      error: { code: 'reply-unexpected' },
    });
    device.close();
  });

  it('goes on where the connection broke off, and asks each piece once', async () => {
    const body = 'abc'.repeat(100_000);
    const { url, requests } = await service((socket, request, nth) => {
      const from = Number(/range: bytes=(\d+)-/i.exec(request)?.[1] ?? 0);
      const status = from === 0 ? '200 OK' : `206 Partial\r\nContent-Range: bytes ${from}-299999/300000`;
      const head = `HTTP/1.1 ${status}\r\nETag: "v1"\r\nContent-Length: ${300_000 - from}\r\n\r\n`;
      const piece = body.slice(from, nth === 3 ? undefined : from + 100_000);
      socket.write(head + piece, () => (nth === 3 ? undefined : socket.end()));
    });
    const { device, tally } = network(url);
    expect(await device.download('apps', 'content', `${url}/app`)).toEqual({
      ok: true,
      value: { bytes: 300_000, sha256Hex: sha256Hex(body) },
    });
    expect(requests.map((request) => /range: (.*)\r/i.exec(request)?.[1])).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=200000-',
    ]);
    expect(requests[1]).toContain('If-Range: "v1"');
    expect(tally.of('flotilla_exchange_duration_seconds', 'apps', 'content', '206')).toBe(1);
    expect(tally.of('flotilla_retries_total', 'apps', 'transport')).toBe(2);
    device.close();
  });

  it('takes the time that the bandwidth asks for', async () => {
    const body = 'x'.repeat(200_000);
    const { url } = await service((socket) => socket.write(reply(body)));
    // 16 Mbit/s: 200,000 bytes in 100 ms, of which the clock here shortens the pauses only.
    const { device } = network(url, {
      profile: { ...NETWORK_PROFILES.loopback, downMbps: 16 },
      clock: new RealClock(),
    });
    expect((await device.download('apps', 'content', `${url}/app`)).ok).toBe(true);
    expect(device.serviceMs).toBeGreaterThan(60);
    device.close();
  });
});

describe('a stop', () => {
  it('ends an exchange that waits for its reply', async () => {
    let asked: () => void;
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { url } = await service(() => asked());
    const { device, stop } = network(url, { clock: new RealClock() });
    const pending = device.exchange('management', 'message', POST);
    await reached;
    stop.stop();
    expect(await pending).toMatchObject({ ok: false, error: { code: 'abandoned' } });
    expect(await device.exchange('management', 'message', POST)).toMatchObject({ error: { code: 'abandoned' } });
  });
});
