// Base64 as the wire carries it: strict about the alphabet, lenient about line breaks and missing padding.

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_URL = /^[A-Za-z0-9_-]*$/;

export function toBase64(bytes: Uint8Array): string {
  return view(bytes).toString('base64');
}

export function toBase64Url(bytes: Uint8Array): string {
  return view(bytes).toString('base64url');
}

/** Undefined if it is not base64. The bytes have memory of their own, so a kept certificate keeps no buffer pool alive. */
export function fromBase64(text: string): Uint8Array | undefined {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (!BASE64.test(packed)) return undefined;
  const digits = packed.endsWith('==') ? packed.length - 2 : packed.endsWith('=') ? packed.length - 1 : packed.length;
  if (digits % 4 === 1 || (digits < packed.length && packed.length % 4 !== 0)) return undefined;
  const bytes = Buffer.allocUnsafeSlow(Math.floor((digits * 3) / 4));
  bytes.write(packed, 'base64');
  return bytes;
}

/** Undefined if it is not base64url without padding. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  return BASE64_URL.test(text) && text.length % 4 !== 1 ? Buffer.from(text, 'base64url') : undefined;
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
