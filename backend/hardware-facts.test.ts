import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/units.ts';
import { sha256 } from '../protocol/encoding/digest.ts';
import { encodeHardwareHash } from '../protocol/autopilot/hardware-hash.ts';
import { DEVICE_COMPONENTS } from '../protocol/autopilot/device-token.ts';
import { factsOfDevice, factsOfHash } from './hardware-facts.ts';
import { guidBytes, Identifiers } from './identifiers.ts';
import { Registrations } from './stores/registrations.ts';
import type { HardwareFacts } from './stores/registrations.ts';

const MODULUS = Buffer.alloc(256, 0xc5);
const EPOCH_MS = 1_767_225_600_000;
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

describe('a hash of the same device', () => {
  const inventory = {
    ...NOTHING,
    serialNumber: 'S',
    smbiosUuid: UUID,
    ekModulus: MODULUS,
    manufacturer: 'M',
    product: 'N',
    diskSerials: ['D-1|Model|Vendor'],
    networkAdapters: [{ medium: 14, macAddress: '02:1A:00:00:00:01', busName: null }],
  };
  const at = (collectedMs: number, changes: object = {}): string =>
    encodeHardwareHash({
      ...inventory,
      ...changes,
      tool: {
        toolBuild: { major: 10, minor: 0, revision: 1, build: 26100 },
        osBuild: { major: 10, minor: 0, revision: 1, build: 26100 },
        collectedMs,
        utcOffsetMinutes: 0,
        osType: 2,
        osArchitecture: 9,
        toolVersion: 3,
      },
    });
  const registered = new Registrations(new Identifiers('seed'), new VirtualClock());
  const factsOf = (hash: string): HardwareFacts => {
    const facts = factsOfHash(hash);
    return facts.ok ? facts.value : expect.unreachable(facts.error);
  };
  const first = at(EPOCH_MS);
  registered.register(factsOf(first), { groupTag: 'tag', assignedUser: '' });

  it('taken again later is another text and the same device: it is found, and cannot be registered twice', () => {
    const later = at(EPOCH_MS + DAY_MS, { diskSerials: ['D-2|Model|Vendor'] });
    expect(later).not.toBe(first);
    expect(registered.match(factsOf(later))).toMatchObject({ ok: true, value: { groupTag: 'tag' } });
    expect(registered.register(factsOf(later), { groupTag: '', assignedUser: '' })).toMatchObject({
      error: { code: 806 },
    });
  });

  it('with another mainboard is hardware that changed: 908', () => {
    const board = { smbiosUuid: '99112233-4455-4677-8899-aabbccddeeff', ekModulus: Buffer.alloc(256, 0xc7) };
    expect(registered.match(factsOf(at(EPOCH_MS, board)))).toMatchObject({
      error: { code: 908, name: 'SerialNumberMismatch' },
    });
    // The shop gave the board a serial number of its own, and disk and network adapter are still those.
    expect(registered.match(factsOf(at(EPOCH_MS, { ...board, serialNumber: 'S-2' })))).toMatchObject({
      error: { code: 908 },
    });
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
