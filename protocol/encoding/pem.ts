// PEM (RFC 7468): DER as text, for files and for TLS options that take nothing else.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

export interface PemBlock {
  /** What stands after BEGIN, such as CERTIFICATE. */
  readonly label: string;
  readonly der: Uint8Array;
}

/** One block with lines of 64 characters and a final newline. */
export function toPem(label: string, der: Uint8Array): string {
  const text = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64');
  let lines = '';
  for (let i = 0; i < text.length; i += 64) lines += text.slice(i, i + 64) + '\n';
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,64})-----/g;

/** Every block in the text, in order; text between blocks is ignored. None, or a broken one, is an error. */
export function fromPem(text: string): Result<readonly PemBlock[]> {
  if (text.length > LIMITS.pemCharactersMax) return malformed(0, `longer than ${LIMITS.pemCharactersMax} characters`);
  const blocks: PemBlock[] = [];
  for (const begin of text.matchAll(BEGIN)) {
    const label = begin[1]!;
    const start = begin.index + begin[0].length;
    const end = text.indexOf(`-----END ${label}-----`, start);
    if (end < 0) return malformed(begin.index, `BEGIN ${label} without its END`);
    const body = text.slice(start, end).replace(/\s+/g, '');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body) || body.length % 4 !== 0) {
      return malformed(start, `the ${label} block is not base64`);
    }
    blocks.push({ label, der: Buffer.from(body, 'base64') });
  }
  return blocks.length > 0 ? ok(blocks) : malformed(0, 'no PEM block');
}
