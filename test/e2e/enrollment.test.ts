// MDM enrollment (mission.md, row 7) and Windows Hello, from power-on against the embedded backend: whom the tenant's MDM is for, what
// happens to the join where it is not, and the key that policy asks for; then what a foreign client is refused.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceEntry } from '../../telemetry/messages.ts';
import { readyOf, startProcess, targetOf, testTenant } from './backend-process.ts';
import type { BackendProcess } from './backend-process.ts';
import { elementText, ForeignClient, makeKey, publicBlob } from './foreign-client.ts';
import * as walk from './foreign-walk.ts';
import type { Target } from './foreign-walk.ts';
import { counted, managedFleet } from './managed-fleet.ts';
import type { ManagedFleet } from './managed-fleet.ts';

function ends({ records }: ManagedFleet): (string | null)[] {
  const inOrder = [...records].sort((a, b) => a.cohort - b.cohort || a.index - b.index);
  return inOrder.map(({ code, step }) => (code === null ? null : `${step} ${code}`));
}

function operations(exchanges: readonly TraceEntry[], ...services: readonly string[]): string[] {
  const some = exchanges.filter(({ service }) => services.includes(service));
  return some.map(({ service, operation, status }) => `${service} ${operation} ${status}`);
}

describe('row 7: MDM enrollment is automatic during the join', () => {
  it('by the address that the sign-in named: discovery, policy, certificate', async () => {
    const fleet = await managedFleet('  - { name: office, count: 1 }');
    expect(ends(fleet)).toEqual([null]);
    expect(operations(fleet.exchanges, 'enrollment')).toEqual([
      'enrollment discover 200',
      'enrollment policies 200',
      'enrollment request-security-token 200',
    ]);
    expect(counted(fleet.frame, 'flotilla_mdm_enrollments_total')).toEqual({ 'office main entra-join': 1 });
  });

  it('not for users outside its scope: 0x8018002b, and the device leaves the directory by its certificate', async () => {
    const fleet = await managedFleet(
      `  - { name: outside, count: 1, accounts: { traits: { not-in-mdm-scope: 100% } } }
  - { name: inside, count: 1 }`,
      { tenant: '{ mdm: { scope: selected } }' },
    );
    expect(ends(fleet)).toEqual(['mdm-enroll 0x8018002b', null]);
    expect(operations(fleet.exchanges, 'join', 'enrollment')).toEqual([
      'join discover 200',
      'join register 200',
      'join unregister 200',
    ]);
    expect(fleet.counts).toMatchObject({ joined: 1, enrolled: 1 });
    expect(counted(fleet.frame, 'flotilla_tls_handshakes_total')['join mutual']).toBe(1);
    expect(counted(fleet.frame, 'flotilla_step_soft_failures_total')).toEqual({});
  });

  it('for nobody where the tenant has none', async () => {
    const fleet = await managedFleet('  - { name: office, count: 2 }', { tenant: '{ mdm: { scope: none } }' });
    expect(ends(fleet)).toEqual(['mdm-enroll 0x8018002b', 'mdm-enroll 0x8018002b']);
    expect(fleet.counts).toMatchObject({ joined: 0, enrolled: 0 });
  });
});

describe('Windows Hello', () => {
  const ESP = 'esp: { device: { policies: 2 }, user: { policies: 1 } }';

  it('is set up after the user phase, if policy asks: a second factor, one token, one key', async () => {
    const fleet = await managedFleet(`  - { name: office, count: 1, windowsHello: true, ${ESP} }`);
    expect(ends(fleet)).toEqual([null]);
    expect(fleet.counts).toMatchObject({ helloKeys: 1 });
    expect(operations(fleet.exchanges, 'join').at(-1)).toBe('join key 200');
    const steps = fleet.records[0]!.steps.map(({ step }) => step);
    expect(steps.indexOf('windows-hello')).toBeGreaterThan(steps.indexOf('user-esp'));
    const hello = fleet.records[0]!.steps.find(({ step }) => step === 'windows-hello');
    expect(hello?.partsMs.person).toBeGreaterThanOrEqual(1_000);
    expect(counted(fleet.frame, 'flotilla_step_soft_failures_total')).toEqual({});
  });

  it('costs nothing where policy does not ask', async () => {
    const fleet = await managedFleet(`  - { name: office, count: 1, ${ESP} }`);
    expect(operations(fleet.exchanges, 'join')).toEqual(['join discover 200', 'join register 200']);
    const hello = fleet.records[0]!.steps.find(({ step }) => step === 'windows-hello');
    expect(hello?.partsMs.person).toBe(0);
  });

  it.each([
    ['in the device phase', 'esp: { device: { restartPolicies: 1 }, user: { policies: 1 } }'],
    ['after the pages', `${ESP}, updates: { quality: { size: 1 KB, restart: true } }`],
  ])('comes through a restart %s: the session is gone, and the person signs in again', async (_, restart) => {
    const fleet = await managedFleet(`  - { name: office, count: 1, windowsHello: true, ${restart} }`);
    expect(ends(fleet)).toEqual([null]);
    expect(fleet.counts).toMatchObject({ helloKeys: 1 });
    expect(counted(fleet.frame, 'flotilla_step_soft_failures_total')).toEqual({});
  });

  it('that fails is noted, and the device goes on to its desktop', async () => {
    const denied = 'accounts: { traits: { multifactor-denied: 100% } }';
    const fleet = await managedFleet(`  - { name: office, count: 1, windowsHello: true, ${ESP}, ${denied} }`);
    expect(ends(fleet)).toEqual([null]);
    expect(fleet.counts).toMatchObject({ helloKeys: 0 });
    const soft = counted(fleet.frame, 'flotilla_step_soft_failures_total');
    expect(Object.keys(soft)).toEqual([expect.stringMatching(/^windows-hello /)]);
  });
});

describe('a foreign client', () => {
  const TENANT = testTenant({ enrollment: { scope: 'all', minimumOsVersion: '10.0.22631.0' } });
  let backend: BackendProcess;
  let target: Target;
  let client: ForeignClient;
  let caPem: string;

  beforeAll(async () => {
    backend = await startProcess({ tenant: TENANT });
    const ready = readyOf(backend);
    target = targetOf(ready, TENANT);
    caPem = ready.caPem;
    client = new ForeignClient(caPem);
  });
  afterAll(async () => {
    client.close();
    await backend.stop();
  });

  it('is told by its fault which Windows may not enroll', async () => {
    const { profile, signedIn } = await walk.joined(client, target, 1);
    const token = await walk.refresh(client, target, signedIn.refreshToken, walk.MDM);
    const request = await (await makeKey()).request('CN=x');
    const context = { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) };
    const url = `${target.services.enrollment}/EnrollmentServer/Enrollment.svc`;
    const asked = async (changes: Readonly<Record<string, string>>): Promise<(string | undefined)[]> => {
      const answer = { token, request, context: { ...context, ...changes } };
      const { text } = await walk.requestSecurityToken(client, url, answer);
      return [/Subcode><s:Value>([^<]+)/.exec(text)?.[1], elementText(text, 'ErrorType')];
    };
    expect(await asked({ OSEdition: '101' })).toEqual(['s:Authorization', undefined]);
    expect(await asked({ OSVersion: '10.0.19045.6456' })).toEqual(['s:Authorization', 'DeviceNotSupported']);
    expect(await asked({})).toEqual([undefined, undefined]);
  });

  it('leaves the directory by the certificate of its join, and by no other', async () => {
    const key = await makeKey();
    const { signedIn, ticket } = await walk.joined(client, target, 2);
    const reply = await walk.join(client, target, signedIn.accessToken, await walk.joinBody(key, ticket));
    const { RawBody } = reply.json()['Certificate'] as { RawBody: string };
    const certificate = new X509Certificate(Buffer.from(RawBody, 'base64'));
    const deviceId = certificate.subject.replace('CN=', '');
    const other = await walk.joined(client, target, 3);
    const device = new ForeignClient(caPem, { cert: certificate.toString(), key: key.pem });
    try {
      const leave = async (from: ForeignClient, id: string): Promise<unknown[]> => {
        const url = `${target.services.join}/EnrollmentServer/device/${id}?api-version=1.0`;
        const { status, text } = await from.send(url, { method: 'DELETE' });
        return [status, /"ErrorType":"(\w+)"/.exec(text)?.[1]];
      };
      expect(await leave(client, deviceId)).toEqual([400, 'AuthenticationError']);
      expect(await leave(device, other.deviceId)).toEqual([400, 'AuthenticationError']);
      expect(await leave(device, deviceId)).toEqual([200, undefined]);
      expect(await leave(device, deviceId)).toEqual([400, 'DirectoryError']);
      // The registration stays, so the device may come back.
      const again = await walk.join(client, target, signedIn.accessToken, await walk.joinBody(key, ticket));
      expect(again.status).toBe(200);
    } finally {
      device.close();
    }
  });

  it('registers a key only with a second factor', async () => {
    const { signedIn } = await walk.joined(client, target, 4);
    const token = await walk.refresh(client, target, signedIn.refreshToken, walk.DRS);
    const discovery = await client.send(`${target.services.join}/${TENANT.domain}/Discover?api-version=1.9`);
    const { KeyProvisionEndpoint } = discovery.json()['KeyProvisioningService'] as { KeyProvisionEndpoint: string };
    const key = await makeKey();
    const reply = await client.post(
      `${KeyProvisionEndpoint}?api-version=1.0`,
      'application/json',
      JSON.stringify({ kngc: publicBlob(key.modulus) }),
      { authorization: `Bearer ${token}`, accept: 'application/json' },
    );
    expect([reply.status, reply.json()]).toMatchObject([401, { code: 'invalid_request', response: 'ERROR_FAIL' }]);
    expect(reply.headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
