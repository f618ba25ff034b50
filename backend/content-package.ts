// The package of a Win32 app: a zip with one stored file, encrypted as the management extension expects it, of real size. CBC
// allows no access at random, and encrypting a gigabyte for each of a thousand downloads is out of the question; so it is made
// the other way round: the bytes on the wire are the shared ring, and what they decrypt to is the file. It holds a few hundred
// bytes of its own, and serves any range at no cost.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { RandomStream } from '../kernel/random.ts';
import { CIPHER_BLOCK_BYTES, PREFIX_BYTES } from '../protocol/extension/encrypted-content.ts';
import type { OwnContentKeys } from '../protocol/extension/encrypted-content.ts';
import { zipDirectory, zipDirectoryBytes, zipLocalHeader } from '../protocol/encoding/zip.ts';
import { eachPiece, RING_BYTES, ringBody } from './content-body.ts';
import type { ByteRing } from './content-body.ts';
import type { ContentBody } from './http/message.ts';

const CIPHER = 'aes-256-cbc';
const FILE_NAME = 'setup.exe';
/** Id and length of the extra field's one record; an id of nobody's (0x4653). */
const EXTRA_ID = Buffer.from([0x53, 0x46]);
const LOCAL_FIXED_BYTES = 30 + FILE_NAME.length + 4;
/** The header without the link, in whole blocks. */
const HEADER_BYTES = wholeBlocks(LOCAL_FIXED_BYTES);
const LOCAL_BYTES = HEADER_BYTES + CIPHER_BLOCK_BYTES;

export interface EncryptedPackage {
  readonly keys: OwnContentKeys;
  readonly body: ContentBody;
}

// A stored file may be anything, so only the zip's headers and directory, at the ends, are encrypted, once, at start:
//
//   MAC | IV | local header, encrypted | link | the ring over and over | directory and padding, encrypted
//
// `link` is the ring's 16 bytes before the file's first: what it decrypts to falls into the header's extra field, which takes
// anything. So the file's bytes do not depend on the header, and the header can have their checksum. What the ring decrypts to
// repeats with it, so one round is decrypted, and start costs a hash and a checksum a byte (some 2 ms a megabyte).

/** A package whose file, encrypted, has `sizeBytes` bytes: as near below as whole blocks come, and not less than its outside. */
export function encryptedPackage(ring: ByteRing, name: string, sizeBytes: number): EncryptedPackage {
  const stream = new RandomStream(`package ${name}`);
  const keys = { encryptionKey: stream.bytes(32), iv: stream.bytes(16), macKey: stream.bytes(32) };
  // The link comes first, so that the file begins a block after it.
  const linkAt = stream.below(RING_BYTES);
  const fileAt = linkAt + CIPHER_BLOCK_BYTES;
  const link = Buffer.from(ring.slice(linkAt, CIPHER_BLOCK_BYTES));
  const outside = PREFIX_BYTES + LOCAL_BYTES + wholeBlocks(zipDirectoryBytes(FILE_NAME) + 1);
  const bytes = Math.max(0, sizeBytes - outside - ((sizeBytes - outside) % CIPHER_BLOCK_BYTES));
  const file = { name: FILE_NAME, bytes, crc32: checksum(ring, keys, linkAt, bytes) };

  const extraBytes = LOCAL_BYTES - LOCAL_FIXED_BYTES;
  const extra = Buffer.concat([EXTRA_ID, u16(extraBytes), Buffer.alloc(extraBytes)]);
  const header = encrypt(keys, keys.iv, zipLocalHeader(file, extra).subarray(0, HEADER_BYTES), false);
  const last = bytes === 0 ? link : Buffer.from(ring.slice(fileAt + bytes - CIPHER_BLOCK_BYTES, CIPHER_BLOCK_BYTES));
  const after = encrypt(keys, last, zipDirectory(file, LOCAL_BYTES), true);
  const authentic = ringBody(ring, fileAt, bytes, Buffer.concat([keys.iv, header, link]), after);
  const mac = createHmac('sha256', keys.macKey);
  eachPiece(authentic, (piece) => mac.update(piece));
  const before = Buffer.concat([mac.digest(), keys.iv, header, link]);
  return { keys, body: ringBody(ring, fileAt, bytes, before, after) };
}

/** CRC-32 of what the ring decrypts to. */
function checksum(ring: ByteRing, keys: OwnContentKeys, linkAt: number, bytes: number): number {
  const decipher = createDecipheriv(CIPHER, keys.encryptionKey, ring.slice(linkAt, CIPHER_BLOCK_BYTES));
  decipher.setAutoPadding(false);
  const round = decipher.update(ring.slice(linkAt + CIPHER_BLOCK_BYTES, RING_BYTES));
  let sum = 0;
  for (let done = 0; done < bytes; done += round.length) sum = crc32(round.subarray(0, bytes - done), sum);
  return sum;
}

function encrypt(keys: OwnContentKeys, iv: Uint8Array, plain: Uint8Array, padded: boolean): Buffer {
  const cipher = createCipheriv(CIPHER, keys.encryptionKey, iv);
  cipher.setAutoPadding(padded);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / CIPHER_BLOCK_BYTES) * CIPHER_BLOCK_BYTES;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
