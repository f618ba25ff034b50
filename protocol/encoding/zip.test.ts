import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipDirectory, zipDirectoryBytes, zipLocalHeader, ZipOutside } from './zip.ts';

const FILE = { name: 'setup.exe', crc32: 0xcbf43926, bytes: 9 };
const LOCAL = zipLocalHeader(FILE, Uint8Array.of(0x53, 0x46, 0, 0));
const ARCHIVE = Buffer.concat([LOCAL, Buffer.from('123456789'), zipDirectory(FILE, LOCAL.length)]);

function holds(...pieces: readonly Uint8Array[]): boolean {
  const outside = new ZipOutside();
  for (const piece of pieces) outside.take(piece);
  return outside.holds;
}

describe('the outside of a zip', () => {
  it('has the signatures, sizes and offsets of the format', () => {
    expect(ARCHIVE.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect([ARCHIVE.readUInt32LE(14), ARCHIVE.readUInt32LE(18), ARCHIVE.readUInt32LE(22)]).toEqual([0xcbf43926, 9, 9]);
    const directoryAt = LOCAL.length + 9;
    expect(ARCHIVE.readUInt32LE(directoryAt)).toBe(0x02014b50);
    expect(ARCHIVE.readUInt32LE(directoryAt + 16)).toBe(0xcbf43926);
    expect(ARCHIVE.readUInt32LE(ARCHIVE.length - 6)).toBe(directoryAt);
    expect(ARCHIVE.length - directoryAt).toBe(zipDirectoryBytes('setup.exe'));
  });

  it('is recognised in any slicing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: ARCHIVE.length }), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), ARCHIVE.length];
        expect(holds(...ends.map((end, index) => ARCHIVE.subarray(index === 0 ? 0 : ends[index - 1], end)))).toBe(true);
      }),
    );
  });

  it('is none where a piece is missing, or something is behind it', () => {
    fc.assert(
      fc.property(fc.nat(ARCHIVE.length - 1), (length) => {
        expect(holds(ARCHIVE.subarray(0, length))).toBe(false);
      }),
    );
    expect(holds(ARCHIVE, Uint8Array.of(0))).toBe(false);
    expect(holds(ARCHIVE.subarray(1))).toBe(false);
    expect(holds()).toBe(false);
  });
});
