// DER (ITU-T X.690): a writer of nested functions and a bounded reader. Just what certificates, requests and keys need; tags
// above 30 and indefinite lengths, which DER-coded certificates never use, are refused.
import { utcEpochMs, utcTime } from '../../kernel/calendar.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { assert, malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

/** Identifier octets: class, constructed bit and number in one. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** An element of any tag around parts that are already DER (or, for a primitive one, its content). */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  assert(length < 0x1000000, 'a DER element of 16 MB');
  const out = new Uint8Array(2 + lengthBytes + length);
  out[0] = tag;
  let offset = 2;
  if (lengthBytes === 0) out[1] = length;
  else {
    out[1] = 0x80 | lengthBytes;
    for (let shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8) out[offset++] = (length >>> shift) & 0xff;
  }
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...parts);
}

/** A SET OF: DER orders its members by their bytes. */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...(parts.length > 1 ? [...parts].sort((a, b) => Buffer.compare(a, b)) : parts));
}

/** A constructed context-specific element: explicit tagging, or an implicit SEQUENCE or SET. */
export function contextTag(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return element(0xa0 | number, ...parts);
}

/** A primitive context-specific element: implicit tagging of a string or number. */
export function contextPrimitive(number: number, content: Uint8Array): Uint8Array {
  return element(0x80 | number, content);
}

/** A non-negative INTEGER, from a number or from big-endian bytes (leading zeros are dropped as DER demands). */
export function integer(value: number | Uint8Array): Uint8Array {
  if (typeof value === 'number') {
    assert(Number.isInteger(value) && value >= 0 && value < 0x80000000, `DER integer ${value}`);
    return integer(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
  }
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const magnitude = value.subarray(start);
  if (magnitude.length === 0) return element(TAG.integer, Uint8Array.of(0));
  return magnitude[0]! >= 0x80 ? element(TAG.integer, Uint8Array.of(0), magnitude) : element(TAG.integer, magnitude);
}

export function boolean(value: boolean): Uint8Array {
  return element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

export function nullValue(): Uint8Array {
  return element(TAG.null);
}

/** Identifiers that were written before: most are the few of our own structures. */
const identifiers = new Map<string, Uint8Array>();
const IDENTIFIERS_MAX = 200;

/** An OBJECT IDENTIFIER from its dotted form; not to be changed. */
export function oid(text: string): Uint8Array {
  const known = identifiers.get(text);
  if (known !== undefined) return known;
  const arcs = text.split('.').map(Number);
  assert(arcs.length >= 2 && arcs.every((arc) => Number.isSafeInteger(arc) && arc >= 0), `object identifier ${text}`);
  const out: number[] = [];
  pushBase128(out, arcs[0]! * 40 + arcs[1]!);
  for (let i = 2; i < arcs.length; i++) pushBase128(out, arcs[i]!);
  const identifier = element(TAG.oid, Uint8Array.from(out));
  if (identifiers.size < IDENTIFIERS_MAX) identifiers.set(text, identifier);
  return identifier;
}

function pushBase128(out: number[], arc: number): void {
  const at = out.length;
  out.push(arc % 128);
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    out.splice(at, 0, 0x80 | (rest % 128));
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.utf8String, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Uint8Array {
  return element(TAG.printableString, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string): Uint8Array {
  return element(TAG.ia5String, Buffer.from(text, 'latin1'));
}

/** A Time as RFC 5280 (4.1.2.5) picks it: UTCTime up to 2049, GeneralizedTime after; whole seconds. */
export function time(epochMs: number): Uint8Array {
  const { year, month, day, hour, minute, second } = utcTime(epochMs);
  const rest = [month, day, hour, minute, second].map((part) => String(part).padStart(2, '0')).join('') + 'Z';
  return year >= 1950 && year < 2050
    ? element(TAG.utcTime, Buffer.from(String(year % 100).padStart(2, '0') + rest, 'latin1'))
    : element(TAG.generalizedTime, Buffer.from(String(year).padStart(4, '0') + rest, 'latin1'));
}

/** One element that was read. Views, not copies, of the input. */
export interface DerNode {
  readonly tag: number;
  readonly constructed: boolean;
  /** The content, without tag and length. */
  readonly value: Uint8Array;
  /** The whole element. */
  readonly bytes: Uint8Array;
  readonly children: readonly DerNode[];
  /** Where the element begins in the input. */
  readonly offset: number;
}

/** Reads exactly one element and all it contains. Depth and size are bounded. */
export function readDer(bytes: Uint8Array): Result<DerNode> {
  if (bytes.length > LIMITS.derBytesMax) return malformed(0, `longer than ${LIMITS.derBytesMax} bytes`);
  return readDerWithin(bytes, 0, bytes.length);
}

/** Reads the one element that fills `bytes` from `offset` to `end`; offsets in nodes and errors count from the start of `bytes`. */
export function readDerWithin(bytes: Uint8Array, offset: number, end: number): Result<DerNode> {
  const node = readElement(bytes, offset, end, 0);
  if (!node.ok) return node;
  const elementEnd = offset + node.value.bytes.length;
  return elementEnd === end ? node : malformed(elementEnd, 'bytes after the end of the element');
}

function readElement(bytes: Uint8Array, offset: number, end: number, depth: number): Result<DerNode> {
  if (depth >= LIMITS.derDepthMax) return malformed(offset, `nested deeper than ${LIMITS.derDepthMax}`);
  if (end - offset < 2) return malformed(offset, 'ends in the middle of an element');
  const tag = bytes[offset]!;
  if ((tag & 0x1f) === 0x1f) return malformed(offset, 'a tag number above 30');
  let at = offset + 1;
  let length = bytes[at++]!;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0) return malformed(offset + 1, 'an indefinite length, which DER forbids');
    if (count > 3) return malformed(offset + 1, 'a length of more than 3 bytes');
    if (end - at < count) return malformed(offset + 1, 'ends in the middle of a length');
    length = 0;
    for (let i = 0; i < count; i++) length = (length << 8) | bytes[at++]!;
    if (length < 0x80 || length < 1 << ((count - 1) * 8)) return malformed(offset + 1, 'a length that is not minimal');
  }
  if (length > end - at) return malformed(offset, `says ${length} bytes of content where ${end - at} are left`);
  const contentEnd = at + length;
  const constructed = (tag & 0x20) !== 0;
  const children: DerNode[] = [];
  const value = bytes.subarray(at, contentEnd);
  if (!constructed) at = contentEnd;
  while (at < contentEnd) {
    const child = readElement(bytes, at, contentEnd, depth + 1);
    if (!child.ok) return child;
    children.push(child.value);
    at += child.value.bytes.length;
  }
  return ok({ tag, constructed, value, bytes: bytes.subarray(offset, contentEnd), children, offset });
}

/** The dotted form of an OBJECT IDENTIFIER's content. */
export function oidText(node: DerNode): Result<string> {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of node.value) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return malformed(node.offset, 'an object identifier with an arc above 2^53');
    if (byte >= 0x80) continue;
    if (arcs.length > 0) arcs.push(arc);
    else {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    }
    arc = 0;
  }
  const last = node.value.at(-1);
  if (last === undefined || last >= 0x80) return malformed(node.offset, 'an unfinished object identifier');
  return ok(arcs.join('.'));
}

/** The text of any of the string types. Characters are not checked against the type: Windows writes '!' as printable. */
export function stringText(node: DerNode): Result<string> {
  const bytes = Buffer.from(node.value.buffer, node.value.byteOffset, node.value.length);
  switch (node.tag) {
    case TAG.utf8String:
      return ok(bytes.toString('utf8'));
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
      return ok(bytes.toString('latin1'));
    case TAG.bmpString:
      return bytes.length % 2 === 0
        ? ok(Buffer.from(bytes).swap16().toString('utf16le'))
        : malformed(node.offset, 'a BMPString of odd length');
    default:
      return malformed(node.offset, `tag 0x${node.tag.toString(16)} where a string belongs`);
  }
}

/** The instant of a UTCTime or GeneralizedTime in the form that RFC 5280 allows, in milliseconds since the Unix epoch. */
export function timeEpochMs(node: DerNode): Result<number> {
  const text = Buffer.from(node.value).toString('latin1');
  const digits = node.tag === TAG.utcTime ? 12 : node.tag === TAG.generalizedTime ? 14 : 0;
  if (digits === 0 || text.length !== digits + 1 || !/^\d+Z$/.test(text)) {
    return malformed(node.offset, `"${text}" where a UTC time with seconds belongs`);
  }
  const part = (fromEnd: number): number => Number(text.slice(-fromEnd - 1, -fromEnd + 1));
  const short = Number(text.slice(0, digits - 10));
  const year = digits === 14 ? short : short < 50 ? 2000 + short : 1900 + short;
  const epochMs = utcEpochMs({ year, month: part(10), day: part(8), hour: part(6), minute: part(4), second: part(2) });
  return epochMs === undefined ? malformed(node.offset, `${text} is no date`) : ok(epochMs);
}
