import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHardwareHash, encodeHardwareHash } from './hardware-hash.ts';
import type { HardwareInventory } from './hardware-hash.ts';

const NOTHING: HardwareInventory = { disks: [], diskSerials: [], networkAdapters: [] };

/** A hash put together by hand: records as hex after the header, then a trailer if wanted. */
function byHand(records: string, trailer = true): Buffer {
  const head = Buffer.from(`4f410000${records}`, 'hex');
  head.writeUInt16LE(head.length, 2);
  const tail = Buffer.from('43532400', 'hex');
  return trailer ? Buffer.concat([head, tail, createHash('sha256').update(head).digest()]) : head;
}

function decodeBytes(bytes: Buffer): ReturnType<typeof decodeHardwareHash> {
  return decodeHardwareHash(bytes.toString('base64'));
}

describe('encoding', () => {
  it('frames records with header, digest and zeros to 3000 bytes', () => {
    const text = encodeHardwareHash({ ...NOTHING, serialNumber: 'SIM1' });
    expect(text.length).toBe(4000);
    const bytes = Buffer.from(text, 'base64');
    expect(bytes.subarray(0, 13 + 4).toString('hex')).toBe('4f410d000e00090053494d310043532400');
    expect(bytes.subarray(17, 49)).toEqual(createHash('sha256').update(bytes.subarray(0, 13)).digest());
    expect(bytes.subarray(49).every((byte) => byte === 0)).toBe(true);
  });

  it('leaves nothing of the hash before', () => {
    const empty = encodeHardwareHash(NOTHING);
    encodeHardwareHash({ ...NOTHING, product: 'x'.repeat(2000), smbiosUuid: '00112233-4455-6677-8899-aabbccddeeff' });
    expect(encodeHardwareHash(NOTHING)).toBe(empty);
  });

  it.each<[string, Partial<HardwareInventory>, string]>([
    [
      'type 1',
      {
        tool: {
          toolBuild: { major: 10, minor: 0, revision: 1, build: 26100 },
          osBuild: { major: 10, minor: 0, revision: 2, build: 22631 },
          collectedMs: Date.UTC(2022, 7, 2, 17, 13, 55),
          utcOffsetMinutes: -420,
          osType: 2,
          osArchitecture: 9,
          toolVersion: 3,
        },
      },
      '01001c00 00000a000100f465 00000a0002006758 d3177c2a e4 02 09 03',
    ],
    [
      'type 5',
      { memory: { totalGb: 16, maximumGb: 64, slots: 2, arrays: 1, errorCorrection: 3 } },
      '05001900 1000000000000000 4000000000000000 0200 0100 03',
    ],
    ['type 6', { disks: [{ capacityGb: 512, bus: 17, rotating: false }] }, '06001000 00020000 00000000 11 00 00 00'],
    ['type 7, without NUL', { diskSerials: ['AB|C'] }, '07000800 41427c43'],
    [
      'type 8, short',
      { networkAdapters: [{ medium: 14, macAddress: '02:1A:2B:3C:4D:5E', busName: null }] },
      '08000e00 0e000000 021a2b3c4d5e',
    ],
    [
      'type 8 with a bus name',
      { networkAdapters: [{ medium: 0, macAddress: '02:00:00:00:00:01', busName: 'PC' }] },
      '08001800 00000000 020000000001 06000000 500043000000',
    ],
    ['type 10', { chassis: { type: 10, powerPlatformRole: 2 } }, '0a000900 0a02000000'],
    [
      'type 11',
      { offlineDeviceId: { kind: 1, value: new Uint8Array(32).fill(0xab) } },
      '0b002e00 00000000 0100 20000000 ' + 'ab'.repeat(32),
    ],
    ['type 12', { smbiosUuid: '00112233-4455-6677-8899-aabbccddeeff' }, '0c001400 33221100 5544 7766 8899aabbccddeeff'],
    ['type 30', { gpuName: 'G' }, '1e000800 47000000'],
  ])('lays out %s as the reference says, and reads it back', (_, inventory, hex) => {
    const text = encodeHardwareHash({ ...NOTHING, ...inventory });
    const bytes = Buffer.from(text, 'base64');
    expect(bytes.subarray(4, bytes.readUInt16LE(2)).toString('hex')).toBe(hex.replaceAll(' ', ''));
    expect(decodeHardwareHash(text)).toMatchObject({
      ok: true,
      value: { ...NOTHING, ...inventory, trailerValid: true, unknown: [] },
    });
  });

  it('reads back whatever was written', () => {
    const word = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
    const count = fc.integer({ min: 0, max: 0xffff });
    const inventory = fc.record(
      {
        disks: fc.array(fc.record({ capacityGb: fc.nat(), bus: fc.constant(17), rotating: fc.boolean() }), {
          maxLength: 3,
        }),
        diskSerials: fc.array(word, { maxLength: 3 }),
        networkAdapters: fc.array(
          fc.record({
            medium: fc.constantFrom(1, 9, 14),
            macAddress: fc
              .uint8Array({ minLength: 6, maxLength: 6 })
              .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase().match(/../g)!.join(':')),
            busName: fc.option(word),
          }),
          { maxLength: 3 },
        ),
        processor: fc.record({
          architecture: count,
          packages: count,
          cores: count,
          threads: count,
          hyperThreading: fc.boolean(),
        }),
        display: fc.record({ widthMm: count, heightMm: count, widthPx: count, heightPx: count }),
        smbiosUuid: fc.uuid(),
        tpmVersion: word,
        serialNumber: word,
        family: word,
        productKeyId: word,
        ekModulus: fc.uint8Array({ minLength: 256, maxLength: 256 }),
        gpuName: fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.endsWith('\0')),
      },
      { requiredKeys: ['disks', 'diskSerials', 'networkAdapters'] },
    );
    fc.assert(
      fc.property(inventory, (drawn) => {
        expect(decodeHardwareHash(encodeHardwareHash(drawn))).toMatchObject({
          ok: true,
          value: { ...drawn, trailerValid: true, unknown: [] },
        });
      }),
    );
  });
});

describe('decoding takes', () => {
  const modulus = new Uint8Array(256).fill(0x9c);

  it('an EK as a text of base64', () => {
    const text = Buffer.from(`${Buffer.from(modulus).toString('base64')}\0`);
    const head = Buffer.of(25, 0, 0, 0);
    head.writeUInt16LE(4 + text.length, 2);
    const read = decodeBytes(byHand(Buffer.concat([head, text]).toString('hex')));
    expect(read).toMatchObject({ ok: true, value: { ekModulus: modulus, unknown: [] } });
  });

  it('an EK in another form as unknown', () => {
    const read = decodeBytes(byHand('190006000102'));
    expect(read).toMatchObject({ ok: true, value: { unknown: [{ type: 25, offset: 4 }] } });
    expect(read.ok && read.value.ekModulus).toBeUndefined();
  });

  it('a time of zero', () => {
    const read = decodeBytes(byHand(`01001c00${'00'.repeat(24)}`));
    expect(read).toMatchObject({ ok: true, value: { tool: { collectedMs: null, utcOffsetMinutes: 0 } } });
  });

  it('base64 without its padding, and blanks around it', () => {
    const bytes = byHand('0e00090053494d3100');
    const text = bytes.toString('base64').replace(/=+$/, '');
    expect(text.length % 4).not.toBe(0);
    expect(decodeHardwareHash(` ${text}\r\n`)).toMatchObject({ ok: true, value: { serialNumber: 'SIM1' } });
  });

  it('a hash that ends after its records, and says that the trailer is not there', () => {
    expect(decodeBytes(byHand('0e00090053494d3100', false))).toMatchObject({
      ok: true,
      value: { trailerValid: false },
    });
  });

  it('a wrong digest, and says so', () => {
    const bytes = byHand('0e00090053494d3100');
    bytes[bytes.length - 1]! ^= 1;
    expect(decodeBytes(bytes)).toMatchObject({ ok: true, value: { trailerValid: false, serialNumber: 'SIM1' } });
  });

  it('a record of an unknown type', () => {
    const read = decodeBytes(byHand('63000500aa'));
    expect(read.ok && read.value.unknown.map(({ type, value }) => [type, [...value]])).toEqual([[0x63, [0xaa]]]);
  });

  it('a text without NUL', () => {
    expect(decodeBytes(byHand('0e0006005331'))).toMatchObject({ ok: true, value: { serialNumber: 'S1' } });
  });
});

describe('decoding refuses', () => {
  it.each<[string, string, number, string]>([
    ['a character that is not base64', 'T0*B', 2, 'character "*" is not base64'],
    ['half a byte', 'T0EEA', 5, 'in the middle of a byte'],
    ['too much padding', 'T0EEAAAA=', 8, 'wrong number of "="'],
    ['something else', Buffer.from('hello').toString('base64'), 0, 'does not begin with "OA"'],
    ['less than a header', Buffer.from('OA').toString('base64'), 2, 'shorter than the header'],
    ['a length beyond the end', Buffer.from('4f41ff00', 'hex').toString('base64'), 2, 'says 255 bytes of records'],
    ['half a record', byHand('0e00').toString('base64'), 4, 'in the middle of a record'],
    ['a record beyond the end', byHand('0e00090053').toString('base64'), 6, 'says 9 bytes where 5 are left'],
    ['a record without its head', byHand('0e000300').toString('base64'), 6, 'says 3 bytes'],
    ['a short record', byHand('020006000000').toString('base64'), 4, 'record of type 2: 6 bytes where at least 13'],
    ['a text of megabytes', 'A'.repeat(20_000), 0, 'longer than'],
  ])('%s', (_, text, offset, reason) => {
    expect(decodeHardwareHash(text)).toMatchObject({
      ok: false,
      error: { offset, reason: expect.stringContaining(reason) },
    });
  });

  it('without ever throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        decodeBytes(byHand(Buffer.from(bytes).toString('hex')));
      }),
    );
  });
});
