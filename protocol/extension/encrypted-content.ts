// An app's content as content origins have it: HMAC-SHA256 (32 bytes) over all that follows, initialisation vector (16), and a
// zip in AES-256-CBC with PKCS #7 padding (flow.md 10.6; the format of .intunewin). It is opened as it streams by: nothing of it
// is kept, and what came is good only once the end has said so.
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { ContentKeys } from './content-info.ts';
import { ZipOutside } from '../encoding/zip.ts';

export const MAC_BYTES = 32;
export const IV_BYTES = 16;
export const PREFIX_BYTES = MAC_BYTES + IV_BYTES;
const CIPHER = 'aes-256-cbc';
export const CIPHER_BLOCK_BYTES = 16;

/** The keys of content that this side makes. */
export type OwnContentKeys = Required<ContentKeys> & { readonly macKey: Uint8Array };

/** A whole file, for content that is small enough to be in memory. */
export function encryptContent(keys: OwnContentKeys, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, keys.encryptionKey, keys.iv);
  const encrypted = Buffer.concat([keys.iv, cipher.update(plain), cipher.final()]);
  return Buffer.concat([createHmac('sha256', keys.macKey).update(encrypted).digest(), encrypted]);
}

/** What is wrong with content: other bytes than were encrypted, a wrong key, or a package that is no zip. */
export type ContentFault = 'not-authentic' | 'not-decryptable' | 'not-a-zip';

/** Opens one content; `take` it piece by piece, then ask `end`. */
export class ContentOpener {
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  readonly #decipher: ReturnType<typeof createDecipheriv>;
  readonly #mac: ReturnType<typeof createHmac> | undefined;
  readonly #iv: Uint8Array;
  readonly #zip = new ZipOutside();
  readonly #plain: ((piece: Uint8Array) => void) | undefined;
  #bytes = 0;

  /** @param plain is given what is decrypted, unchecked as yet; a device has no use for it, tests have */
  constructor(keys: ContentKeys, plain?: (piece: Uint8Array) => void) {
    this.#decipher = createDecipheriv(CIPHER, keys.encryptionKey, keys.iv);
    this.#mac = keys.macKey === undefined ? undefined : createHmac('sha256', keys.macKey);
    this.#iv = keys.iv;
    this.#plain = plain;
  }

  /** Bytes so far, prefix included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The piece is only read, and may be reused afterwards. */
  take(piece: Uint8Array): void {
    let rest = piece;
    if (this.#bytes < PREFIX_BYTES) {
      const head = piece.subarray(0, PREFIX_BYTES - this.#bytes);
      this.#prefix.set(head, this.#bytes);
      rest = piece.subarray(head.length);
      if (this.#bytes + head.length === PREFIX_BYTES) this.#mac?.update(this.#prefix.subarray(MAC_BYTES));
    }
    this.#bytes += piece.length;
    if (rest.length === 0) return;
    this.#mac?.update(rest);
    this.#show(this.#decipher.update(rest));
  }

  /** What was wrong with the whole; nothing if it is what was encrypted. Once, after the last piece. */
  end(): ContentFault | undefined {
    if (this.#bytes <= PREFIX_BYTES) return 'not-decryptable';
    if (this.#mac !== undefined && !timingSafeEqual(this.#mac.digest(), this.#prefix.subarray(0, MAC_BYTES))) {
      return 'not-authentic';
    }
    if (!this.#prefix.subarray(MAC_BYTES).equals(this.#iv)) return 'not-decryptable';
    try {
      this.#show(this.#decipher.final());
    } catch {
      return 'not-decryptable';
    }
    return this.#zip.holds ? undefined : 'not-a-zip';
  }

  #show(plain: Uint8Array): void {
    this.#zip.take(plain);
    this.#plain?.(plain);
  }
}
