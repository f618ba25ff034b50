import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContentOpener, encryptContent, PREFIX_BYTES } from './encrypted-content.ts';
import type { ContentFault } from './encrypted-content.ts';
import { zipDirectory, zipLocalHeader } from '../encoding/zip.ts';

const KEYS = {
  encryptionKey: new Uint8Array(32).fill(7),
  iv: new Uint8Array(16).fill(9),
  macKey: new Uint8Array(32).fill(11),
};

function zipOf(bytes: Uint8Array): Uint8Array {
  const file = { name: 'a.exe', crc32: crc32(bytes), bytes: bytes.length };
  const local = zipLocalHeader(file, new Uint8Array());
  return Buffer.concat([local, bytes, zipDirectory(file, local.length)]);
}

const PLAIN = zipOf(Buffer.from('a program, of no great length but more than a block'));
const CONTENT = encryptContent(KEYS, PLAIN);

/** Opens content in pieces of these lengths, over and over. */
function open(
  content: Uint8Array,
  lengths: readonly number[],
  keys: ConstructorParameters<typeof ContentOpener>[0] = KEYS,
) {
  const plain: Buffer[] = [];
  const opener = new ContentOpener(keys, (piece) => plain.push(Buffer.from(piece)));
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const piece = content.subarray(at, at + lengths[turn % lengths.length]!);
    opener.take(piece);
    at += piece.length;
  }
  return { fault: opener.end(), plain: Buffer.concat(plain), bytes: opener.bytes };
}

describe('encrypted content', () => {
  it('is code, vector and cipher text', () => {
    const code = createHmac('sha256', KEYS.macKey).update(CONTENT.subarray(32)).digest();
    expect(Buffer.from(CONTENT.subarray(0, 32))).toEqual(code);
    expect([...CONTENT.subarray(32, PREFIX_BYTES)]).toEqual([...KEYS.iv]);
    expect((CONTENT.length - PREFIX_BYTES) % 16).toBe(0);
  });

  it('opens to what was encrypted, in any slicing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 6 }),
        (bytes, lengths) => {
          const plain = zipOf(bytes);
          const content = encryptContent(KEYS, plain);
          expect(open(content, lengths)).toEqual({
            fault: undefined,
            plain: Buffer.from(plain),
            bytes: content.length,
          });
        },
      ),
    );
  });

  it('is not authentic once any bit of it is another', () => {
    fc.assert(
      fc.property(fc.nat(CONTENT.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const changed = Uint8Array.from(CONTENT);
        changed[at]! ^= 1 << bit;
        expect(open(changed, [37]).fault).toBe('not-authentic' satisfies ContentFault);
      }),
    );
  });

  it('is not authentic once it is shorter or longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: PREFIX_BYTES + 1, max: CONTENT.length - 1 }), (length) => {
        expect(open(CONTENT.subarray(0, length), [16]).fault).toBe('not-authentic');
      }),
    );
    expect(open(Buffer.concat([CONTENT, Buffer.alloc(16)]), [16]).fault).toBe('not-authentic');
    expect(open(CONTENT.subarray(0, PREFIX_BYTES), [16]).fault).toBe('not-decryptable');
    expect(new ContentOpener(KEYS).end()).toBe('not-decryptable');
  });

  it('tells a wrong key, another vector and what is no zip apart, without a key of authentication too', () => {
    const { encryptionKey, iv } = KEYS;
    expect(open(CONTENT, [99], { encryptionKey, iv, macKey: undefined }).fault).toBeUndefined();
    expect(open(CONTENT, [99], { encryptionKey: new Uint8Array(32), iv, macKey: undefined }).fault).toBeDefined();
    expect(open(CONTENT, [99], { ...KEYS, iv: new Uint8Array(16) }).fault).toBe('not-decryptable');
    expect(open(CONTENT, [99], { ...KEYS, macKey: new Uint8Array(32) }).fault).toBe('not-authentic');
    expect(
      open(encryptContent(KEYS, Buffer.from('no zip at all, though long enough to hold one, I think')), [99]).fault,
    ).toBe('not-a-zip');
    // Cut at a block: without authentication the padding, or the zip's end, gives it away.
    expect(open(CONTENT.subarray(0, -16), [99], { encryptionKey, iv, macKey: undefined }).fault).toBeDefined();
  });
});
