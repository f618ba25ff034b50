// The forms in which people keep artefacts: text with or without a byte order mark, PEM, DER, bare base64.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { fromPem } from '../encoding/pem.ts';

/** Text in UTF-8, or UTF-16 little-endian where a byte order mark says so (PowerShell writes that). */
export function inputText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return buffer.subarray(2).toString('utf16le');
  const text = buffer.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The binary artefacts in the input: the PEM blocks with one of these labels, or what base64 or the bytes themselves hold. */
export function inputBinaries(
  bytes: Uint8Array,
  labels: readonly string[],
): Result<readonly [Uint8Array, ...Uint8Array[]]> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const begin = text.indexOf('-----BEGIN ');
  if (begin < 0) return ok([inputBinary(bytes)]);
  const blocks = fromPem(text);
  if (!blocks.ok) return blocks;
  const [first, ...rest] = blocks.value.filter((block) => labels.includes(block.label)).map((block) => block.der);
  return first === undefined
    ? malformed(begin, `no PEM block is labelled ${labels.join(' or ')}`)
    : ok([first, ...rest]);
}

/** The bytes, or what they spell in base64. */
export function inputBinary(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').trim();
  return (text === '' ? undefined : fromBase64(text)) ?? bytes;
}

/** Whether these are the bytes of a hardware hash: 'OA' as in no text, a length and a first record follow. */
export function isRawHardwareHash(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4f && bytes[1] === 0x41 && bytes.subarray(2, 16).some((byte) => byte < 0x09);
}
