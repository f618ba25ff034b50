import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { decodeHardwareHash } from '../../protocol/autopilot/hardware-hash.ts';
import { encodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import { parseRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import { decodeTpm2bPublic } from '../../protocol/autopilot/tpm-public.ts';
import { deviceIdentity } from './device-identity.ts';
import type { DeviceIdentity } from './device-identity.ts';
import { TpmAuthority } from './ek-certificate.ts';
import { mint } from './mint.ts';
import type { MintOptions } from './mint.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);
const identity = (index: number): DeviceIdentity =>
  deviceIdentity('mint', index, DEVICE_MODELS['fleetbook-arm'], EPOCH_MS);

function files(options: Partial<MintOptions>): Map<string, Buffer> {
  const all = mint({ count: 3, epochMs: EPOCH_MS, identity, tpm: false, ...options });
  return new Map([...all].map(({ path, bytes }) => [path, Buffer.from(bytes)]));
}

describe('minted files', () => {
  it('are registration CSVs of 500 rows that agree with the identities', () => {
    const minted = files({ count: 1001, registration: (index) => ({ groupTag: `tag-${index % 2}` }) });
    expect([...minted.keys()]).toEqual(['registration-001.csv', 'registration-002.csv', 'registration-003.csv']);
    const rows = [...minted.values()].map((bytes) => {
      const read = parseRegistrationCsv(bytes.toString('latin1'));
      return read.ok ? read.value.rows : [];
    });
    expect(rows.map(({ length }) => length)).toEqual([500, 500, 1]);
    const last = rows[2]![0]!;
    expect(last).toMatchObject({ serialNumber: identity(1000).serialNumber, groupTag: 'tag-0' });
    expect(decodeHardwareHash(last.hardwareHash)).toMatchObject({
      ok: true,
      value: { smbiosUuid: identity(1000).smbiosUuid },
    });
  });

  it('are the same bytes each time', () => {
    expect(files({ tpm: true })).toEqual(files({ tpm: true }));
  });

  it('show each TPM: public area and certificate of one key', () => {
    const minted = files({ tpm: true });
    expect([...minted.keys()].filter((path) => path.startsWith('tpm/')).sort()).toEqual(
      ['tpm/ca.pem', ...[0, 1, 2].flatMap((index) => [`tpm/${index}.ek.pem`, `tpm/${index}.ek.pub`])].sort(),
    );
    const area = decodeTpm2bPublic(minted.get('tpm/2.ek.pub')!);
    expect(area.ok && area.value.type === 'rsa' && Buffer.from(area.value.modulus)).toEqual(
      Buffer.from(identity(2).tpm.ekModulus()),
    );
    const certificate = new X509Certificate(minted.get('tpm/2.ek.pem')!);
    const spki = Buffer.from(encodeRsaPublicKeyInfo(identity(2).tpm.ekModulus()));
    expect(certificate.publicKey.equals(createPublicKey({ key: spki, format: 'der', type: 'spki' }))).toBe(true);
  });
});

describe('the TPM manufacturer', () => {
  const authority = new TpmAuthority(EPOCH_MS);
  const root = new X509Certificate(authority.certificate);

  it('says of itself that it is simulated, and signs itself', () => {
    expect(root.subject).toContain('SIMULATED');
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  });

  it('certifies endorsement keys as their profile has it', () => {
    const certificate = new X509Certificate(authority.certify(identity(5)));
    expect(certificate.checkIssued(root)).toBe(true);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.subject).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['2.23.133.8.1']);
    // How the attributes are named differs between versions of OpenSSL.
    for (const value of ['id:53494D44', 'SimTPM-D', 'id:000B0001']) expect(certificate.subjectAltName).toContain(value);
    expect(certificate.validFromDate.getTime()).toBe(identity(5).hashCollectedMs - 365 * 86_400_000);
    expect(certificate.validToDate.getTime()).toBeGreaterThan(EPOCH_MS + 3650 * 86_400_000);
  });

  it('gives every certificate its own serial number, the same in each run', () => {
    const serials = [0, 1, 2, 0].map((index) => new X509Certificate(authority.certify(identity(index))).serialNumber);
    expect(new Set(serials).size).toBe(3);
    expect(serials[3]).toBe(serials[0]);
  });
});
