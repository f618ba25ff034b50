// One copy of each string that thousands of trees keep: devices of a cohort are sent the same addresses and values. What is kept
// is never a slice of a message, since a slice keeps the whole message alive. Bounded: beyond that, strings are only copied.
import { LIMITS } from '../../kernel/limits.ts';

const pool = new Map<string, string>();
let characters = 0;

/** A string equal to `text` that shares nothing with the message it came from. */
export function keepString(text: string): string {
  const known = pool.get(text);
  if (known !== undefined) return known;
  const own = ownString(text);
  if (own.length <= LIMITS.pooledStringCharactersMax && characters + own.length <= LIMITS.pooledCharactersMax) {
    pool.set(own, own);
    characters += own.length;
  }
  return own;
}

/** The same text with memory of its own. */
export function ownString(text: string): string {
  return Buffer.from(text).toString();
}
