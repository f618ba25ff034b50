// What `flotilla mint` writes, read by the programs that others trust: tpm2-tools and OpenSSL. Needs Debian's tpm2-tools and
// openssl.
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import { keyPool } from '../../agent/identity/keys.ts';
import { mint } from '../../agent/identity/mint.ts';
import { DEVICE_MODEL_NAMES, DEVICE_MODELS } from '../../catalog/device-models.ts';
import type { DeviceIdentity } from '../../agent/identity/device-identity.ts';
import { extendedKeyUsage, rawExtension } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import { encodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import { ekName, encodeTpm2bPublic, rsaAkPublic } from '../../protocol/autopilot/tpm-public.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);
const COUNT = DEVICE_MODEL_NAMES.length;
let folder = '';

function identity(index: number): DeviceIdentity {
  return deviceIdentity('system', index, DEVICE_MODELS[DEVICE_MODEL_NAMES[index]!], EPOCH_MS);
}

function tool(name: string, ...words: string[]): string {
  return execFileSync(name, words, { cwd: folder, encoding: 'utf8' });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flotilla-identity-'));
  mkdirSync(path.join(folder, 'tpm'));
  for (const { path: name, bytes } of mint({ count: COUNT, epochMs: EPOCH_MS, identity, tpm: true })) {
    writeFileSync(path.join(folder, name), bytes);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('tpm2_print', () => {
  it('reads every endorsement key as the RSA-2048 default template', () => {
    for (let index = 0; index < COUNT; index++) {
      const printed = tool('tpm2_print', '-t', 'TPM2B_PUBLIC', `tpm/${index}.ek.pub`);
      expect(printed).toContain('value: fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|restricted|decrypt');
      expect(printed).toContain('value: rsa');
      expect(printed).toContain('sym-keybits: 128');
      expect(printed).toContain(`rsa: ${Buffer.from(identity(index).tpm.ekModulus()).toString('hex')}`);
    }
  });

  it('gives the key that the certificate is for', () => {
    const printed = tool('tpm2_print', '-t', 'TPM2B_PUBLIC', '-f', 'pem', 'tpm/0.ek.pub');
    const der = Buffer.from(encodeRsaPublicKeyInfo(identity(0).tpm.ekModulus()));
    expect(createPublicKey(printed).equals(createPublicKey({ key: der, format: 'der', type: 'spki' }))).toBe(true);
    expect(
      createPublicKey(tool('openssl', 'x509', '-in', 'tpm/0.ek.pem', '-noout', '-pubkey')).equals(
        createPublicKey(printed),
      ),
    ).toBe(true);
  });

  it('reads an attestation key', () => {
    writeFileSync(path.join(folder, 'ak.pub'), encodeTpm2bPublic(rsaAkPublic(identity(1).tpm.ekModulus())));
    expect(tool('tpm2_print', '-t', 'TPM2B_PUBLIC', 'ak.pub')).toContain('value: rsassa');
  });
});

it('tpm2_makecredential takes the endorsement key and a name', () => {
  writeFileSync(path.join(folder, 'secret'), 'sixteen bytes...');
  const name = Buffer.from(ekName(identity(0).tpm.ekModulus())).toString('hex');
  tool('tpm2_makecredential', '-T', 'none', '-u', 'tpm/0.ek.pub', '-s', 'secret', '-n', name, '-o', 'credential');
});

describe('openssl', () => {
  it('verifies every certificate against the authority, strictly too', () => {
    for (let index = 0; index < COUNT; index++) {
      const file = `tpm/${index}.ek.pem`;
      expect(tool('openssl', 'verify', '-CAfile', 'tpm/ca.pem', file)).toBe(`${file}: OK\n`);
      expect(tool('openssl', 'verify', '-x509_strict', '-CAfile', 'tpm/ca.pem', file)).toBe(`${file}: OK\n`);
    }
  });

  it('reads what the certificate says of the TPM', () => {
    const text = tool('openssl', 'x509', '-in', 'tpm/0.ek.pem', '-noout', '-text');
    expect(text).toMatch(/Subject: *\n/);
    expect(text).toMatch(/Subject Alternative Name: critical\s+DirName:\/2\.23\.133\.2\.1=id:53494D41\//);
    expect(text).toMatch(/Key Usage: critical\s+Key Encipherment/);
    expect(text).toMatch(/Extended Key Usage: *\s+2\.23\.133\.8\.1/);
  });

  it('checks a pooled key and a certificate request made with it', () => {
    const key = keyPool('pool').deviceKey('system', 3, 'mdm');
    writeFileSync(path.join(folder, 'key.pem'), key.pkcs1Pem());
    expect(tool('openssl', 'rsa', '-in', 'key.pem', '-check', '-noout')).toContain('RSA key ok');
    const request = buildCertificateRequest(
      {
        subject: [{ type: 'CN', value: '9C5D3A4E-1B2C-4D5E-8F90-A1B2C3D4E5F6!00FF' }],
        publicKeyInfo: key.publicKeyInfo,
        extensions: [extendedKeyUsage(OID.clientAuth), rawExtension(OID.hardwareDeviceId, Buffer.from('00FF'))],
      },
      key,
    );
    writeFileSync(path.join(folder, 'request.pem'), toPem('CERTIFICATE REQUEST', request));
    const text = tool('openssl', 'req', '-in', 'request.pem', '-noout', '-verify', '-text');
    expect(text).toContain('CN = 9C5D3A4E-1B2C-4D5E-8F90-A1B2C3D4E5F6!00FF');
    expect(text).toContain('TLS Web Client Authentication');
    expect(text).toContain('1.3.6.1.4.1.311.66.1.0');
  });
});
