// Texts that the tenant hands out and wants back unchanged (authorization codes, refresh tokens, device tickets, the
// terms-of-use blob): the text and a MAC over it, so that it need not be kept, and cannot be made up.
import { createHmac, timingSafeEqual } from 'node:crypto';

export type SealPurpose =
  | 'authorization-code'
  | 'refresh-token'
  | 'device-ticket'
  | 'terms-of-use'
  | 'sign-in-flow'
  | 'request-nonce'
  | 'session-key'
  | 'scep-challenge'
  | 'pfx-password';

const MAC_CHARACTERS = 22;

export class Seal {
  readonly #key: string;

  /** `key` is secret: whoever has it can make everything up. */
  constructor(key: string) {
    this.#key = key;
  }

  /** `text` with its MAC: base64url characters, a dot, 22 more; good in a URL, a header and a form. */
  close(purpose: SealPurpose, text: string): string {
    return `${Buffer.from(text).toString('base64url')}.${this.#mac(purpose, text)}`;
  }

  /** The text, if it was closed here for this purpose. */
  open(purpose: SealPurpose, sealed: string): string | undefined {
    const dot = sealed.lastIndexOf('.');
    if (dot < 0 || sealed.length - dot - 1 !== MAC_CHARACTERS) return undefined;
    const text = Buffer.from(sealed.slice(0, dot), 'base64url').toString();
    const expected = Buffer.from(this.#mac(purpose, text), 'latin1');
    return timingSafeEqual(expected, Buffer.from(sealed.slice(dot + 1), 'latin1')) ? text : undefined;
  }

  /** 32 secret bytes that belong to the text: the same each time, so that they need not be kept. */
  derive(purpose: SealPurpose, text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${purpose}\u0000${text}`).digest();
  }

  #mac(purpose: SealPurpose, text: string): string {
    return this.derive(purpose, text).toString('base64url').slice(0, MAC_CHARACTERS);
  }
}
