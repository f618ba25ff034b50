import { describe, expect, it } from 'vitest';
import { guidBytes, guidText, Identifiers, objectSid } from './identifiers.ts';

describe('Identifiers', () => {
  it('derives from seed, purpose and subject', () => {
    const ids = new Identifiers('seed');
    expect(ids.guid('trace', 'x')).toBe(new Identifiers('seed').guid('trace', 'x'));
    const others = [ids.guid('trace', 'y'), ids.guid('import', 'x'), new Identifiers('other').guid('trace', 'x')];
    expect(new Set([...others, ids.guid('trace', 'x')]).size).toBe(4);
  });

  it('makes serial numbers that are positive and of 16 bytes', () => {
    for (let i = 0; i < 200; i++) {
      const serial = new Identifiers('seed').serialNumber(String(i));
      expect(serial.length).toBe(16);
      expect(serial[0]! & 0xc0).toBe(0x40);
    }
  });
});

it('writes GUIDs in .NET byte order and back, and SIDs from them', () => {
  const guid = '73664514-5ce3-4e2f-a9ee-4b3d5d5c6f01';
  expect(Buffer.from(guidBytes(guid)).toString('hex')).toBe('14456673e35c2f4ea9ee4b3d5d5c6f01');
  expect(guidText(guidBytes(guid))).toBe(guid);
  // The words of those bytes, little-endian.
  expect(objectSid(guid)).toBe('S-1-12-1-1936082196-1311726819-1028386473-24075357');
});
