// The embedded backend's edges through the eyes of a foreign client: mutual TLS, HTTP, content, and its process.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_NAMES, SERVICES } from '../../catalog/services.ts';
import { readyOf, startProcess, targetOf, testTenant } from './backend-process.ts';
import type { BackendProcess } from './backend-process.ts';
import { certificatesOf, ForeignClient, hardware, makeKey, pemOf } from './foreign-client.ts';
import * as walk from './foreign-walk.ts';
import type { Target } from './foreign-walk.ts';

const TENANT = testTenant();
let backend: BackendProcess;
let target: Target;
let client: ForeignClient;

beforeAll(async () => {
  backend = await startProcess({ tenant: TENANT });
  const ready = readyOf(backend);
  target = targetOf(ready, TENANT);
  client = new ForeignClient(ready.caPem);
});

afterAll(async () => {
  client.close();
  await backend.stop();
});

describe('what is refused at management', () => {
  it('no certificate, the device certificate of the join, and a certificate that was replaced', async () => {
    const { management } = target.services;
    const body = walk.firstMessage(`${management}/omadm`, 'x');
    expect((await walk.manage(client, `${management}/omadm`, body)).status).toBe(403);
    const device = hardware(11);
    await walk.importDevice(client, target, device);
    const ticket = await walk.deviceToken(client, target, device);
    const profile = (await walk.profile(client, target, ticket)).json();
    const signedIn = await walk.signInAs(client, target, `user11@${TENANT.domain}`);
    const key = await makeKey();
    const reply = await walk.join(client, target, signedIn.accessToken, await walk.joinBody(key, ticket));
    const cert = pemOf((reply.json()['Certificate'] as { RawBody: string }).RawBody);
    const ca = readyOf(backend).caPem;
    const withDeviceCertificate = new ForeignClient(ca, { cert, key: key.pem });
    expect((await walk.manage(withDeviceCertificate, `${management}/omadm`, body)).status).toBe(403);
    withDeviceCertificate.close();

    const token = await walk.refresh(client, target, signedIn.refreshToken, walk.MDM);
    const enroll = async (): Promise<ForeignClient> => {
      const mdmKey = await makeKey();
      const enrolled = await walk.requestSecurityToken(
        client,
        `${target.services.enrollment}/EnrollmentServer/Enrollment.svc`,
        {
          token,
          request: await mdmKey.request('CN=x'),
          context: { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) },
        },
      );
      const issued = certificatesOf(walk.provisioningOf(enrolled))[2] ?? '';
      return new ForeignClient(ca, { cert: issued, key: mdmKey.pem });
    };
    const first = await enroll();
    expect((await walk.manage(first, `${management}/omadm`, body)).status).toBe(200);
    const second = await enroll();
    expect((await walk.manage(first, `${management}/omadm`, body)).status).toBe(403);
    expect((await walk.manage(second, `${management}/omadm`, body)).status).toBe(200);
    const strange = await second.post(`${management}/omadm`, 'application/vnd.syncml.dm+xml', body, {
      authorization: 'Bearer x.y.z',
    });
    expect(strange.status).toBe(401);
    first.close();
    second.close();
  });
});

describe('HTTP', () => {
  it('answers with Content-Length and never in chunks; HEAD without a body', async () => {
    for (const service of SERVICE_NAMES) {
      const reply = await client.send(`${target.services[service]}/healthz`);
      expect(reply.json()).toMatchObject({ status: 'ok', service });
      expect(Number(reply.headers['content-length'])).toBe(reply.body.length);
      expect(reply.headers['transfer-encoding']).toBeUndefined();
      expect(target.services[service].startsWith(`${SERVICES[service].scheme}:`)).toBe(true);
    }
    const head = await client.send(`${target.services.connectivity}/connecttest.txt`, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '22', 0]);
  });

  it('refuses unknown paths, wrong methods and bodies beyond the bound', async () => {
    const { login, connectivity } = target.services;
    expect((await client.send(`${connectivity}/nothing`)).status).toBe(404);
    const wrong = await client.post(`${connectivity}/connecttest.txt`, 'text/plain', '');
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, HEAD']);
    const large = await client.form(`${login}/common/oauth2/token`, { grant_type: 'x'.repeat(70_000) });
    expect(large.status).toBe(413);
  });

  it('answers Expect: 100-continue, and what is no HTTP with 400', async () => {
    const port = Number(new URL(target.services.connectivity).port);
    const talk = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let received = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (data) => {
          received += data.toString('latin1');
        });
        socket.on('close', () => resolve(received));
      });
    const request = 'POST /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n';
    expect(await talk(`${request}Expect: 100-continue\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 405/,
    );
    expect(await talk('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*Content-Length: 0/s);
  });
});

describe('content', () => {
  it('sends apps and updates of the configured size, and an update once', async () => {
    const [group] = TENANT.groups;
    const tenant = testTenant({
      groups: [{ ...group!, updates: { kind: 'restart', sizeBytes: 200_001, quality: null } }],
    });
    const other = await startProcess({ tenant });
    const ready = readyOf(other);
    const there = targetOf(ready, tenant);
    const visitor = new ForeignClient(ready.caPem);
    try {
      await walk.importDevice(visitor, there, hardware(20));
      const ticket = await walk.deviceToken(visitor, there, hardware(20));
      const check = async (): Promise<{ url: string; sizeBytes: number; sha256: string; restart: boolean }[]> => {
        const url = `${there.services.updates}/v1/check`;
        const reply = await visitor.post(url, 'application/json', '{}', { 'x-device-token': ticket });
        return reply.json()['updates'] as { url: string; sizeBytes: number; sha256: string; restart: boolean }[];
      };
      const [update] = await check();
      expect(update).toMatchObject({ sizeBytes: 200_001, restart: true });
      const content = await visitor.send(update!.url);
      expect(content.body.length).toBe(200_001);
      expect(createHash('sha256').update(content.body).digest('hex')).toBe(update!.sha256);
      expect(content.headers['transfer-encoding']).toBeUndefined();
      expect(await check()).toEqual([]);
    } finally {
      visitor.close();
      await other.stop();
    }
  });
});

describe('the process', () => {
  it('serves all TLS origins on one port, told apart by name, and says when that port is taken', async () => {
    const probe = await startProcess({ tenant: TENANT });
    const port = Number(new URL(readyOf(probe).endpoints.login).port);
    await probe.stop();
    const one = await startProcess({ tenant: TENANT, port });
    const ready = readyOf(one);
    const visitor = new ForeignClient(ready.caPem);
    try {
      expect(ready.endpoints.login).toBe(`https://login.flotilla.localhost:${port}`);
      for (const service of SERVICE_NAMES) {
        const health = await visitor.send(`${ready.endpoints[service]}/healthz`);
        expect(health.json()['service']).toBe(service);
      }
      expect((await visitor.send(`https://localhost:${port}/healthz`)).json()['service']).toBe('backend');
      expect((await visitor.send(`https://localhost:${port}/other`)).status).toBe(421);
      const second = await startProcess({ tenant: TENANT, port });
      expect(second.answer).toMatchObject({ kind: 'refused', portTaken: true });
      await second.stop();
    } finally {
      visitor.close();
      await one.stop();
    }
  });

  it('ends when its parent goes, and leaves no file', async () => {
    const short = await startProcess({ tenant: TENANT });
    const { caPath } = readyOf(short);
    expect(existsSync(caPath)).toBe(true);
    expect(await short.stop()).toBe(0);
    expect(existsSync(caPath)).toBe(false);
  });
});
