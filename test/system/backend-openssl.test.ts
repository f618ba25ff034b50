// OpenSSL's view of the embedded backend: the chain that it presents, and the certificates that it issues.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import { readyOf, startProcess, targetOf, testTenant } from '../e2e/backend-process.ts';
import type { BackendProcess } from '../e2e/backend-process.ts';
import { certificatesOf, elementText, ForeignClient, hardware, makeKey, pemOf } from '../e2e/foreign-client.ts';
import * as walk from '../e2e/foreign-walk.ts';
import type { Target } from '../e2e/foreign-walk.ts';

const run = promisify(execFile);
const TENANT = testTenant();
let backend: BackendProcess;
let target: Target;
let client: ForeignClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-openssl-'));
  backend = await startProcess({ tenant: TENANT });
  target = targetOf(readyOf(backend), TENANT);
  client = new ForeignClient(readyOf(backend).caPem);
});

afterAll(async () => {
  client.close();
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What `openssl s_client` prints of a handshake; it fails where the chain or the name does not verify. */
async function handshake(port: string, name: string, ...more: string[]): Promise<string> {
  const { caPath } = readyOf(backend);
  const verifying = ['-CAfile', caPath, '-verify_return_error', '-verify_hostname', name, '-servername', name];
  const child = run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...verifying, ...more]);
  child.child.stdin?.end();
  const { stdout, stderr } = await child;
  return stdout + stderr;
}

describe('openssl', () => {
  it('verifies the chain of every TLS origin by its name, with the CA path that the backend announces', async () => {
    const { endpoints, names } = readyOf(backend);
    for (const service of SERVICE_NAMES.filter((name) => endpoints[name].startsWith('https:'))) {
      const seen = await handshake(new URL(endpoints[service]).port, names[service], '-alpn', 'h2,http/1.1');
      expect(seen).toContain('Verify return code: 0 (ok)');
      expect(seen).toContain('ALPN protocol: http/1.1');
    }
  });

  it('refuses another name, and an origin whose CA it does not know', async () => {
    const { port } = new URL(readyOf(backend).endpoints.login);
    await expect(handshake(port, 'other.example')).rejects.toThrow(/hostname mismatch/i);
    const unknown = run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error']);
    unknown.child.stdin?.end();
    await expect(unknown).rejects.toThrow(/unable to get (local )?issuer certificate|self-signed/i);
  });

  it('asks for client certificates at management only', async () => {
    const { management, login } = readyOf(backend).endpoints;
    const asked = await handshake(new URL(management).port, 'localhost');
    expect(asked).toMatch(/Acceptable client certificate CA names[\s\S]*Flotilla MDM Device CA/);
    expect(await handshake(new URL(login).port, 'localhost')).toContain('No client certificate CA names sent');
  });

  it('verifies the device certificate of the join and the MDM certificate of the enrollment', async () => {
    const device = hardware(1);
    await walk.importDevice(client, target, device);
    const ticket = await walk.deviceToken(client, target, device);
    const profile = (await walk.profile(client, target, ticket)).json();
    const signedIn = await walk.signInAs(client, target, `user1@${TENANT.domain}`);
    const key = await makeKey();
    const joined = await walk.join(client, target, signedIn.accessToken, await walk.joinBody(key, ticket));
    const devicePem = pemOf((joined.json()['Certificate'] as { RawBody: string }).RawBody);

    const token = await walk.refresh(client, target, signedIn.refreshToken, walk.MDM);
    const discovered = await walk.discover(client, String(signedIn.claims['mdm_enrollment_url']));
    const enrolled = await walk.requestSecurityToken(client, elementText(discovered.text, 'EnrollmentServiceUrl')!, {
      token,
      request: await key.request('CN=ConfigMgrEnroll'),
      context: { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) },
    });
    const [, , mdmPem = ''] = certificatesOf(walk.provisioningOf(enrolled));

    const { caPath } = readyOf(backend);
    const files = { device: join(folder, 'device.pem'), mdm: join(folder, 'mdm.pem'), key: join(folder, 'key.pem') };
    await writeFile(files.device, devicePem);
    await writeFile(files.mdm, mdmPem);
    await writeFile(files.key, key.pem);
    for (const file of [files.device, files.mdm]) {
      const { stdout } = await run('openssl', [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslclient',
        '-CAfile',
        caPath,
        file,
      ]);
      expect(stdout.trim()).toBe(`${file}: OK`);
    }
    const { stdout: text } = await run('openssl', ['x509', '-in', files.device, '-noout', '-text']);
    expect(text).toContain('DC = net, DC = windows, CN = MS-Organization-Access');
    expect(text).toContain(`CN = ${String(profile['AadDeviceId'])}`);
    expect(text).toContain('1.2.840.113556.1.5.284.2');
    expect(text).toContain('TLS Web Client Authentication');

    const { management } = readyOf(backend).endpoints;
    const mutual = await handshake(new URL(management).port, 'localhost', '-cert', files.mdm, '-key', files.key);
    expect(mutual).toContain('Verify return code: 0 (ok)');
  });
});
