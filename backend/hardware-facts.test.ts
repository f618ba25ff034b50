import { describe, expect, it } from 'vitest';
import { sha256 } from '../protocol/digest.ts';
import { encodeHardwareHash } from '../protocol/hardware-hash.ts';
import { DEVICE_COMPONENTS } from '../protocol/device-token.ts';
import { factsOfDevice, factsOfHash } from './hardware-facts.ts';
import { guidBytes } from './identifiers.ts';

const MODULUS = Buffer.alloc(256, 0xc5);
const UUID = '00112233-4455-4677-8899-aabbccddeeff';
const NOTHING = { disks: [], diskSerials: [], networkAdapters: [] };

describe('factsOfHash', () => {
  it('names the endorsement key by its digest', () => {
    const facts = factsOfHash(
      encodeHardwareHash({ ...NOTHING, serialNumber: 'S', smbiosUuid: UUID, ekModulus: MODULUS }),
    );
    const endorsementKeyHash = Buffer.from(sha256(MODULUS)).toString('hex');
    expect(facts).toMatchObject({ ok: true, value: { endorsementKeyHash, smbiosUuid: UUID, serialNumber: 'S' } });
  });

  it('refuses a hash that contradicts itself or names no device', () => {
    const offlineDeviceId = { kind: 1, value: new Uint8Array(32) };
    const contradiction = encodeHardwareHash({ ...NOTHING, ekModulus: MODULUS, offlineDeviceId });
    expect(factsOfHash(contradiction)).toMatchObject({ ok: false, error: expect.stringContaining('contradicts') });
    expect(factsOfHash(encodeHardwareHash({ ...NOTHING, manufacturer: 'M' }))).toMatchObject({ ok: false });
    expect(factsOfHash('AAAA')).toMatchObject({ ok: false, error: expect.stringContaining('cannot be read') });
  });
});

describe('factsOfDevice', () => {
  const text = (id: number, value: string): { id: number; value: Buffer } => ({ id, value: Buffer.from(value) });
  const key = { modulus: MODULUS, exponent: Uint8Array.of(1, 0, 1) };

  it('reads the UUID as text or in bytes, and says the same of a device as its hash does', () => {
    const components = [
      text(DEVICE_COMPONENTS.smbiosSerialNumber, 'S\0'),
      text(DEVICE_COMPONENTS.smbiosUuid, UUID.toUpperCase()),
    ];
    const inBytes = [components[0]!, { id: DEVICE_COMPONENTS.smbiosUuid, value: guidBytes(UUID) }];
    const request = { memberName: '02', password: 'p', endorsementKey: key };
    const expected = factsOfHash(
      encodeHardwareHash({ ...NOTHING, serialNumber: 'S', smbiosUuid: UUID, ekModulus: MODULUS }),
    );
    expect(factsOfDevice({ ...request, components })).toEqual(expected);
    expect(factsOfDevice({ ...request, components: inBytes })).toEqual(expected);
  });

  it('refuses a digest that is not that of the key', () => {
    const components = [{ id: DEVICE_COMPONENTS.endorsementKeyHash, value: new Uint8Array(32) }];
    const facts = factsOfDevice({ memberName: '02', password: 'p', components, endorsementKey: key });
    expect(facts.ok).toBe(false);
  });
});
