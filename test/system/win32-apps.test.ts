// A foreign client gets an app from the embedded gateway as public write-ups say: mutual TLS, the policies, the keys in an envelope
// that OpenSSL opens, and the content that OpenSSL decrypts. The backend is a process of its own.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Win32AppContent } from '../../catalog/content.ts';
import { readyOf, startProcess, targetOf, testTenant } from '../e2e/backend-process.ts';
import type { BackendProcess } from '../e2e/backend-process.ts';
import { certificatesOf, elementText, ForeignClient, makeKey } from '../e2e/foreign-client.ts';
import type { ForeignReply } from '../e2e/foreign-client.ts';
import * as walk from '../e2e/foreign-walk.ts';

const run = promisify(execFile);
const APPS: readonly Win32AppContent[] = [
  { name: 'Reader', sizeBytes: 300_000, blocking: true, dependsOn: ['Runtime'], restart: 'suppress' },
  { name: 'Runtime', sizeBytes: 50_000, blocking: false, dependsOn: [], restart: 'by-exit-code' },
];
const PLAIN = testTenant();
const [GROUP] = PLAIN.groups;
const TENANT = testTenant({
  groups: [
    { ...GROUP!, esp: { ...GROUP!.esp, blocks: 'selected', device: { ...GROUP!.esp.device, win32Apps: APPS } } },
  ],
});
const SESSION = '3b1c0e0a-0000-4000-8000-000000000001';

let backend: BackendProcess;
let client: ForeignClient;
let folder: string;
let files: { readonly certificate: string; readonly key: string };
let certificateDer: Buffer;
let gatewayUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-win32-'));
  backend = await startProcess({ tenant: TENANT });
  const ready = readyOf(backend);
  const target = targetOf(ready, TENANT);
  const stranger = new ForeignClient(ready.caPem);
  const { signedIn, profile } = await walk.joined(stranger, target, 1);
  const token = await walk.refresh(stranger, target, signedIn.refreshToken, walk.MDM);
  const discovered = await walk.discover(stranger, String(signedIn.claims['mdm_enrollment_url']));
  const key = await makeKey();
  const enrolled = await walk.requestSecurityToken(stranger, elementText(discovered.text, 'EnrollmentServiceUrl')!, {
    token,
    request: await key.request('CN=ConfigMgrEnroll'),
    context: { ...walk.CONTEXT, ZeroTouchProvisioning: String(profile['ZtdRegistrationId']) },
  });
  stranger.close();
  const [, , certificate = ''] = certificatesOf(walk.provisioningOf(enrolled));
  certificateDer = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  files = { certificate: join(folder, 'mdm.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key.pem);
  client = new ForeignClient(ready.caPem, { cert: certificate, key: key.pem });
  const path = '/RestUserAuthLocationService/RestUserAuthLocationService/Certificate/ServiceAddresses';
  const addresses = (await client.send(`${ready.endpoints.gateway}${path}`)).json() as unknown as {
    Services: { ServiceName: string; Url: string }[];
  }[];
  gatewayUrl = addresses[0]!.Services.find(({ ServiceName }) => ServiceName === 'SideCarGatewayService')!.Url;
});

afterAll(async () => {
  client.close();
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One session as public clients make it; its payload. */
async function session(type: string, payload: unknown): Promise<string> {
  const reply: ForeignReply = await client.send(`${gatewayUrl}/SideCarGatewaySessions('${SESSION}')?api-version=1.5`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', prefer: 'return-content' },
    body: JSON.stringify({
      Key: SESSION,
      SessionId: SESSION,
      RequestContentType: type,
      RequestPayload: JSON.stringify(payload),
      ResponseContentType: null,
      ClientInfo: JSON.stringify({
        DeviceName: 'FOREIGN-1',
        OperatingSystemVersion: '10.0.19045',
        SideCarAgentVersion: '1.83.107.0',
      }),
      ResponsePayload: null,
      CheckinReason: 'AgentRestart',
      CheckinReasonPayload: null,
    }),
  });
  expect(reply.status).toBe(200);
  return String(reply.json()['ResponsePayload']);
}

async function policies(type: string): Promise<Record<string, unknown>[]> {
  const bytes = Buffer.from(await session(type, []), 'base64');
  const json = gunzipSync(bytes.subarray(4));
  expect(bytes.readUInt32LE()).toBe(json.length);
  return JSON.parse(json.toString()) as Record<string, unknown>[];
}

describe('a foreign management extension', () => {
  it('gets the policies of its apps', async () => {
    const selected = await policies('GetSelectedApp');
    expect(selected.map(({ Name, Targeted }) => [Name, Targeted])).toEqual([
      ['Reader', 1],
      ['Runtime', 0],
    ]);
    expect(JSON.parse(String(selected[0]!['InstallEx']))).toMatchObject({ DeviceRestartBehavior: 2, MaxRetries: 3 });
    expect(await policies('RequestApplication')).toHaveLength(2);
  });

  it('opens the envelope of the keys and the content with OpenSSL, and finds a zip', async () => {
    const [app] = await policies('GetSelectedApp');
    const info = JSON.parse(
      await session('GetContentInfo', {
        ApplicationId: app!['Id'],
        ApplicationVersion: app!['Version'],
        Intent: app!['Intent'],
        CertificateBlob: certificateDer.toString('base64'),
        ContentInfo: null,
        DecryptInfo: null,
      }),
    ) as Record<string, string>;
    const { UploadLocation: url, FileSize: size } = JSON.parse(info['ContentInfo']!) as Record<string, string>;

    const envelope = join(folder, 'envelope.der');
    await writeFile(envelope, Buffer.from(elementText(info['DecryptInfo']!, 'EncryptedContent')!, 'base64'));
    const recipient = ['-recip', files.certificate, '-inkey', files.key];
    const { stdout } = await run('openssl', ['cms', '-decrypt', '-inform', 'DER', '-in', envelope, ...recipient]);
    const keys = JSON.parse(stdout) as Record<string, string>;

    const whole = (await client.send(url!)).body;
    const half = await client.send(url!, { headers: { range: 'bytes=150000-' } });
    expect([whole.length, half.status]).toEqual([Number(size), 206]);
    expect(half.body.equals(whole.subarray(150_000))).toBe(true);
    const mac = createHmac('sha256', Buffer.from(keys['MacKey']!, 'base64')).update(whole.subarray(32)).digest();
    expect(mac.equals(whole.subarray(0, 32))).toBe(true);

    const [encrypted, plain] = [join(folder, 'content.bin'), join(folder, 'content.zip')];
    await writeFile(encrypted, whole.subarray(48));
    const hex = (name: string) => Buffer.from(keys[name]!, 'base64').toString('hex');
    const cipher = ['enc', '-d', '-aes-256-cbc', '-K', hex('EncryptionKey'), '-iv', hex('IV')];
    await run('openssl', [...cipher, '-in', encrypted, '-out', plain]);
    const zip = await readFile(plain);
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    const at = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
    expect(crc32(zip.subarray(at, at + zip.readUInt32LE(18)))).toBe(zip.readUInt32LE(14));
  });
});
