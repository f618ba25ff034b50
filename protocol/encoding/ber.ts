// BER (ITU-T X.690, 8) made DER: OpenSSL and others stream CMS with indefinite lengths and strings in pieces, and the DER reader
// takes neither. Lengths are counted and made minimal, pieces of octet strings joined; nothing is sorted or judged.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { element, readDer, TAG } from './der.ts';
import { DerCursor } from './der-cursor.ts';

const CONSTRUCTED_OCTET_STRING = 0x24;
const INDEFINITE = 0x80;

interface Read {
  readonly der: Uint8Array;
  /** Offset after the element in the input. */
  readonly end: number;
}

/** A cursor before the one element that `bytes` must hold, BER or DER; offsets count in what it is in DER. */
export function cursorOverBer(bytes: Uint8Array): DerCursor {
  const cursor = DerCursor.over(bytes);
  if (cursor.more) return cursor;
  const der = derFromBer(bytes);
  return der.ok ? DerCursor.over(der.value) : DerCursor.failed(der.error);
}

/** The same element in DER; the input itself where it is DER already. Depth and size are bounded. */
export function derFromBer(bytes: Uint8Array): Result<Uint8Array> {
  if (bytes.length > LIMITS.derBytesMax) return malformed(0, `longer than ${LIMITS.derBytesMax} bytes`);
  if (readDer(bytes).ok) return ok(bytes);
  const read = readElement(bytes, 0, bytes.length, 0);
  if (!read.ok) return read;
  return read.value.end === bytes.length
    ? ok(read.value.der)
    : malformed(read.value.end, 'bytes after the end of the element');
}

function readElement(bytes: Uint8Array, offset: number, limit: number, depth: number): Result<Read> {
  if (depth >= LIMITS.derDepthMax) return malformed(offset, `nested deeper than ${LIMITS.derDepthMax}`);
  if (limit - offset < 2) return malformed(offset, 'ends in the middle of an element');
  const tag = bytes[offset]!;
  if ((tag & 0x1f) === 0x1f) return malformed(offset, 'a tag number above 30');
  const constructed = (tag & 0x20) !== 0;
  let at = offset + 2;
  let length = bytes[offset + 1]!;
  if (length === INDEFINITE) {
    return constructed
      ? readMembers(bytes, tag, at, undefined, limit, depth)
      : malformed(offset, 'a string without end');
  }
  if (length > 0x80) {
    const count = length & 0x7f;
    if (count > 4 || limit - at < count) return malformed(offset + 1, 'a length that cannot be read');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[at++]!;
  }
  if (length > limit - at) return malformed(offset, `says ${length} bytes of content where ${limit - at} are left`);
  const end = at + length;
  if (constructed) return readMembers(bytes, tag, at, end, limit, depth);
  return ok({ der: element(tag, bytes.subarray(at, end)), end });
}

/** The members up to `end`, or up to the end-of-contents octets where the length is indefinite. */
function readMembers(
  bytes: Uint8Array,
  tag: number,
  start: number,
  end: number | undefined,
  limit: number,
  depth: number,
): Result<Read> {
  const members: Uint8Array[] = [];
  let at = start;
  for (;;) {
    if (end === undefined) {
      if (limit - at < 2) return malformed(at, 'ends before the end-of-contents octets');
      if (bytes[at] === 0 && bytes[at + 1] === 0) break;
    } else if (at >= end) break;
    const member = readElement(bytes, at, end ?? limit, depth + 1);
    if (!member.ok) return member;
    members.push(member.value.der);
    at = member.value.end;
  }
  const after = end ?? at + 2;
  if (tag !== CONSTRUCTED_OCTET_STRING) return ok({ der: element(tag, ...members), end: after });
  const pieces = joinPieces(members);
  return pieces === undefined
    ? malformed(start, 'an octet string made of something else')
    : ok({ der: element(TAG.octetString, pieces), end: after });
}

/** The content of octet strings one after another; undefined where one of the elements is no octet string. */
export function joinPieces(elements: readonly Uint8Array[]): Uint8Array | undefined {
  const contents: Uint8Array[] = [];
  for (const bytes of elements) {
    const read = readDer(bytes);
    if (!read.ok || read.value.tag !== TAG.octetString) return undefined;
    contents.push(read.value.value);
  }
  return Buffer.concat(contents);
}
