import { createDecipheriv } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContentOpener, PREFIX_BYTES } from '../protocol/extension/encrypted-content.ts';
import { ByteRing, eachPiece } from './content-body.ts';
import { encryptedPackage } from './content-package.ts';
import type { EncryptedPackage } from './content-package.ts';

const RING = new ByteRing('content');

function whole({ body }: EncryptedPackage): Buffer {
  const pieces: Buffer[] = [];
  eachPiece(body, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

describe('the package of a Win32 app', () => {
  it.each([0, 100, 1_000, 65_536, 65_600, 300_007])(
    'of %i bytes decrypts to a zip whose file has its checksum',
    (sizeBytes) => {
      const made = encryptedPackage(RING, `app ${sizeBytes}`, sizeBytes);
      const content = whole(made);
      expect(content.length).toBe(made.body.bytes);
      // As a public client does it: the key and vector of the reply, from byte 48 on.
      const decipher = createDecipheriv('aes-256-cbc', made.keys.encryptionKey, made.keys.iv);
      const zip = Buffer.concat([decipher.update(content.subarray(PREFIX_BYTES)), decipher.final()]);
      const fileAt = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
      const file = zip.subarray(fileAt, fileAt + zip.readUInt32LE(18));
      expect(zip.readUInt32LE(14)).toBe(crc32(file));
      expect(zip.readUInt32LE(fileAt + file.length + 16)).toBe(crc32(file));
      // The record in the extra field ends where the file begins.
      expect(zip.readUInt16LE(28)).toBe(4 + zip.readUInt16LE(30 + zip.readUInt16LE(26) + 2));
      expect(zip.readUInt32LE(zip.length - 6)).toBe(fileAt + file.length);
    },
  );

  it('is authentic, and as large as asked for but for a block', () => {
    fc.assert(
      fc.property(fc.integer({ min: 192, max: 200_000 }), (sizeBytes) => {
        const { keys, body } = encryptedPackage(RING, 'app', sizeBytes);
        const opener = new ContentOpener(keys);
        eachPiece(body, (piece) => opener.take(piece));
        expect(opener.end()).toBeUndefined();
        expect(body.bytes).toBeLessThanOrEqual(sizeBytes);
        expect(sizeBytes - body.bytes).toBeLessThan(16);
      }),
      { numRuns: 30 },
    );
  });

  it('is read from any place', () => {
    const { body } = encryptedPackage(RING, 'app', 200_000);
    const content = whole({ keys: undefined as never, body });
    fc.assert(
      fc.property(fc.nat(body.bytes - 1), fc.integer({ min: 1, max: 100_000 }), (offset, length) => {
        const piece = body.slice(offset, Math.min(length, body.bytes - offset));
        expect(piece.length).toBeGreaterThan(0);
        expect(content.subarray(offset, offset + piece.length).equals(piece)).toBe(true);
      }),
    );
  });

  it('has other bytes and other keys for another app, and the same for the same', () => {
    const [a, again, b] = ['a', 'a', 'b'].map((name) => encryptedPackage(RING, name, 5_000));
    expect(whole(again!).equals(whole(a!))).toBe(true);
    expect(whole(b!).equals(whole(a!))).toBe(false);
    expect(b!.keys.encryptionKey).not.toEqual(a!.keys.encryptionKey);
  });
});
