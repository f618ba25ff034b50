// OpenSSL's view of what travels by SCEP and PKCS, in both directions, and an enrollment by a SCEP client that is not ours:
// strongSwan's `pki` (Debian: strongswan-pki, and libstrongswan-extra-plugins for its HTTP).
import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPool } from '../../agent/identity/keys.ts';
import type { DeviceNetwork } from '../../agent/network/device-network.ts';
import { Reply } from '../../agent/network/reply.ts';
import type { ExchangeRequest } from '../../agent/network/request.ts';
import { requestCertificate } from '../../agent/services/certificates.ts';
import { pfxFor } from '../../backend/certificates/pfx.ts';
import { testTenant as unitTenant } from '../../backend/fixtures/tenant.ts';
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import { extendedKeyUsage, keyUsage, subjectAltNames } from '../../protocol/pki/certificate.ts';
import { openEnvelopedData, parseEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { isSignedWith, parseSignedData } from '../../protocol/pki/cms-signed.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { fromPem } from '../../protocol/encoding/pem.ts';
import { openPkcs12, parsePkcs12 } from '../../protocol/pki/pkcs12.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import { parseScepMessage } from '../../protocol/pki/scep.ts';
import { EPOCH_MS, readyOf, startProcess, testTenant } from '../e2e/backend-process.ts';
import type { BackendProcess } from '../e2e/backend-process.ts';

const run = promisify(execFile);
const key = keyPool('pool').deviceKey('system', 1, 'scep-1');
let backend: BackendProcess;
let folder: string;
let serverUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-scep-'));
  backend = await startProcess({ tenant: testTenant() });
  serverUrl = `${readyOf(backend).endpoints.certificates}/certsrv/mscep/mscep.dll`;
});

afterAll(async () => {
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the command prints, on both channels. */
async function command(name: string, ...parameters: string[]): Promise<string> {
  const { stdout, stderr } = await run(name, parameters, { cwd: folder });
  return stdout + stderr;
}

const openssl = (...parameters: string[]): Promise<string> => command('openssl', ...parameters);

function file(name: string, content: string | Uint8Array): Promise<void> {
  return writeFile(join(folder, name), content);
}

async function order(): Promise<{ challenge: string; caThumbprint: string }> {
  const { admin, endpoints } = readyOf(backend);
  const headers = { authorization: `Bearer ${admin.token}` };
  const page = await (await fetch(`${endpoints.certificates}/certsrv/mscep_admin/`, { headers })).text();
  const field = (name: string): string => new RegExp(`id="${name}">([^<]+)<`).exec(page)?.[1] ?? '';
  return { challenge: field('challenge'), caThumbprint: field('thumbprint') };
}

describe('openssl reads what a device and the service exchange', () => {
  const sent: Record<string, { request: Uint8Array; reply: Buffer }> = {};

  beforeAll(async () => {
    const exchange = async (_service: string, operation: string, request: ExchangeRequest): Promise<unknown> => {
      const { method, target, headers = {}, body } = request;
      const answer = await fetch(target, { method, headers, ...(body !== undefined && { body: Buffer.from(body) }) });
      const reply = Buffer.from(await answer.arrayBuffer());
      sent[operation] = { request: Buffer.from(body ?? ''), reply };
      return ok(new Reply(answer.status, [], reply));
    };
    const stream = new RandomStream('system');
    const issued = await requestCertificate({ exchange } as unknown as DeviceNetwork, {
      ...(await order()),
      serverUrl,
      subject: [{ type: 'CN', value: 'device' }],
      extensions: [
        keyUsage('digitalSignature', 'keyEncipherment'),
        extendedKeyUsage(OID.clientAuth),
        subjectAltNames([{ type: 'upn', value: 'user@x.example' }]),
      ],
      key,
      wallMs: EPOCH_MS,
      random: (length) => stream.bytes(length),
    });
    expect(issued).toMatchObject({ ok: true, value: { kind: 'issued' } });
    await file('request.der', sent['enroll']!.request);
    await file('reply.der', sent['enroll']!.reply);
    await file('authorities.der', sent['ca-certificate']!.reply);
    await file('key.pem', key.pkcs1Pem());
  });

  it('GetCACert, and the chain of the authority', async () => {
    const certificates = await openssl('pkcs7', '-inform', 'DER', '-in', 'authorities.der', '-print_certs');
    const [own = '', issuing = '', root = ''] = certificates.match(/-----BEGIN[^]*?END CERTIFICATE-----\n/g) ?? [];
    await file('own.pem', own);
    await file('issuing.pem', issuing);
    await file('root.pem', root);
    await file('chain.pem', issuing + root);
    expect(await openssl('verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'own.pem')).toBe(
      'own.pem: OK\n',
    );
  });

  it('the request: signed by a certificate that signed itself, sealed for the authority', async () => {
    const parameters = ['-inform', 'DER', '-in', 'request.der', '-noverify', '-signer', 'self.pem'];
    expect(await openssl('cms', '-verify', ...parameters, '-out', 'sealed.der')).toMatch(/Verification successful/);
    expect(await openssl('verify', '-CAfile', 'self.pem', '-no_check_time', 'self.pem')).toBe('self.pem: OK\n');
    const printed = await openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'sealed.der');
    expect(printed).toMatch(/contentType: pkcs7-envelopedData/);
    expect(printed).toMatch(/issuer: O=Flotilla \(SIMULATED\), CN=Flotilla Issuing CA/);
    expect(printed).toMatch(/algorithm: aes-128-cbc/);
  });

  it('the answer: signed by the authority, with a certificate for the key', async () => {
    const trust = ['-CAfile', 'chain.pem', '-purpose', 'any'];
    const verified = await openssl(
      'cms',
      '-verify',
      '-inform',
      'DER',
      '-in',
      'reply.der',
      ...trust,
      '-out',
      'reply-sealed.der',
    );
    expect(verified).toMatch(/Verification successful/);
    const recipient = ['-inkey', 'key.pem', '-recip', 'self.pem'];
    await openssl('cms', '-decrypt', '-inform', 'DER', '-in', 'reply-sealed.der', ...recipient, '-out', 'bag.der');
    await file('issued.pem', await openssl('pkcs7', '-inform', 'DER', '-in', 'bag.der', '-print_certs'));
    const verify = ['-purpose', 'sslclient', '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'issued.pem'];
    expect(await openssl('verify', '-x509_strict', ...verify)).toBe('issued.pem: OK\n');
    const text = await openssl('x509', '-in', 'issued.pem', '-noout', '-text');
    expect(text).toContain('Subject: CN = device');
    expect(text).toContain('TLS Web Client Authentication');
    expect(text).toContain('UPN::user@x.example');
    const modulus = await openssl('rsa', '-in', 'key.pem', '-noout', '-modulus');
    expect(modulus).toContain(await openssl('x509', '-in', 'issued.pem', '-noout', '-modulus'));
  });
});

describe('what openssl writes is read here', () => {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let certificate: Uint8Array;

  beforeAll(async () => {
    await file('own.key', own.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const subject = ['-subj', '/CN=foreign', '-days', '1', '-out', 'foreign.pem'];
    await openssl('req', '-new', '-x509', '-key', 'own.key', ...subject);
    const pem = fromPem(await readFile(join(folder, 'foreign.pem'), 'utf8'));
    if (!pem.ok) throw new Error(pem.error.reason);
    certificate = pem.value[0]!.der;
    await file('content.txt', 'x'.repeat(5000));
  });

  it.each(['-aes128', '-aes256', '-des3'])('an envelope with %s, streamed with indefinite lengths', async (cipher) => {
    const parameters = ['-binary', '-stream', '-in', 'content.txt', '-outform', 'DER', '-out', 'foreign.der'];
    await openssl('cms', '-encrypt', cipher, ...parameters, 'foreign.pem');
    const bytes = await readFile(join(folder, 'foreign.der'));
    expect(bytes[1]).toBe(0x80);
    const read = parseEnvelopedData(bytes);
    if (!read.ok) throw new Error(read.error.reason);
    const { privateDecrypt, constants } = await import('node:crypto');
    const decrypt = (sealed: Uint8Array): Uint8Array =>
      privateDecrypt({ key: own.privateKey, padding: constants.RSA_PKCS1_PADDING }, sealed);
    const opened = openEnvelopedData(read.value, certificate, { decrypt });
    expect(opened.ok && Buffer.from(opened.value).toString()).toBe('x'.repeat(5000));
  });

  it.each(['sha256', 'sha384', 'sha512'])('a signature with %s over streamed content', async (digest) => {
    const signer = ['-signer', 'foreign.pem', '-inkey', 'own.key', '-md', digest];
    const parameters = [
      '-binary',
      '-nodetach',
      '-stream',
      '-in',
      'content.txt',
      '-outform',
      'DER',
      '-out',
      'signed.der',
    ];
    await openssl('cms', '-sign', ...signer, ...parameters);
    const read = parseSignedData(await readFile(join(folder, 'signed.der')));
    if (!read.ok) throw new Error(read.error.reason);
    const publicKey = rsaPublicKey(own.publicKey.export({ type: 'spki', format: 'der' }))!;
    expect(read.value.content?.length).toBe(5000);
    expect(isSignedWith(read.value.signers[0]!, read.value, publicKey)).toBe(true);
    expect(parseScepMessage(await readFile(join(folder, 'signed.der')))).toMatchObject({
      error: { reason: 'messageType is missing' },
    });
  });

  it('a PKCS #12 file with its defaults', async () => {
    const parameters = ['-inkey', 'own.key', '-in', 'foreign.pem', '-passout', 'pass:pässword', '-out', 'foreign.p12'];
    await openssl('pkcs12', '-export', ...parameters);
    const parsed = parsePkcs12(await readFile(join(folder, 'foreign.p12')));
    if (!parsed.ok) throw new Error(parsed.error.reason);
    expect(parsed.value.mac).toMatchObject({ digest: 'sha256', iterations: 2048 });
    const opened = openPkcs12(parsed.value, 'pässword');
    if (!opened.ok) throw new Error(opened.error);
    expect(Buffer.from(opened.value.certificates[0]!)).toEqual(Buffer.from(certificate));
    const read = createPrivateKey({ key: Buffer.from(opened.value.privateKeys[0]!), format: 'der', type: 'pkcs8' });
    expect(read.equals(own.privateKey)).toBe(true);
    expect(openPkcs12(parsed.value, 'password')).toEqual({ ok: false, error: 'password' });
  });
});

it('openssl opens a PFX of the tenant without its legacy provider', async () => {
  const { tenant } = unitTenant();
  const { blob, password } = pfxFor(tenant, {
    managedDeviceId: 'device',
    scope: 'user',
    number: 1,
    upn: 'u@x.example',
  });
  await file('tenant.p12', blob);
  const opened = await openssl('pkcs12', '-in', 'tenant.p12', '-passin', `pass:${password}`, '-nodes', '-info');
  expect(opened).toContain('MAC: sha256');
  expect(opened).toContain('PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256');
  expect(opened).toContain('subject=CN = u@x.example');
  await file('tenant.pem', opened);
  const modulus = await openssl('x509', '-in', 'tenant.pem', '-noout', '-modulus');
  expect(await openssl('rsa', '-in', 'tenant.pem', '-noout', '-modulus')).toBe(modulus);
  await expect(openssl('pkcs12', '-in', 'tenant.p12', '-passin', 'pass:wrong', '-nodes')).rejects.toThrow(
    /invalid password/,
  );
});

describe("strongSwan's SCEP client", () => {
  it('finds the authorities and enrolls', async () => {
    await command('pki', '--scepca', '--url', serverUrl, '--caout', 'ca.crt', '--raout', 'ra.crt', '--outform', 'pem');
    await openssl('genrsa', '-out', 'swan.key', '2048');
    const { challenge } = await order();
    const authorities = [
      '--cacert-enc',
      'ra.crt',
      '--cacert-sig',
      'ra.crt',
      '--cacert',
      'ca.crt',
      '--cacert',
      'ca-1.crt',
    ];
    const wanted = ['--dn', 'O=x, CN=swan', '--san', 'swan.example', '--password', challenge];
    const asked = ['--scep', '--url', serverUrl, ...wanted, ...authorities, '--outform', 'pem'];
    const { stdout } = await run('pki', [...asked, '--in', 'swan.key'], { cwd: folder });
    await file('swan.pem', stdout);
    const text = await openssl('x509', '-in', 'swan.pem', '-noout', '-text');
    expect(text).toContain('Subject: O = x, CN = swan');
    expect(text).toContain('DNS:swan.example');
    const chain = ['-CAfile', 'ca.crt', '-untrusted', 'ca-1.crt', 'swan.pem'];
    expect(await openssl('verify', '-x509_strict', ...chain)).toBe('swan.pem: OK\n');
    // For another key the challenge is worth nothing any more.
    await openssl('genrsa', '-out', 'other.key', '2048');
    await expect(run('pki', [...asked, '--in', 'other.key'], { cwd: folder })).rejects.toThrow(/badRequest|failed/);
  });
});
