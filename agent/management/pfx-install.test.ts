import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildCertificate } from '../../protocol/pki/certificate.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { writePkcs12 } from '../../protocol/pki/pkcs12.ts';
import { ManagementTree } from './tree.ts';

const makeKey = (): { der: Uint8Array; publicKeyInfo: Uint8Array; sign: (bytes: Uint8Array) => Uint8Array } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    der: privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  };
};
const key = makeKey();
const certificateOf = ({ publicKeyInfo, sign }: typeof key): Uint8Array =>
  buildCertificate(
    {
      serial: Uint8Array.of(1),
      subject: [{ type: 'CN', value: 'user' }],
      issuer: [{ type: 'CN', value: 'CA' }],
      notBeforeMs: 0,
      notAfterMs: 1000,
      publicKeyInfo,
      extensions: [],
    },
    { algorithm: 'RS256', publicKeyInfo, sign },
  );
const certificate = certificateOf(key);

function blobOf(privateKey: Uint8Array): string {
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(5);
  const parts = { certificates: [certificate] as const, privateKey, password: 'right', random };
  return Buffer.from(writePkcs12({ ...parts, iterations: 3, macIterations: 3 })).toString('base64');
}
const BLOB = blobOf(key.der);

const NODE = './Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/one';
let tree: ManagementTree;

beforeEach(() => {
  tree = new ManagementTree({
    deviceId: 'd',
    entraDeviceId: 'd',
    providerId: 'p',
    upn: 'u',
    identity: () => {
      throw new Error('not asked for');
    },
    hardwareHash: () => '',
  });
});

function set(name: string, data: string): number {
  return tree.add(`${NODE}/${name}`, { data, format: undefined }).status;
}

const get = (name: string): string | undefined => tree.get(`${NODE}/${name}`).value;

describe('a PFX', () => {
  it('is installed once blob and password are there, in either order, and only its thumbprint stays', () => {
    for (const order of [
      ['PFXCertBlob', 'PFXCertPassword'],
      ['PFXCertPassword', 'PFXCertBlob'],
    ]) {
      tree.delete(NODE);
      for (const name of order) expect(set(name, name === 'PFXCertBlob' ? BLOB : 'right')).toBe(200);
      expect(get('Status')).toBe('0');
      expect(get('Thumbprint')).toBe(sha1Thumbprint(certificate));
      expect(get('PFXCertBlob')).toBe('');
      expect(get('PFXCertPassword')).toBe('');
    }
  });

  it.each([
    ['a wrong password', BLOB, 'wrong', '86'],
    ['what is no base64', '***', 'right', String(0x8009310b | 0)],
    ['what is no PKCS #12', 'MAMCAQE=', 'right', String(0x8009310b | 0)],
    ['a key of another certificate', blobOf(makeKey().der), 'right', String(0x80092004 | 0)],
  ])('fails with the code of PFXImportCertStore for %s', (_name, blob, password, status) => {
    set('PFXCertPassword', password);
    set('PFXCertBlob', blob);
    expect(get('Status')).toBe(status);
    expect(get('Thumbprint')).toBe('0');
  });

  it('waits for its password, and takes none that is encrypted', () => {
    set('PFXCertBlob', BLOB);
    expect(get('Status')).toBe('86');
    set('PFXCertPasswordEncryptionType', '1');
    set('PFXCertPassword', 'right');
    expect(get('Status')).toBe(String(0x80090029 | 0));
  });

  it('takes the place of another', () => {
    set('PFXCertPassword', 'wrong');
    set('PFXCertBlob', BLOB);
    expect(set('PFXCertBlob', BLOB)).toBe(418);
    expect(tree.replace(`${NODE}/PFXCertBlob`, { data: BLOB, format: undefined }).status).toBe(200);
    expect(get('Status')).toBe('86');
    tree.replace(`${NODE}/PFXCertPassword`, { data: 'right', format: undefined });
    expect(get('Status')).toBe('0');
    expect(get('Thumbprint')).toBe(sha1Thumbprint(certificate));
  });

  it('has a key that can be exported in software only', () => {
    set('KeyLocation', '1');
    expect(set('PFXKeyExportable', 'true')).toBe(500);
    expect(set('PFXKeyExportable', 'false')).toBe(200);
    tree.replace(`${NODE}/KeyLocation`, { data: '3', format: undefined });
    expect(tree.replace(`${NODE}/PFXKeyExportable`, { data: 'true', format: undefined }).status).toBe(200);
  });

  it('that is not there answers 0 below it', () => {
    for (const name of ['Status', 'Thumbprint', 'PFXCertBlob', 'KeyLocation']) expect(get(name)).toBe('0');
  });
});
